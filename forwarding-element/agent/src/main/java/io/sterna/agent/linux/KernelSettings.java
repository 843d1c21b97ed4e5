package io.sterna.agent.linux;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The kernel's settings under {@code /proc/sys/net} that forwarding needs, and why. */
final class KernelSettings {
  private static final Path ROOT = Path.of("/proc/sys/net");

  private KernelSettings() {}

  /**
   * Writes those that differ.
   *
   * @throws IOException naming the setting that cannot be written
   */
  static void write(NetworkNamespace namespace, LinuxDataPlaneSettings settings)
      throws IOException {
    Map<String, String> wanted = wanted(settings.bridge(), settings.tunnelDevice());
    namespace.call(
        () -> {
          for (Map.Entry<String, String> setting : wanted.entrySet()) {
            writeOne(setting.getKey(), setting.getValue());
          }
          return true;
        });
  }

  /** Relative path and value, in the order to write them. */
  static Map<String, String> wanted(String bridge, String tunnel) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("ipv4/ip_forward", "1");
    wanted.put("ipv6/conf/all/forwarding", "1");
    for (String device : new String[] {"all", "default", bridge, tunnel, Parking.ROUTED_DEVICE}) {
      // A packet and its answer may take different ways: this is no reason to drop it.
      wanted.put("ipv4/conf/" + device + "/rp_filter", "0");
      // A redirect would bind a VM to a neighbour that can move away.
      wanted.put("ipv4/conf/" + device + "/send_redirects", "0");
    }
    putBridge(wanted, bridge);
    putParking(wanted, Parking.ROUTED_DEVICE);
    return wanted;
  }

  private static void putBridge(Map<String, String> wanted, String bridge) {
    // Answer at once for VMs that are elsewhere.
    wanted.put("ipv4/conf/" + bridge + "/proxy_arp", "1");
    wanted.put("ipv6/conf/" + bridge + "/proxy_ndp", "1");
    wanted.put("ipv4/neigh/" + bridge + "/proxy_delay", "0");
    wanted.put("ipv6/neigh/" + bridge + "/proxy_delay", "0");
    // A gratuitous ARP makes a neighbour entry: the first packet to a new VM does not wait.
    wanted.put("ipv4/conf/" + bridge + "/arp_accept", "1");
    String queueBytes = Integer.toString(Parking.QUEUE_BYTES);
    wanted.put("ipv4/neigh/" + bridge + "/unres_qlen_bytes", queueBytes);
    wanted.put("ipv6/neigh/" + bridge + "/unres_qlen_bytes", queueBytes);
  }

  private static void putParking(Map<String, String> wanted, String device) {
    wanted.put("ipv4/conf/" + device + "/arp_ignore", "8");
    // Packets that this host itself sent to a departed VM come back here.
    wanted.put("ipv4/conf/" + device + "/accept_local", "1");
    for (String family : new String[] {"ipv4", "ipv6"}) {
      String neighbour = family + "/neigh/" + device + "/";
      // Ask no host, only programs: nobody answers, so packets wait for as many seconds.
      wanted.put(neighbour + "ucast_solicit", "0");
      wanted.put(neighbour + "mcast_solicit", "0");
      wanted.put(neighbour + "retrans_time_ms", "1000");
      wanted.put(neighbour + "app_solicit", Integer.toString(Parking.PARKING_SECONDS));
      wanted.put(neighbour + "unres_qlen_bytes", Integer.toString(Parking.QUEUE_BYTES));
    }
  }

  private static void writeOne(String name, String value) throws IOException {
    Path file = ROOT.resolve(name);
    try {
      if (!Files.readString(file).strip().equals(value)) {
        Files.writeString(file, value);
      }
    } catch (IOException e) {
      throw new IOException("cannot set " + file + " to " + value + ": " + e.getMessage(), e);
    }
  }
}
