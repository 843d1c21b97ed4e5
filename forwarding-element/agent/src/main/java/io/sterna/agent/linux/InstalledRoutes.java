package io.sterna.agent.linux;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.linux.Attributes;
import io.sterna.linux.NetlinkException;
import io.sterna.linux.NetlinkReader;
import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What stands in the kernel and carries Sterna's mark, read in a few dumps. */
final class InstalledRoutes {
  private static final MacAddress NO_MAC = new MacAddress(0);

  /**
   * The next hop of a route that is not whole: its neighbour entry or its parking route is missing,
   * or it leads nowhere. No VM has this hardware address, so it equals no desired route and is
   * written again.
   */
  static final NextHop BROKEN = new NextHop.Local(NO_MAC);

  private static final int[] FAMILIES = {Rtnetlink.AF_INET, Rtnetlink.AF_INET6};

  private final List<Route> routes = new ArrayList<>();
  private final Map<IpAddress, MacAddress> neighbours = new HashMap<>();
  private final Set<IpAddress> parkable = new HashSet<>();
  private final BitSet usedNextHops = new BitSet();

  /** All routes, in no order. */
  List<Route> routes() {
    return routes;
  }

  /** The addresses that have a parking route. */
  Set<IpAddress> parkable() {
    return parkable;
  }

  /** The hardware address that stands for an address on the bridge; all zeros if none does. */
  MacAddress neighbour(IpAddress address) {
    return neighbours.getOrDefault(address, NO_MAC);
  }

  /** The nexthop objects that the routes use, as offsets from the first number. */
  BitSet usedNextHops() {
    return usedNextHops;
  }

  /** Reads the kernel's tables. */
  static InstalledRoutes read(
      NetlinkSocket socket, DeviceIndexes devices, TunnelNextHops nextHops, int protocol)
      throws IOException {
    InstalledRoutes installed = new InstalledRoutes();
    installed.readNeighbours(socket, devices.bridge());
    for (int family : FAMILIES) {
      installed.readParkable(socket, family, protocol);
    }
    for (int family : FAMILIES) {
      installed.readRoutes(socket, family, devices.bridge(), nextHops, protocol);
    }
    return installed;
  }

  /** The nexthop objects that any route uses, whoever made it, as offsets from the first number. */
  static BitSet nextHopsUsedByAnybody(NetlinkSocket socket) throws IOException {
    BitSet used = new BitSet();
    for (int family : FAMILIES) {
      dump(
          socket,
          family,
          Rtnetlink.RT_TABLE_UNSPEC,
          0,
          () -> {},
          message -> markNextHop(used, message.attributes(Rtnetlink.ROUTE_HEADER_BYTES)));
    }
    return used;
  }

  private void readNeighbours(NetlinkSocket socket, int bridge) throws IOException {
    socket.dump(
        writer -> RouteRequests.dumpNeighbours(writer, bridge),
        neighbours::clear,
        message -> {
          int state = message.u16(8);
          Attributes attributes = message.attributes(Rtnetlink.NEIGHBOUR_HEADER_BYTES);
          IpAddress address = attributes.address(Rtnetlink.NDA_DST);
          MacAddress mac = attributes.mac(Rtnetlink.NDA_LLADDR);
          if (address != null && mac != null && state != Rtnetlink.NUD_FAILED) {
            neighbours.put(address, mac);
          }
        });
  }

  private void readParkable(NetlinkSocket socket, int family, int protocol) throws IOException {
    try {
      dump(
          socket,
          family,
          RouteRequests.PARKING_TABLE,
          protocol,
          () -> {},
          message -> {
            Attributes attributes = message.attributes(Rtnetlink.ROUTE_HEADER_BYTES);
            IpAddress address = attributes.address(Rtnetlink.RTA_DST);
            if (address != null) {
              parkable.add(address);
            }
          });
    } catch (NetlinkException e) {
      if (e.errno() != Rtnetlink.ENOENT) {
        throw e;
      }
      // The kernel makes a table with its first route: nothing was ever parked here.
    }
  }

  private void readRoutes(
      NetlinkSocket socket, int family, int bridge, TunnelNextHops nextHops, int protocol)
      throws IOException {
    int before = routes.size();
    dump(
        socket,
        family,
        Rtnetlink.RT_TABLE_MAIN,
        protocol,
        () -> routes.subList(before, routes.size()).clear(),
        message -> addRoute(message, bridge, nextHops));
  }

  private void addRoute(NetlinkReader message, int bridge, TunnelNextHops nextHops) {
    int prefixLength = message.u8(1);
    Attributes attributes = message.attributes(Rtnetlink.ROUTE_HEADER_BYTES);
    IpAddress address = attributes.address(Rtnetlink.RTA_DST);
    boolean host =
        address != null
            && prefixLength == address.bitLength()
            && attributes.u32(Rtnetlink.RTA_PRIORITY) == RouteRequests.METRIC;
    if (address == null || !host) {
      return;
    }
    markNextHop(usedNextHops, attributes);
    NextHop.Tunnel tunnel = nextHops.tunnel(attributes.u32(Rtnetlink.RTA_NH_ID));
    if (tunnel != null) {
      // Whoever wrote this did not come to release what waits for the departed VM.
      routes.add(new Route(address, parkable.contains(address) ? BROKEN : tunnel));
    } else if (attributes.u32(Rtnetlink.RTA_OIF) == bridge) {
      routes.add(new Route(address, local(address)));
    } else {
      routes.add(new Route(address, BROKEN));
    }
  }

  private NextHop local(IpAddress address) {
    MacAddress mac = neighbours.get(address);
    return mac != null && parkable.contains(address) ? new NextHop.Local(mac) : BROKEN;
  }

  private static void markNextHop(BitSet used, Attributes route) {
    int slot = route.u32(Rtnetlink.RTA_NH_ID) - TunnelNextHops.FIRST_ID;
    if (slot >= 0 && slot < TunnelNextHops.MAX_OBJECTS) {
      used.set(slot);
    }
  }

  private static void dump(
      NetlinkSocket socket,
      int family,
      int table,
      int protocol,
      Runnable restart,
      NetlinkSocket.Messages messages)
      throws IOException {
    socket.dump(
        writer -> RouteRequests.dumpRoutes(writer, family, table, protocol), restart, messages);
  }
}
