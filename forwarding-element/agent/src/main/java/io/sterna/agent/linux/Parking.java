package io.sterna.agent.linux;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Packets to a VM that was here a moment ago wait until it is known where it went.
 *
 * <p>When a VM's port vanishes, the bridge forgets its hardware address and floods frames to it.
 * One end of a veth pair, {@link #BRIDGE_PORT}, is a port of the bridge that gets such frames and
 * no others; at the other end, {@link #ROUTED_DEVICE}, they are taken as addressed to this host and
 * routed. A rule sends them to the parking table first: there every local VM has a route to {@link
 * #ROUTED_DEVICE}, on which no neighbour ever answers. So the kernel queues them there, from the
 * first frame on and without any program's help:
 *
 * <pre>
 * VM attached    br0 -> its port
 * port gone      br0 -> (flooded) rq0 -> rq1 -> parking table: dev rq1 -> queue of an unresolved neighbour
 * binding moves  main table: tunnel; parking route deleted; neighbour = gateway: queue -> rq0 -> br0 -> tunnel
 * afterwards     br0 -> (flooded) rq0 -> rq1 -> main table: tunnel   (only neighbours with a stale entry)
 * VM is back     neighbour = gateway: queue -> rq0 -> br0 -> its port
 * nobody acts    the kernel drops the queue after PARKING_SECONDS and says 'host unreachable'
 * </pre>
 *
 * <p>This class knows which VMs have a parking route. Thread-safe.
 */
final class Parking {
  /** The end that is a port of the bridge. */
  static final String BRIDGE_PORT = "rq0";

  /** The end that routes. */
  static final String ROUTED_DEVICE = "rq1";

  /** How long packets wait at most. */
  static final int PARKING_SECONDS = 15;

  /** How much may wait for one address; then the oldest packets go first. */
  static final int QUEUE_BYTES = 4 << 20;

  /** Tells {@link #ROUTED_DEVICE} from the gateway; in the locally administered space. */
  private static final long ROUTED_MAC_BIT = 0x8000;

  private final ConcurrentMap<IpAddress, MacAddress> macByAddress = new ConcurrentHashMap<>();

  /** The hardware address of {@link #ROUTED_DEVICE}, derived from the gateway's. */
  static MacAddress routedMac(MacAddress gatewayMac) {
    return new MacAddress(gatewayMac.bits() ^ ROUTED_MAC_BIT);
  }

  /**
   * Writes the requests that let the parked packets of an address go to the gateway. The entry must
   * not stay: the next packets to park would find it and circle.
   */
  static void writeRelease(
      RouteRequests requests, IpAddress address, int routedDevice, MacAddress gatewayMac) {
    requests.putNeighbour(address, routedDevice, gatewayMac, false);
    requests.removeNeighbour(address, routedDevice);
  }

  /** The hardware address of a VM that has a parking route; null if it has none. */
  @Nullable MacAddress localMac(IpAddress address) {
    return macByAddress.get(address);
  }

  void add(IpAddress address, MacAddress mac) {
    macByAddress.put(address, mac);
  }

  void remove(IpAddress address) {
    macByAddress.remove(address);
  }

  void retain(Set<IpAddress> addresses) {
    macByAddress.keySet().retainAll(addresses);
  }
}
