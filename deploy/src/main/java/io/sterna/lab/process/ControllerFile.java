package io.sterna.lab.process;

import io.sterna.lab.LabPorts;
import io.sterna.lab.topology.LabPlan;
import java.util.stream.Collectors;

/** The configuration file of a controller of the lab. Pure. */
record ControllerFile(LabPorts ports, LabPlan plan) {
  private static final int RANGE_LENGTH4 = 20;
  private static final int RANGE_LENGTH6 = 116;

  /** The file's text for the controller at this place, from 0. */
  String text(int index) {
    LabPorts.OfController own = ports.controllers().get(index);
    String id = "c" + (index + 1);
    return """
        sterna.controller {
          id = %s
          cluster { host = "%s", port = %d, seeds = [%s] }
          southbound { host = "%s", port = %d }
          http { host = "%s", port = %d }
          tls { certificate = %s.pem, key = %s.key, authority = ca.pem }
          mobile-prefixes = [
            { prefix = "%s", range-length = %d }
            { prefix = "%s", range-length = %d }
          ]
          forwarding-elements = [
        %s
          ]
          cassandra {
            contact-points = ["%s:%d"]
            local-datacenter = datacenter1
            keyspace = sterna
            replication-factor = 1
          }
        }
        """
        .formatted(
            id,
            LabPorts.HOST,
            own.cluster(),
            seeds(),
            LabPorts.HOST,
            own.southbound(),
            LabPorts.HOST,
            own.http(),
            id,
            id,
            LabPlan.MOBILE4,
            RANGE_LENGTH4,
            LabPlan.MOBILE6,
            RANGE_LENGTH6,
            elements(),
            LabPorts.HOST,
            ports.cql());
  }

  private String seeds() {
    return ports.controllers().stream()
        .map(each -> "\"" + LabPorts.HOST + ":" + each.cluster() + "\"")
        .collect(Collectors.joining(", "));
  }

  private String elements() {
    return plan.sites().stream()
        .map(
            site ->
                "    { id = %s, site = %s, underlay = \"%s\" }"
                    .formatted(site.fe(), site.id(), site.underlay4()))
        .collect(Collectors.joining("\n"));
  }
}
