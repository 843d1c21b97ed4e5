package io.sterna.agent.linux;

import io.sterna.linux.NetlinkWriter;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;

/**
 * Writes the requests for host routes and neighbour entries.
 *
 * <p>Sterna's routes carry its protocol number and the metric {@link #METRIC}. The kernel replaces
 * only a route of the same metric, and deletes only one of the same metric and protocol: so another
 * program's route to the same address is neither replaced nor deleted. It is preferred, too,
 * because its metric is lower (0 for IPv4 and 1024 for IPv6 if nobody says otherwise).
 */
final class RouteRequests {
  static final int METRIC = 15_700;

  /** The table of routes for packets of local VMs whose port is gone; see {@link Parking}. */
  static final int PARKING_TABLE = 15_700;

  /** The table for packets that other elements send to VMs whose claim is under way. */
  static final int STAGING_TABLE = 15_701;

  private static final int PUT = Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE;

  private final NetlinkWriter writer;
  private final int protocol;

  RouteRequests(NetlinkWriter writer, int protocol) {
    this.writer = writer;
    this.protocol = protocol;
  }

  /** The VM is attached to this device. */
  void putOnLink(IpAddress address, int table, int device) {
    beginRoute(Rtnetlink.RTM_NEWROUTE, PUT, address, table, Rtnetlink.RT_SCOPE_LINK);
    writer.attributeU32(Rtnetlink.RTA_OIF, device).end();
  }

  /** The VM is reached through this nexthop object. */
  void putVia(IpAddress address, int nextHopId) {
    beginRoute(
        Rtnetlink.RTM_NEWROUTE, PUT, address, Rtnetlink.RT_TABLE_MAIN, Rtnetlink.RT_SCOPE_UNIVERSE);
    writer.attributeU32(Rtnetlink.RTA_NH_ID, nextHopId).end();
  }

  void removeRoute(IpAddress address, int table) {
    beginRoute(Rtnetlink.RTM_DELROUTE, 0, address, table, Rtnetlink.RT_SCOPE_NOWHERE);
    writer.end();
  }

  /**
   * The entry counts as fresh; from now on the kernel verifies it as it does any other.
   *
   * @param kept whether it is exempt from the limits and the clearing of unused entries
   */
  void putNeighbour(IpAddress address, int device, MacAddress mac, boolean kept) {
    int flags = kept ? Rtnetlink.NTF_EXT_LEARNED : 0;
    beginNeighbour(Rtnetlink.RTM_NEWNEIGH, PUT, address, device, Rtnetlink.NUD_REACHABLE, flags);
    writer.attribute(Rtnetlink.NDA_LLADDR, mac).end();
  }

  void removeNeighbour(IpAddress address, int device) {
    beginNeighbour(Rtnetlink.RTM_DELNEIGH, 0, address, device, Rtnetlink.NUD_NONE, 0);
    writer.end();
  }

  /** Asks for the routes of one table and family with a protocol number; 0 is any. */
  static void dumpRoutes(NetlinkWriter writer, int family, int table, int protocol) {
    writer.begin(Rtnetlink.RTM_GETROUTE, 0);
    writer.u8(family).u8(0).u8(0).u8(0);
    writer.u8(Rtnetlink.RT_TABLE_UNSPEC).u8(protocol).u8(0).u8(0).u32(0);
    if (table != Rtnetlink.RT_TABLE_UNSPEC) {
      writer.attributeU32(Rtnetlink.RTA_TABLE, table);
    }
    writer.end();
  }

  /** Asks for the neighbour entries of one device, of both families. */
  static void dumpNeighbours(NetlinkWriter writer, int device) {
    writer.begin(Rtnetlink.RTM_GETNEIGH, 0);
    writer.u32(Rtnetlink.AF_UNSPEC).u32(0).u32(0);
    writer.attributeU32(Rtnetlink.NDA_IFINDEX, device).end();
  }

  /** AF_INET or AF_INET6. */
  static int family(IpAddress address) {
    return address.isV4() ? Rtnetlink.AF_INET : Rtnetlink.AF_INET6;
  }

  private void beginRoute(int type, int flags, IpAddress address, int table, int scope) {
    writer.begin(type, flags);
    writer.u8(family(address)).u8(address.bitLength()).u8(0).u8(0);
    writer.u8(Rtnetlink.RT_TABLE_UNSPEC).u8(protocol).u8(scope).u8(Rtnetlink.RTN_UNICAST).u32(0);
    writer.attribute(Rtnetlink.RTA_DST, address);
    writer.attributeU32(Rtnetlink.RTA_PRIORITY, METRIC).attributeU32(Rtnetlink.RTA_TABLE, table);
  }

  private void beginNeighbour(
      int type, int requestFlags, IpAddress address, int device, int state, int flags) {
    writer.begin(type, requestFlags);
    writer.u32(family(address)).u32(device).u16(state).u8(flags).u8(0);
    writer.attribute(Rtnetlink.NDA_DST, address);
  }
}
