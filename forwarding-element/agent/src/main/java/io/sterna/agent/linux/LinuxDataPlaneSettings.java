package io.sterna.agent.linux;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.List;

/**
 * What the kernel's data plane is made of.
 *
 * @param networkNamespace where it lives; empty for this process's own
 * @param bridge the bridge the VMs are attached to; exists already
 * @param gatewayMac the bridge's hardware address, the same at every forwarding element
 * @param gatewayAddresses addresses of the bridge with their prefix lengths
 * @param tunnelDevice the overlay device; made if it is missing
 * @param tunnelPort UDP port of the overlay
 * @param vni VXLAN network identifier, 24 bits
 * @param routeProtocol marks routes and next hops as Sterna's, 5 to 255; below are the kernel's own
 *     (rtnetlink.h)
 */
public record LinuxDataPlaneSettings(
    String networkNamespace,
    String bridge,
    MacAddress gatewayMac,
    List<GatewayAddress> gatewayAddresses,
    String tunnelDevice,
    int tunnelPort,
    int vni,
    int routeProtocol) {
  /** The route protocol number when nothing else is configured. */
  public static final int DEFAULT_ROUTE_PROTOCOL = 157;

  private static final int MAX_DEVICE_NAME = 15;

  /**
   * @throws IllegalArgumentException that names the value that is out of range
   */
  public LinuxDataPlaneSettings {
    gatewayAddresses = List.copyOf(gatewayAddresses);
    requireDeviceName("bridge", bridge);
    requireDeviceName("tunnel-device", tunnelDevice);
    requireWithin("tunnel-port", tunnelPort, 1, 65_535);
    requireWithin("vni", vni, 0, 0xff_ffff);
    requireWithin("route-protocol", routeProtocol, 5, 255);
    if (gatewayMac.isGroup()) {
      throw new IllegalArgumentException("gateway-mac " + gatewayMac + " is a group address");
    }
  }

  /**
   * An address of the bridge.
   *
   * @param address the address, host bits and all
   * @param prefixLength how much of it all attached VMs share
   */
  public record GatewayAddress(IpAddress address, int prefixLength) {
    /**
     * @throws IllegalArgumentException if the length does not fit the address
     */
    public GatewayAddress {
      requireWithin("prefix length of " + address, prefixLength, 0, address.bitLength());
    }

    /**
     * Parses {@code 10.10.0.1/16}.
     *
     * @throws IllegalArgumentException with the text and the reason
     */
    public static GatewayAddress parse(String text) {
      int slash = text.indexOf('/');
      try {
        int length = Integer.parseInt(text.substring(slash + 1));
        return new GatewayAddress(IpAddress.parse(text.substring(0, Math.max(slash, 0))), length);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' is not an address like 10.10.0.1/16", e);
      }
    }

    @Override
    public String toString() {
      return address + "/" + prefixLength;
    }
  }

  private static void requireDeviceName(String key, String name) {
    boolean valid =
        !name.isEmpty()
            && name.length() <= MAX_DEVICE_NAME
            && name.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != '"');
    if (!valid) {
      throw new IllegalArgumentException(key + " '" + name + "' is not a device name");
    }
  }

  private static void requireWithin(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is " + value + ", not within " + least + " to " + most);
    }
  }
}
