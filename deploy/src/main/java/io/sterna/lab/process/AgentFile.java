package io.sterna.lab.process;

import io.sterna.lab.LabPorts;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import java.util.stream.Collectors;

/** The configuration file of a forwarding element of the lab. Pure. */
record AgentFile(LabPorts ports, LabPlan plan) {
  /** The file's text for the forwarding element of this site. */
  String text(Site site) {
    return """
        sterna.fe {
          id = %s
          controllers = [%s]
          tls { certificate = %s.pem, key = %s.key, authority = ca.pem }
          data-plane {
            network-namespace = "%s"
            bridge = %s
            gateway-mac = "%s"
            gateway-addresses = ["%s/%d"]
            tunnel-device = ov0
            tunnel-port = 4790
            vni = 100
            route-protocol = 157
          }
        }
        """
        .formatted(
            site.fe(),
            controllers(),
            site.fe(),
            site.fe(),
            plan.namespace(site),
            LabPlan.BRIDGE,
            LabPlan.GATEWAY_MAC,
            LabPlan.GATEWAY4,
            LabPlan.MOBILE4.length());
  }

  private String controllers() {
    return ports.controllers().stream()
        .map(each -> "\"" + LabPorts.HOST + ":" + each.southbound() + "\"")
        .collect(Collectors.joining(", "));
  }
}
