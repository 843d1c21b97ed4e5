package io.sterna.lab.emulated;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * The sites and the way of a packet between them: looked up in the table of one element after the
 * other, as installed at that moment. Thread-safe.
 */
final class EmulatedSites {
  /** As the tunnels' time to live, only sooner: a packet that is sent in circles ends. */
  static final int HOP_LIMIT = 8;

  /** One site. */
  record Element(EmulatedTable table, EmulatedBridge bridge) {}

  private final LabPlan plan;
  private final Map<Site, Element> elements = new LinkedHashMap<>();
  private final Map<IpAddress, Site> byUnderlay = new LinkedHashMap<>();

  /**
   * Every VM is plugged in at home; no table has a route.
   *
   * @param installed told of each route put at a site, after it stands
   */
  EmulatedSites(LabPlan plan, Executor wire, BiConsumer<Site, IpAddress> installed) {
    this.plan = plan;
    for (Site site : plan.sites()) {
      EmulatedTable table = new EmulatedTable(address -> installed.accept(site, address));
      elements.put(site, new Element(table, new EmulatedBridge(wire)));
      byUnderlay.put(site.underlay4(), site);
    }
    plan.vms().forEach(vm -> element(vm.home()).bridge().plug(vm));
  }

  Element element(Site site) {
    Element element = elements.get(site);
    if (element == null) {
      throw new IllegalArgumentException("no such site: " + site);
    }
    return element;
  }

  /** The site where the VM is plugged in; empty while it is under way. */
  Optional<Site> siteOf(Vm vm) {
    return plan.sites().stream().filter(site -> element(site).bridge().holds(vm)).findFirst();
  }

  /** Whether a packet that enters at a site reaches the VM with the address. */
  boolean delivers(Site entry, IpAddress address) {
    Site here = entry;
    for (int hops = 0; hops < HOP_LIMIT; hops++) {
      Element element = element(here);
      EmulatedTable table = element.table();
      NextHop next =
          (hops == 0 ? table.nextHop(address) : table.nextHopFromTunnel(address)).orElse(null);
      if (next instanceof NextHop.Tunnel tunnel) {
        Site there = byUnderlay.get(tunnel.endpoint());
        if (there == null) {
          return false;
        }
        here = there;
      } else {
        return next instanceof NextHop.Local local
            && element.bridge().reaches(local.mac(), address);
      }
    }
    return false;
  }
}
