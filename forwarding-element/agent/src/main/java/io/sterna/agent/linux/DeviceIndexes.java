package io.sterna.agent.linux;

import io.sterna.linux.NetlinkSocket;
import java.io.IOException;

/**
 * The numbers of the devices that routes name. They change if somebody deletes a device and makes
 * it anew.
 *
 * @param bridge the bridge with the VMs
 * @param tunnel the overlay device
 * @param tunnelMtuBytes its MTU when it was looked up
 * @param parking the routed end of the parking pair
 */
record DeviceIndexes(int bridge, int tunnel, int tunnelMtuBytes, int parking) {
  /**
   * Looks them up.
   *
   * @throws IOException if one does not exist
   */
  static DeviceIndexes find(NetlinkSocket socket, LinuxDataPlaneSettings settings)
      throws IOException {
    Link tunnel = Link.require(socket, settings.tunnelDevice());
    return new DeviceIndexes(
        Link.require(socket, settings.bridge()).index(),
        tunnel.index(),
        tunnel.mtuBytes(),
        Link.require(socket, Parking.ROUTED_DEVICE).index());
  }
}
