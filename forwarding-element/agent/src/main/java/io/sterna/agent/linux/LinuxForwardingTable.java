package io.sterna.agent.linux;

import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetlinkWriter;
import io.sterna.linux.NetworkNamespace;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The kernel's routing table, written in netlink batches.
 *
 * <p>A local VM is a route to the bridge, a neighbour entry and a {@link Parking} route. A VM
 * elsewhere is a route to a {@link TunnelNextHops nexthop object}. A staged VM is a neighbour entry
 * and a route in a table that only packets from the tunnel see: so two elements that hear of a move
 * in any order never send a packet back and forth. When a VM leaves, the order within the batch is:
 * route to the tunnel, then release of the packets that waited for it.
 */
public final class LinuxForwardingTable implements ForwardingTable {
  private static final int ANSWER_TIMEOUT_MS = 5_000;

  /**
   * Nexthop object, overlay MTU; or route, parking route and three neighbour requests; and two to
   * end staging.
   */
  private static final int MAX_REQUESTS_PER_CHANGE = 10;

  private final NetlinkSocket socket;
  private final LinuxDataPlaneSettings settings;
  private final Parking parking;
  private final MacAddress routedMac;
  private final TunnelNextHops nextHops;
  private final Set<IpAddress> staged = new HashSet<>();

  /** Addresses with a parking route whose main route leads into a tunnel: to be released. */
  private final Set<IpAddress> departed = new HashSet<>();

  private DeviceIndexes devices;

  private LinuxForwardingTable(
      NetlinkSocket socket,
      LinuxDataPlaneSettings settings,
      Parking parking,
      DeviceIndexes devices) {
    this.socket = socket;
    this.settings = settings;
    this.parking = parking;
    this.devices = devices;
    this.routedMac = Parking.routedMac(settings.gatewayMac());
    this.nextHops = new TunnelNextHops(settings.routeProtocol(), settings.vni());
  }

  /**
   * Opens the table in a namespace that {@link DeviceSetup} has prepared, and finds again what an
   * earlier run left in it.
   *
   * @throws IOException if a device is missing or the kernel cannot be reached
   */
  static LinuxForwardingTable open(LinuxDataPlaneSettings settings, Parking parking)
      throws IOException {
    NetlinkSocket socket =
        NetlinkSocket.open(NetworkNamespace.named(settings.networkNamespace()), ANSWER_TIMEOUT_MS);
    try {
      LinuxForwardingTable table =
          new LinuxForwardingTable(socket, settings, parking, DeviceIndexes.find(socket, settings));
      table.load();
      return table;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>A local route whose neighbour entry or parking route is missing is returned with the
   * hardware address 00:00:00:00:00:00: it equals no desired route, so it will be written again.
   * Nexthop objects that no route uses any more are deleted.
   */
  @Override
  public List<Route> dump() throws IOException {
    devices = DeviceIndexes.find(socket, settings);
    InstalledRoutes installed = load();
    deleteUnusedNextHops(installed.usedNextHops());
    return installed.routes();
  }

  @Override
  public Outcome apply(List<RouteChange> changes) throws IOException {
    if (changes.size() > MAX_BATCH) {
      throw new IllegalArgumentException(
          changes.size() + " changes in one batch, at most " + MAX_BATCH);
    }
    NetlinkWriter writer = socket.begin();
    RouteRequests requests = new RouteRequests(writer, settings.routeProtocol());
    Batch batch = new Batch(changes, MAX_REQUESTS_PER_CHANGE, writer.sequence() + 1);
    for (int i = 0; i < changes.size(); i++) {
      write(changes.get(i), i, writer, requests, batch);
    }
    socket.exchange(message -> {}, batch::refused);
    for (int i = 0; i < changes.size(); i++) {
      conclude(changes.get(i), batch.failed(i));
    }
    return batch.outcome();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void write(
      RouteChange change, int index, NetlinkWriter writer, RouteRequests requests, Batch batch) {
    IpAddress address = change.address();
    if (change instanceof RouteChange.Put put) {
      if (put.route().nextHop() instanceof NextHop.Local local) {
        writeLocal(address, local.mac(), requests);
        batch.wrote(writer.sequence(), index);
      } else if (put.route().nextHop() instanceof NextHop.Tunnel tunnel) {
        writeTunnel(address, tunnel.endpoint(), index, writer, requests, batch);
      }
      writeUnstage(address, requests);
      batch.wroteDeletion(writer.sequence(), index);
    } else if (change instanceof RouteChange.Remove) {
      requests.removeRoute(address, Rtnetlink.RT_TABLE_MAIN);
      if (parking.localMac(address) != null) {
        writeRelease(address, requests);
        requests.removeNeighbour(address, devices.bridge());
      }
      writeUnstage(address, requests);
      batch.wroteDeletion(writer.sequence(), index);
    } else if (change instanceof RouteChange.Stage stage) {
      writeStage(address, stage.mac(), requests);
      batch.wrote(writer.sequence(), index);
    } else {
      writeUnstage(address, requests);
      batch.wroteDeletion(writer.sequence(), index);
    }
  }

  private void writeLocal(IpAddress address, MacAddress mac, RouteRequests requests) {
    // Before it is known whether the kernel takes it: half of it may stand afterwards.
    parking.add(address, mac);
    departed.remove(address);
    requests.putNeighbour(address, devices.bridge(), mac, true);
    requests.putOnLink(address, RouteRequests.PARKING_TABLE, devices.parking());
    requests.putOnLink(address, Rtnetlink.RT_TABLE_MAIN, devices.bridge());
  }

  /** A VM that is bound here is reached as it is bound, until its binding changes. */
  private void writeStage(IpAddress address, MacAddress mac, RouteRequests requests) {
    if (!isLocal(address)) {
      staged.add(address);
      requests.putNeighbour(address, devices.bridge(), mac, true);
      requests.putOnLink(address, RouteRequests.STAGING_TABLE, devices.bridge());
    }
  }

  /** The neighbour entry stays if the VM is bound here by now. */
  private void writeUnstage(IpAddress address, RouteRequests requests) {
    if (staged.contains(address)) {
      requests.removeRoute(address, RouteRequests.STAGING_TABLE);
      if (!isLocal(address)) {
        requests.removeNeighbour(address, devices.bridge());
      }
    }
  }

  private boolean isLocal(IpAddress address) {
    return parking.localMac(address) != null && !departed.contains(address);
  }

  private void writeTunnel(
      IpAddress address,
      IpAddress endpoint,
      int index,
      NetlinkWriter writer,
      RouteRequests requests,
      Batch batch) {
    Integer id = nextHops.find(endpoint);
    if (id == null) {
      try {
        id = nextHops.write(writer, endpoint, devices);
      } catch (IOException e) {
        batch.fail(index, String.valueOf(e.getMessage()));
        return;
      }
    }
    requests.putVia(address, id);
    if (parking.localMac(address) != null) {
      departed.add(address);
    }
    batch.wrote(writer.sequence(), index);
  }

  @Override
  public void release(List<IpAddress> addresses) throws IOException {
    RouteRequests requests = new RouteRequests(socket.begin(), settings.routeProtocol());
    for (IpAddress address : addresses) {
      writeRelease(address, requests);
      if (!staged.contains(address)) {
        // Packets that wait for the bridge's own neighbour entry, and those that passed the route
        // before it changed, go the same way. The kernel clears the entry when it is unused.
        requests.putNeighbour(address, devices.bridge(), routedMac, false);
      }
    }
    // What is to be deleted may be gone already: refusals say no more than that.
    socket.exchange(message -> {}, (sequence, errno, text) -> {});
    addresses.forEach(parking::remove);
    addresses.forEach(departed::remove);
  }

  private void writeRelease(IpAddress address, RouteRequests requests) {
    requests.removeRoute(address, RouteRequests.PARKING_TABLE);
    Parking.writeRelease(requests, address, devices.parking(), settings.gatewayMac());
  }

  private void conclude(RouteChange change, boolean failed) {
    // What was refused may stand still: the next change of the address takes it back.
    if (!(change instanceof RouteChange.Stage) && !failed) {
      staged.remove(change.address());
    }
    if (change instanceof RouteChange.Put put) {
      if (failed && put.route().nextHop() instanceof NextHop.Tunnel tunnel) {
        nextHops.forget(tunnel.endpoint());
      }
    } else if (change instanceof RouteChange.Remove && !failed) {
      parking.remove(change.address());
      departed.remove(change.address());
    }
  }

  private InstalledRoutes load() throws IOException {
    nextHops.load(socket, devices.tunnel());
    InstalledRoutes installed =
        InstalledRoutes.read(socket, devices, nextHops, settings.routeProtocol());
    parking.retain(installed.parkable());
    for (IpAddress address : installed.parkable()) {
      if (parking.localMac(address) == null) {
        parking.add(address, installed.neighbour(address));
      }
    }
    return installed;
  }

  private void deleteUnusedNextHops(BitSet used) throws IOException {
    if (nextHops.unused(used).isEmpty()) {
      return;
    }
    // The kernel deletes an object's routes with it, so nobody else's route may use it either.
    used.or(InstalledRoutes.nextHopsUsedByAnybody(socket));
    NetlinkWriter writer = socket.begin();
    for (int id : nextHops.unused(used)) {
      nextHops.writeDelete(writer, id);
    }
    socket.exchange("deleting unused next hops", message -> {});
  }
}
