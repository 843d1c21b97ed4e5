package io.sterna.agent.linux;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.linux.Attributes;
import io.sterna.linux.NetlinkReader;
import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetlinkWriter;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's nexthop objects of Sterna: one for each tunnel endpoint. A route names one by its
 * number, so that a move changes one number.
 *
 * <p>The objects are of family AF_INET6: those, unlike AF_INET ones, may be used by routes of both
 * families; a device without a gateway makes no other difference. The family of the encapsulation
 * is the endpoint's.
 *
 * <p>An object is Sterna's if it has Sterna's protocol number and a number of {@link #FIRST_ID} and
 * the {@link #MAX_OBJECTS} - 1 behind it.
 */
final class TunnelNextHops {
  /** The first number: 'ST' and zeros, far from the small ones that people and daemons choose. */
  static final int FIRST_ID = 0x5354_0000;

  static final int MAX_OBJECTS = 1 << 16;

  /** 1500 less outer IPv4, UDP and VXLAN-GPE headers. */
  static final int MTU_OVER_IPV4_BYTES = 1464;

  /** 1500 less outer IPv6, UDP and VXLAN-GPE headers. */
  static final int MTU_OVER_IPV6_BYTES = 1444;

  private static final int TTL = 64;

  private final int protocol;
  private final int vni;
  private final Map<IpAddress, Integer> idByEndpoint = new HashMap<>();
  private final Map<Integer, NextHop.Tunnel> tunnelById = new HashMap<>();

  /** Numbers that cannot be given out, whoever took them. */
  private final BitSet taken = new BitSet();

  private final BitSet own = new BitSet();

  TunnelNextHops(int protocol, int vni) {
    this.protocol = protocol;
    this.vni = vni;
  }

  /** The number of the object for this endpoint; null if it has to be written first. */
  @Nullable Integer find(IpAddress endpoint) {
    return idByEndpoint.get(endpoint);
  }

  /** The tunnel of this object; null if it is not one of ours or leads elsewhere. */
  NextHop.@Nullable Tunnel tunnel(int id) {
    return tunnelById.get(id);
  }

  /**
   * Writes the request that makes the object for an endpoint, and returns its number. With the
   * first IPv6 endpoint the overlay device's MTU shrinks, unless somebody chose another one.
   *
   * @throws IOException if all numbers are taken
   */
  int write(NetlinkWriter writer, IpAddress endpoint, DeviceIndexes devices) throws IOException {
    int slot = taken.nextClearBit(0);
    if (slot >= MAX_OBJECTS) {
      throw new IOException("more than " + MAX_OBJECTS + " tunnel endpoints");
    }
    if (!endpoint.isV4() && devices.tunnelMtuBytes() == MTU_OVER_IPV4_BYTES) {
      writeMtu(writer, devices.tunnel(), MTU_OVER_IPV6_BYTES);
    }
    int id = FIRST_ID + slot;
    remember(id, new NextHop.Tunnel(endpoint));
    writer.begin(Rtnetlink.RTM_NEWNEXTHOP, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE);
    writer.u8(Rtnetlink.AF_INET6).u8(0).u8(protocol).u8(0).u32(0);
    writer.attributeU32(Rtnetlink.NHA_ID, id).attributeU32(Rtnetlink.NHA_OIF, devices.tunnel());
    writer.attributeU16(Rtnetlink.NHA_ENCAP_TYPE, encapsulation(endpoint));
    int encap = writer.beginNested(Rtnetlink.NHA_ENCAP);
    writer
        .attributeBigU64(Rtnetlink.LWTUNNEL_IP_ID, vni)
        .attribute(Rtnetlink.LWTUNNEL_IP_DST, endpoint)
        .attributeU8(Rtnetlink.LWTUNNEL_IP_TTL, TTL);
    writer.endNested(encap);
    writer.end();
    return id;
  }

  /**
   * The object of this endpoint may be gone: another one is written when it is next needed. Its
   * number stays taken until {@link #load}, because routes may still use it.
   */
  void forget(IpAddress endpoint) {
    Integer id = idByEndpoint.remove(endpoint);
    if (id != null) {
      tunnelById.remove(id);
    }
  }

  /** Replaces what is known by the objects that stand in the kernel. */
  void load(NetlinkSocket socket, int tunnelDevice) throws IOException {
    socket.dump(
        writer -> {
          writer.begin(Rtnetlink.RTM_GETNEXTHOP, 0);
          writer.u32(0).u32(0).end();
        },
        this::clear,
        message -> adopt(message, tunnelDevice));
  }

  /** Sterna's numbers that stand in the kernel and are not in {@code used}. */
  List<Integer> unused(BitSet used) {
    List<Integer> ids = new ArrayList<>();
    for (int slot = own.nextSetBit(0); slot >= 0; slot = own.nextSetBit(slot + 1)) {
      if (!used.get(slot)) {
        ids.add(FIRST_ID + slot);
      }
    }
    return ids;
  }

  /** Writes the request that deletes an object. The kernel deletes its routes with it. */
  void writeDelete(NetlinkWriter writer, int id) {
    NextHop.Tunnel tunnel = tunnelById.remove(id);
    if (tunnel != null) {
      idByEndpoint.remove(tunnel.endpoint(), id);
    }
    writer.begin(Rtnetlink.RTM_DELNEXTHOP, 0);
    writer.u32(0).u32(0).attributeU32(Rtnetlink.NHA_ID, id).end();
  }

  private static void writeMtu(NetlinkWriter writer, int device, int mtuBytes) {
    writer.begin(Rtnetlink.RTM_NEWLINK, 0);
    writer.u32(0).u32(device).u32(0).u32(0).attributeU32(Rtnetlink.IFLA_MTU, mtuBytes).end();
  }

  private void clear() {
    idByEndpoint.clear();
    tunnelById.clear();
    taken.clear();
    own.clear();
  }

  private void adopt(NetlinkReader message, int tunnelDevice) {
    int writtenBy = message.u8(2);
    Attributes attributes = message.attributes(Rtnetlink.NEXTHOP_HEADER_BYTES);
    int id = attributes.u32(Rtnetlink.NHA_ID);
    int slot = id - FIRST_ID;
    if (slot < 0 || slot >= MAX_OBJECTS) {
      return;
    }
    taken.set(slot);
    if (writtenBy != protocol) {
      return;
    }
    own.set(slot);
    Attributes encap = attributes.nested(Rtnetlink.NHA_ENCAP);
    IpAddress endpoint = encap.address(Rtnetlink.LWTUNNEL_IP_DST);
    if (endpoint == null || idByEndpoint.containsKey(endpoint)) {
      return;
    }
    boolean ours =
        attributes.u32(Rtnetlink.NHA_OIF) == tunnelDevice
            && attributes.u16(Rtnetlink.NHA_ENCAP_TYPE) == encapsulation(endpoint)
            && encap.bigU64(Rtnetlink.LWTUNNEL_IP_ID) == vni;
    if (ours) {
      remember(id, new NextHop.Tunnel(endpoint));
    }
  }

  private void remember(int id, NextHop.Tunnel tunnel) {
    idByEndpoint.put(tunnel.endpoint(), id);
    tunnelById.put(id, tunnel);
    taken.set(id - FIRST_ID);
    own.set(id - FIRST_ID);
  }

  private static int encapsulation(IpAddress endpoint) {
    return endpoint.isV4() ? Rtnetlink.LWTUNNEL_ENCAP_IP : Rtnetlink.LWTUNNEL_ENCAP_IP6;
  }
}
