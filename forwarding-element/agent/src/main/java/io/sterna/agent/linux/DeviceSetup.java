package io.sterna.agent.linux;

import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares devices, kernel settings and packet filter rules of a forwarding element. Doing it again
 * changes nothing; nothing is undone when the agent stops, because forwarding goes on.
 *
 * <p>The order matters: a device comes up only after its settings and rules stand.
 */
final class DeviceSetup {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSetup.class);

  /** The order of the rule for parked packets: after the local table, before the main one. */
  private static final int PARKING_PREFERENCE = 15_700;

  /** The order of the rule for staged VMs: before the main table, too. */
  private static final int STAGING_PREFERENCE = 15_701;

  private static final String EXISTS = "File exists";
  private static final String NO_TABLE = "FIB table does not exist";

  private final LinuxDataPlaneSettings settings;
  private final NetlinkSocket socket;
  private final NetworkNamespace namespace;
  private final Programs programs;

  private DeviceSetup(
      LinuxDataPlaneSettings settings, NetlinkSocket socket, NetworkNamespace namespace) {
    this.settings = settings;
    this.socket = socket;
    this.namespace = namespace;
    this.programs = new Programs(namespace);
  }

  /**
   * Prepares the namespace.
   *
   * @throws IOException in one line: what is missing or was refused
   */
  static void prepare(LinuxDataPlaneSettings settings) throws IOException {
    NetworkNamespace namespace = NetworkNamespace.named(settings.networkNamespace());
    try (NetlinkSocket socket = NetlinkSocket.open(namespace, 5_000)) {
      new DeviceSetup(settings, socket, namespace).prepare();
    }
  }

  private void prepare() throws IOException {
    Link bridge = requireBridge();
    createTunnel();
    createParkingPair(bridge);
    KernelSettings.write(namespace, settings);
    programs.feed(PacketFilter.rules(settings), "nft", "-f", "-");
    configureBridge(bridge);
    connectParkingPair();
    for (String family : new String[] {"-4", "-6"}) {
      addRule(family, PARKING_PREFERENCE, Parking.ROUTED_DEVICE, RouteRequests.PARKING_TABLE);
      // Whoever was staged by an earlier run: nobody remembers its claim.
      flush(family, RouteRequests.STAGING_TABLE);
      addRule(family, STAGING_PREFERENCE, settings.tunnelDevice(), RouteRequests.STAGING_TABLE);
    }
    programs.run("ip", "link", "set", settings.tunnelDevice(), "up");
    LOG.info(
        "data plane ready: bridge {}, overlay {} on UDP port {}",
        settings.bridge(),
        settings.tunnelDevice(),
        settings.tunnelPort());
  }

  private Link requireBridge() throws IOException {
    Link bridge = Link.find(socket, settings.bridge());
    if (bridge == null || !bridge.kind().equals("bridge")) {
      throw new IOException(
          (bridge == null ? "there is no bridge " : "this is not a bridge: ")
              + settings.bridge()
              + where()
              + "; make it and attach the VMs to it");
    }
    return bridge;
  }

  private void createTunnel() throws IOException {
    Link tunnel = Link.find(socket, settings.tunnelDevice());
    if (tunnel == null) {
      String port = Integer.toString(settings.tunnelPort());
      String mtu = Integer.toString(TunnelNextHops.MTU_OVER_IPV4_BYTES);
      programs.run(
          List.of(
              "ip",
              "link",
              "add",
              settings.tunnelDevice(),
              "mtu",
              mtu,
              "type",
              "vxlan",
              "external",
              "gpe",
              "dstport",
              port,
              "udp6zerocsumrx"));
      disableAutomaticAddress(settings.tunnelDevice());
    } else if (tunnel.externalGpePort() != settings.tunnelPort()) {
      throw new IOException(
          "device "
              + settings.tunnelDevice()
              + where()
              + " exists and is not 'vxlan external gpe dstport "
              + settings.tunnelPort()
              + "': delete it, or choose another tunnel-device");
    }
  }

  private void createParkingPair(Link bridge) throws IOException {
    Link port = Link.find(socket, Parking.BRIDGE_PORT);
    Link routed = Link.find(socket, Parking.ROUTED_DEVICE);
    if (port == null && routed == null) {
      String mtu = Integer.toString(bridge.mtuBytes());
      programs.run(
          List.of(
              "ip",
              "link",
              "add",
              Parking.BRIDGE_PORT,
              "mtu",
              mtu,
              "type",
              "veth",
              "peer",
              "name",
              Parking.ROUTED_DEVICE,
              "mtu",
              mtu));
      disableAutomaticAddress(Parking.BRIDGE_PORT);
      disableAutomaticAddress(Parking.ROUTED_DEVICE);
    } else if (port == null || !port.kind().equals("veth")) {
      throw new IOException(
          "device " + Parking.BRIDGE_PORT + where() + " is missing or is not Sterna's veth pair");
    }
    MacAddress mac = Parking.routedMac(settings.gatewayMac());
    programs.run("ip", "link", "set", Parking.ROUTED_DEVICE, "address", mac.toString());
  }

  private void configureBridge(Link bridge) throws IOException {
    if (!settings.gatewayMac().equals(bridge.mac())) {
      programs.run(
          "ip", "link", "set", settings.bridge(), "address", settings.gatewayMac().toString());
    }
    for (LinuxDataPlaneSettings.GatewayAddress address : settings.gatewayAddresses()) {
      addAddress(address.toString(), address.address().isV4());
    }
    // IPv6 VMs use this one as their gateway at every forwarding element.
    addAddress("fe80::1/64", false);
    programs.run("ip", "link", "set", settings.bridge(), "up");
  }

  private void addAddress(String address, boolean v4) throws IOException {
    if (v4) {
      programs.run("ip", "address", "replace", address, "dev", settings.bridge());
    } else {
      // The same address stands at every forwarding element: duplicates are intended.
      programs.run("ip", "address", "replace", address, "dev", settings.bridge(), "nodad");
    }
  }

  private void connectParkingPair() throws IOException {
    String port = Parking.BRIDGE_PORT;
    String mac = Parking.routedMac(settings.gatewayMac()).toString();
    programs.run("ip", "link", "set", port, "master", settings.bridge());
    programs.run(
        List.of(
            "bridge",
            "link",
            "set",
            "dev",
            port,
            "flood",
            "on",
            "mcast_flood",
            "off",
            "bcast_flood",
            "off",
            "learning",
            "off"));
    programs.run("bridge", "fdb", "replace", mac, "dev", port, "master", "static");
    programs.run("ip", "link", "set", port, "up");
    programs.run("ip", "link", "set", Parking.ROUTED_DEVICE, "up");
  }

  private void flush(String family, int table) throws IOException {
    programs.runUnless(
        NO_TABLE, List.of("ip", family, "route", "flush", "table", Integer.toString(table)));
  }

  /** Packets that enter by this device look into this table first. */
  private void addRule(String family, int preference, String device, int table) throws IOException {
    String protocol = Integer.toString(settings.routeProtocol());
    programs.runUnless(
        EXISTS,
        List.of(
            "ip",
            family,
            "rule",
            "add",
            "preference",
            Integer.toString(preference),
            "iif",
            device,
            "lookup",
            Integer.toString(table),
            "protocol",
            protocol));
  }

  /**
   * No IPv6 address, and so no neighbour or router discovery, on a device that has no neighbours.
   */
  private void disableAutomaticAddress(String device) throws IOException {
    programs.run("ip", "link", "set", device, "addrgenmode", "none");
  }

  private String where() {
    return namespace.name().isEmpty() ? "" : " in network namespace " + namespace.name();
  }
}
