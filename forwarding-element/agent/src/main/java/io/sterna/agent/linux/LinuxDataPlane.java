package io.sterna.agent.linux;

import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.MacAddress;
import java.io.IOException;

/**
 * The data plane of a forwarding element in the Linux kernel. Closing it closes sockets only: the
 * kernel forwards on.
 */
public final class LinuxDataPlane implements AutoCloseable {
  private final ForwardingTable forwardingTable;
  private final Neighbourhood neighbourhood;
  private final ParkingWatch parkingWatch;

  private LinuxDataPlane(
      ForwardingTable forwardingTable, Neighbourhood neighbourhood, ParkingWatch parkingWatch) {
    this.forwardingTable = forwardingTable;
    this.neighbourhood = neighbourhood;
    this.parkingWatch = parkingWatch;
  }

  /** Opens the neighbourhood on a bridge that is ready. */
  @FunctionalInterface
  public interface NeighbourhoodSource {
    /** The bridge of this name in this namespace, whose own hardware address this is. */
    Neighbourhood open(NetworkNamespace namespace, String bridge, MacAddress gatewayMac)
        throws IOException;
  }

  /**
   * Prepares devices and kernel settings where they are missing, and opens the data plane.
   *
   * @throws IOException in one line: what is missing or was refused
   */
  public static LinuxDataPlane open(
      LinuxDataPlaneSettings settings, NeighbourhoodSource neighbourhoods) throws IOException {
    DeviceSetup.prepare(settings);
    Parking parking = new Parking();
    ForwardingTable table = LinuxForwardingTable.open(settings, parking);
    try {
      ParkingWatch watch = ParkingWatch.start(settings, parking);
      try {
        NetworkNamespace namespace = NetworkNamespace.named(settings.networkNamespace());
        Neighbourhood neighbourhood =
            neighbourhoods.open(namespace, settings.bridge(), settings.gatewayMac());
        return new LinuxDataPlane(table, neighbourhood, watch);
      } catch (IOException | RuntimeException e) {
        watch.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      table.close();
      throw e;
    }
  }

  /** The kernel's routes. */
  public ForwardingTable forwardingTable() {
    return forwardingTable;
  }

  /** The VMs on the bridge. */
  public Neighbourhood neighbourhood() {
    return neighbourhood;
  }

  @Override
  public void close() throws IOException {
    try {
      neighbourhood.close();
    } finally {
      try {
        parkingWatch.close();
      } finally {
        forwardingTable.close();
      }
    }
  }
}
