package io.sterna.lab.story;

import io.sterna.lab.Lab;
import io.sterna.lab.LabException;
import io.sterna.lab.LabHypervisor;
import io.sterna.lab.LabSettings;
import io.sterna.lab.topology.IpTool;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import io.sterna.linux.NetworkNamespace;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * What the story of relocation needs of a lab: wide-area links of a known capacity, elements that
 * report often, a hypervisor at each, and plans that wait for an approval.
 */
final class RelocationLab implements Lab.Extension {
  /** What a site's uplink carries each way. */
  static final int LINK_MBPS = 50;

  private static final int RTT_MS = 10;
  private static final int VMS_MAX = 4;

  private final LabSettings settings;
  private final LabPlan plan;

  RelocationLab(LabSettings settings, LabPlan plan) {
    this.settings = settings;
    this.plan = plan;
  }

  @Override
  public String ofControllers() {
    StringJoiner sites = new StringJoiner(", ");
    StringJoiner links = new StringJoiner(", ");
    for (Site from : plan.sites()) {
      sites.add(
          "{ id = %s, latitude = 50, longitude = %d, vm-capacity = %d }"
              .formatted(from.id(), 10 * from.number(), VMS_MAX));
      for (Site to : plan.sites()) {
        if (!from.equals(to)) {
          links.add(
              "{ from = %s, to = %s, capacity-mbps = %d, rtt-ms = %d }"
                  .formatted(from.id(), to.id(), LINK_MBPS, RTT_MS));
        }
      }
    }
    return """
        sterna.controller {
          network { sites = [%s], links = [%s] }
          traffic.time-constant = 10s
          relocation {
            enabled = true
            vm-memory = 1GiB
            schedule = 1h
            look-every = 1s
            overload-percent = 0
            hysteresis { confirm = 2s, dwell = 10m, return-after = 1h }
          }
        }
        """
        .formatted(sites, links);
  }

  @Override
  public String ofElement(Site site) {
    String command =
        LabHypervisor.command(settings, site).stream()
            .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
            .collect(Collectors.joining(", "));
    return """
        sterna.fe {
          telemetry.interval = 1s
          hypervisor.command = [%s]
        }
        """
        .formatted(command);
  }

  /** Shapes every site's uplink, both ways: that stands for the wide-area links. */
  void shape() throws LabException {
    IpTool tool = new IpTool();
    for (Site site : plan.sites()) {
      shape(tool, plan.namespace(site), "up0");
      shape(tool, plan.core(), site.fe().value());
    }
  }

  private static void shape(IpTool tool, String namespace, String device) throws LabException {
    tool.run(
        List.of(
            "tc",
            "-n",
            namespace,
            "qdisc",
            "add",
            "dev",
            device,
            "root",
            "tbf",
            "rate",
            LINK_MBPS + "mbit",
            "burst",
            "64kb",
            "latency",
            "50ms"),
        "");
  }

  /** Bytes that came from sites into the core so far: each wide-area packet counts once. */
  long wideAreaBytes() throws LabException {
    Set<String> uplinks =
        plan.sites().stream().map(site -> site.fe().value()).collect(Collectors.toSet());
    try {
      String table =
          NetworkNamespace.named(plan.core())
              .call(() -> Files.readString(Path.of("/proc/thread-self/net/dev")));
      long bytes = 0;
      for (String line : table.lines().toList()) {
        int colon = line.indexOf(':');
        if (colon > 0 && uplinks.contains(line.substring(0, colon).strip())) {
          bytes += Long.parseLong(line.substring(colon + 1).strip().split("\\s+", 2)[0]);
        }
      }
      return bytes;
    } catch (IOException e) {
      throw new LabException("cannot read the core's counters: " + FileReason.why(e), e);
    }
  }
}
