package io.sterna.agent.linux;

import io.sterna.linux.Attributes;
import io.sterna.linux.NetlinkException;
import io.sterna.linux.NetlinkReader;
import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetlinkWriter;
import io.sterna.linux.NetworkNamespace;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The kernel's IPv6 proxy entries on the bridge ({@code ip -6 neigh show proxy}), one an address:
 * for these the kernel answers solicitations by itself, also while no agent runs. They survive the
 * agent; the next one adopts those that carry Sterna's protocol number and leaves others alone.
 *
 * <p>Bounded: the entry that was longest not asked for leaves. Not thread-safe; every call may wait
 * for the kernel.
 */
final class NeighbourProxies implements AutoCloseable {
  /** Marks Sterna's entries. */
  private static final int PROTOCOL = 157;

  private static final int NTF_PROXY = 0x08;
  private static final int NDA_PROTOCOL = 12;
  private static final int ANSWER_TIMEOUT_MS = 2_000;

  private final NetlinkSocket socket;
  private final String bridge;
  private final int capacity;
  private final Map<IpAddress, Boolean> known = new LinkedHashMap<>(16, 0.75f, true);
  private int bridgeIndex;

  private NeighbourProxies(NetlinkSocket socket, String bridge, int capacity) {
    this.socket = socket;
    this.bridge = bridge;
    this.capacity = capacity;
  }

  /**
   * Adopts the entries that stand.
   *
   * @param capacity how many entries at most
   */
  static NeighbourProxies open(NetworkNamespace namespace, String bridge, int capacity)
      throws IOException {
    NetlinkSocket socket = NetlinkSocket.open(namespace, ANSWER_TIMEOUT_MS);
    NeighbourProxies proxies = new NeighbourProxies(socket, bridge, capacity);
    try {
      proxies.adopt();
      return proxies;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Lets the kernel answer for this IPv6 address. */
  void add(IpAddress address) throws IOException {
    if (known.get(address) != null) {
      return;
    }
    change(Rtnetlink.RTM_NEWNEIGH, Rtnetlink.NLM_F_CREATE, address);
    known.put(address, true);
    if (known.size() > capacity) {
      remove(known.keySet().iterator().next());
    }
  }

  /** Lets the kernel no longer answer; nothing happens if there is no such entry. */
  void remove(IpAddress address) throws IOException {
    if (known.remove(address) == null) {
      return;
    }
    try {
      change(Rtnetlink.RTM_DELNEIGH, 0, address);
    } catch (NetlinkException e) {
      boolean goneAlready = e.errno() == Rtnetlink.ENOENT || e.errno() == Rtnetlink.ENODEV;
      if (!goneAlready) {
        throw e;
      }
    }
  }

  /**
   * Removes every entry that does not pass. If the bridge was made anew, the entries of the old one
   * are gone and are made when they are asked for.
   */
  void retain(Predicate<IpAddress> wanted) throws IOException {
    if (Link.require(socket, bridge).index() != bridgeIndex) {
      adopt();
    }
    for (IpAddress address : List.copyOf(known.keySet())) {
      if (!wanted.test(address)) {
        remove(address);
      }
    }
  }

  private void adopt() throws IOException {
    bridgeIndex = Link.require(socket, bridge).index();
    socket.dump(
        writer -> {
          writer.begin(Rtnetlink.RTM_GETNEIGH, 0);
          writer.u32(Rtnetlink.AF_INET6).u32(0).u16(0).u8(NTF_PROXY).u8(0).end();
        },
        known::clear,
        this::adoptOne);
  }

  private void adoptOne(NetlinkReader message) {
    boolean onBridge = message.type() == Rtnetlink.RTM_NEWNEIGH && message.u32(4) == bridgeIndex;
    Attributes attributes = message.attributes(Rtnetlink.NEIGHBOUR_HEADER_BYTES);
    IpAddress address = attributes.address(Rtnetlink.NDA_DST);
    if (onBridge && address != null && attributes.u8(NDA_PROTOCOL) == PROTOCOL) {
      known.put(address, true);
    }
  }

  private void change(int type, int flags, IpAddress address) throws IOException {
    NetlinkWriter writer = socket.begin();
    writer.begin(type, flags);
    writer.u32(Rtnetlink.AF_INET6).u32(bridgeIndex).u16(0).u8(NTF_PROXY).u8(0);
    writer.attribute(Rtnetlink.NDA_DST, address).attributeU8(NDA_PROTOCOL, PROTOCOL).end();
    socket.exchange("proxy entry of " + address + " on " + bridge, message -> {});
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
