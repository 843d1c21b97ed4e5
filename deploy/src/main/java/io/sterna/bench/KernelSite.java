package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.UnwindOnExit;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.FeId;
import java.util.List;
import java.util.stream.Stream;

/** A network namespace in which one real forwarding element writes its kernel table. */
final class KernelSite implements AutoCloseable {
  private static final int ROUTE_PROTOCOL = 157;

  private final String namespace;

  private KernelSite(String namespace) {
    this.namespace = namespace;
  }

  /**
   * Makes it: a bridge for VMs, and a device in the network between the sites.
   *
   * @param fe the element
   * @param underlay its address there
   * @throws LabException if it cannot be made; then nothing is left
   */
  static KernelSite make(FeId fe, String underlay) throws LabException {
    KernelSite site = new KernelSite("sterna-bench-" + ProcessHandle.current().pid() + "-" + fe);
    ip("netns", "add", site.namespace);
    try {
      site.inside("link", "set", "lo", "up");
      site.inside("link", "add", "up0", "type", "veth", "peer", "name", "up1");
      site.inside("link", "set", "up1", "up");
      site.inside("addr", "add", underlay + "/12", "dev", "up0");
      site.inside("link", "set", "up0", "up");
      site.inside("link", "add", "br0", "type", "bridge", "forward_delay", "0");
      site.inside("link", "set", "br0", "up");
      return site;
    } catch (LabException e) {
      site.close();
      throw e;
    }
  }

  /** The configuration file of the element. */
  String agentFile(FeId fe, String controller) {
    return """
        sterna.fe {
          id = %1$s
          controllers = ["%2$s"]
          tls { certificate = fes/%1$s.pem, key = fes/%1$s.key, authority = ca.pem }
          data-plane {
            network-namespace = "%3$s"
            bridge = br0
            route-protocol = %4$d
          }
        }
        """
        .formatted(fe, controller, namespace, ROUTE_PROTOCOL);
  }

  /** The network namespace. */
  NetworkNamespace namespace() {
    return NetworkNamespace.named(namespace);
  }

  /** The routes of the element that the kernel holds, a line each, as {@code ip route} has them. */
  List<String> routes() throws LabException {
    String protocol = String.valueOf(ROUTE_PROTOCOL);
    return Tool.output(List.of("ip", "-n", namespace, "route", "show", "proto", protocol))
        .lines()
        .toList();
  }

  /** How many they are, for a table of any size. */
  long routeCount() throws LabException {
    String count = "ip -n " + namespace + " route show proto " + ROUTE_PROTOCOL + " | wc -l";
    return Long.parseLong(Tool.output(List.of("sh", "-c", count)).strip());
  }

  private void inside(String... words) throws LabException {
    String[] all = new String[words.length + 2];
    all[0] = "-n";
    all[1] = namespace;
    System.arraycopy(words, 0, all, 2, words.length);
    ip(all);
  }

  private static void ip(String... words) throws LabException {
    Tool.output(Stream.concat(Stream.of("ip"), Stream.of(words)).toList());
  }

  @Override
  public void close() throws LabException {
    UnwindOnExit.uninterrupted(() -> ip("netns", "del", namespace));
  }
}
