package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.UnwindOnExit;
import io.sterna.lab.kernel.FrameFlood;
import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A bridge between two machines, each a network namespace. What one sends, the other gets and drops
 * at once: it is addressed to another machine. So nearly all that a packet costs is the bridge.
 */
final class CountedBridge implements AutoCloseable {
  static final String BRIDGE = "br0";

  private static final long SENDER_MAC = 0x0250_0000_0001L;
  private static final long ABSENT_MAC = 0x0250_0000_0002L;

  private final String prefix;

  private CountedBridge(String name) {
    this.prefix = "sterna-bench-%d-%s-".formatted(ProcessHandle.current().pid(), name);
  }

  /**
   * Makes it.
   *
   * @param name tells it from others of this process
   */
  static CountedBridge make(String name) throws LabException {
    RealAgent.checkPossible();
    CountedBridge made = new CountedBridge(name);
    try {
      made.build();
      return made;
    } catch (LabException e) {
      made.close();
      throw e;
    }
  }

  private void build() throws LabException {
    for (String each : List.of("host", "left", "right")) {
      ip("netns", "add", prefix + each);
      // Nobody says anything of its own.
      inside(each, "net.ipv6.conf.all.disable_ipv6", "1");
      inside(each, "net.ipv6.conf.default.disable_ipv6", "1");
    }
    // Iptables at the bridge would cost more than the bridge.
    inside("host", "net.bridge.bridge-nf-call-iptables", "0");
    host("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0", "mcast_snooping", "0");
    host("link", "set", BRIDGE, "up");
    for (String each : List.of("left", "right")) {
      host("link", "add", each, "type", "veth", "peer", "name", "eth0", "netns", prefix + each);
      host("link", "set", each, "master", BRIDGE, "up");
      ip("-n", prefix + each, "link", "set", "eth0", "up");
    }
    String absent = "02:50:00:00:00:02";
    String fdb = "bridge -n %shost fdb add %s dev right master static".formatted(prefix, absent);
    Tool.output(List.of(fdb.split(" ", -1)));
  }

  /** Where the bridge is. */
  NetworkNamespace host() {
    return NetworkNamespace.named(prefix + "host");
  }

  /** Sends from one machine to the other. */
  FrameFlood flood(int pairs) throws IOException {
    return FrameFlood.open(
        NetworkNamespace.named(prefix + "left"), "eth0", pairs, SENDER_MAC, ABSENT_MAC);
  }

  /** How many packets the other machine got, as its card counts. */
  long arrived() throws IOException {
    String line =
        NetworkNamespace.named(prefix + "right")
            .call(() -> Files.readString(Path.of("/proc/thread-self/net/dev")))
            .lines()
            .filter(each -> each.strip().startsWith("eth0:"))
            .findFirst()
            .orElseThrow(() -> new IOException("no eth0"));
    return Long.parseLong(line.strip().split("\\s+", -1)[2]);
  }

  /** Runs nft at the bridge. */
  void nft(String rules) throws LabException {
    Tool.output(List.of("ip", "netns", "exec", prefix + "host", "nft", rules));
  }

  private void inside(String name, String key, String value) throws LabException {
    Tool.output(List.of("ip", "netns", "exec", prefix + name, "sysctl", "-qw", key + "=" + value));
  }

  private void host(String... words) throws LabException {
    ip(Stream.concat(Stream.of("-n", prefix + "host"), Stream.of(words)).toArray(String[]::new));
  }

  private static void ip(String... words) throws LabException {
    Tool.output(Stream.concat(Stream.of("ip"), Stream.of(words)).toList());
  }

  @Override
  public void close() throws LabException {
    for (String each : List.of("left", "right", "host")) {
      if (Files.exists(Path.of("/run/netns", prefix + each))) {
        UnwindOnExit.uninterrupted(() -> ip("netns", "del", prefix + each));
      }
    }
  }
}
