package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import io.sterna.lab.topology.IpTool;
import io.sterna.linux.NetworkNamespace;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The network namespaces of one peer: {@code hub} with the control part at {@link #HUB}, {@code
 * users} with the source and the readers, and one for each receiver that writes a kernel table. A
 * bridge in the hub joins them. Gone when closed.
 */
final class PeerNetwork implements AutoCloseable {
  /** The address of the control part. */
  static final InetAddress HUB = address(1);

  /** The address of the source. */
  static final InetAddress SOURCE = address(2);

  /** The link to the hub in every other namespace. */
  static final String LINK = "e0";

  private static final int FIRST_RECEIVER = 10;
  private static final int LENGTH = 16;

  private final String prefix;
  private final IpTool ip = new IpTool();
  private final List<String> made = new ArrayList<>();

  private PeerNetwork(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Makes the namespaces.
   *
   * @param readers receivers that live in {@code users}
   * @param kernels receivers with a namespace of their own
   * @throws LabException if one cannot be made; then none is left
   */
  static PeerNetwork make(int readers, int kernels) throws LabException {
    PeerNetwork network = new PeerNetwork("stpeer" + ProcessHandle.current().pid() + "-");
    try {
      network.makeHub();
      List<InetAddress> users = new ArrayList<>(List.of(SOURCE));
      for (int i = 0; i < readers; i++) {
        users.add(receiver(i));
      }
      network.join("users", users);
      for (int i = 0; i < kernels; i++) {
        network.join("r" + i, List.of(receiver(i)));
      }
      return network;
    } catch (LabException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** The address of a receiver. */
  static InetAddress receiver(int number) {
    return address(FIRST_RECEIVER + number);
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, (byte) 255, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  NetworkNamespace hub() {
    return namespace("hub");
  }

  NetworkNamespace users() {
    return namespace("users");
  }

  /** Of a receiver that writes a kernel table. */
  NetworkNamespace kernel(int number) {
    return namespace("r" + number);
  }

  private NetworkNamespace namespace(String name) {
    return NetworkNamespace.named(prefix + name);
  }

  private void makeHub() throws LabException {
    add("hub");
    ip.batch(
        prefix + "hub",
        List.of(
            "link set lo up",
            "link add name hub0 type bridge forward_delay 0 mcast_snooping 0",
            "addr add " + HUB.getHostAddress() + "/" + LENGTH + " dev hub0",
            "link set hub0 up"));
  }

  private void join(String name, List<InetAddress> addresses) throws LabException {
    add(name);
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    lines.add("link add " + LINK + " type veth peer name " + name + " netns " + prefix + "hub");
    for (InetAddress each : addresses) {
      lines.add("addr add " + each.getHostAddress() + "/" + LENGTH + " dev " + LINK);
    }
    lines.add("link set " + LINK + " up");
    ip.batch(prefix + name, lines);
    ip.batch(
        prefix + "hub", List.of("link set " + name + " master hub0", "link set " + name + " up"));
  }

  private void add(String name) throws LabException {
    ip.run(List.of("ip", "netns", "add", prefix + name), "");
    made.add(prefix + name);
  }

  @Override
  public void close() throws LabException {
    List<String> failures = new ArrayList<>();
    for (String name : made) {
      try {
        ip.run(List.of("ip", "netns", "del", name), "");
      } catch (LabException e) {
        failures.add(e.getMessage());
      }
    }
    made.clear();
    if (!failures.isEmpty()) {
      throw new LabException(String.join("; ", failures));
    }
  }
}
