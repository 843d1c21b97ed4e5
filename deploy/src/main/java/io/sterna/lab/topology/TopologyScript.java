package io.sterna.lab.topology;

import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code ip -batch} lines that make a lab's namespaces, links, addresses and underlay routes.
 * Pure.
 *
 * <p>What belongs to the agents (tunnel device, gateway address, forwarding switches, routes to
 * VMs) is theirs to make; until they run, no VM is reachable from outside its bridge.
 */
final class TopologyScript {
  private static final int BACKUP_METRIC_STEP = 10;

  private final LabPlan plan;

  TopologyScript(LabPlan plan) {
    this.plan = plan;
  }

  /** The lines that make one namespace's content, after all namespaces exist. */
  record Batch(String namespace, List<String> lines) {}

  /** Batches in the order in which they must run. */
  List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    plan.sites().forEach(site -> batches.add(new Batch(plan.namespace(site), site(site))));
    batches.add(new Batch(plan.core(), core()));
    batches.add(new Batch(plan.client(), client()));
    plan.vms().forEach(vm -> batches.add(new Batch(plan.namespace(vm), vm(vm))));
    return batches;
  }

  private List<String> site(Site site) {
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    lines.add("link add up0 type veth peer name " + site.fe() + " netns " + plan.core());
    lines.add("addr add " + site.underlay4() + "/30 dev up0");
    lines.add("addr add " + site.underlay6() + "/64 dev up0 nodad");
    lines.add("link set up0 up");
    lines.add(
        "link add name "
            + LabPlan.BRIDGE
            + " index "
            + LabPlan.BRIDGE_INDEX
            + " type bridge forward_delay 0 mcast_snooping 0");
    lines.add("link set " + LabPlan.BRIDGE + " up");
    for (Vm vm : plan.vms()) {
      if (vm.home().equals(site)) {
        lines.add(
            "link add "
                + vm.name()
                + " type veth peer name "
                + LabPlan.VM_LINK
                + " netns "
                + plan.namespace(vm));
        lines.add("link set " + vm.name() + " master " + LabPlan.BRIDGE);
        lines.add("link set " + vm.name() + " up");
      }
    }
    return lines;
  }

  private List<String> core() {
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    for (Site site : plan.sites()) {
      lines.add("addr add " + site.core4() + "/30 dev " + site.fe());
      lines.add("addr add " + site.core6() + "/64 dev " + site.fe() + " nodad");
      lines.add("link set " + site.fe() + " up");
    }
    lines.add("link add ext0 type veth peer name " + LabPlan.VM_LINK + " netns " + plan.client());
    lines.add("addr add " + firstOf(LabPlan.CLIENT4) + "/24 dev ext0");
    lines.add("addr add " + firstOf(LabPlan.CLIENT6) + "/64 dev ext0 nodad");
    lines.add("link set ext0 up");
    for (Site site : plan.sites()) {
      // The world outside knows only whole mobile prefixes, never where a VM is.
      int metric = BACKUP_METRIC_STEP * site.number();
      lines.add("route add " + LabPlan.MOBILE4 + " via " + site.underlay4() + " metric " + metric);
      lines.add("route add " + LabPlan.MOBILE6 + " via " + site.underlay6() + " metric " + metric);
    }
    return lines;
  }

  /** The lines that need the core's side of the links. */
  List<Batch> defaultRoutes() {
    return plan.sites().stream()
        .map(
            site ->
                new Batch(
                    plan.namespace(site),
                    List.of(
                        "route add default via " + site.core4(),
                        "route add default via " + site.core6())))
        .toList();
  }

  private List<String> client() {
    return List.of(
        "link set lo up",
        "addr add " + LabPlan.CLIENT4 + "/24 dev " + LabPlan.VM_LINK,
        "addr add " + LabPlan.CLIENT6 + "/64 dev " + LabPlan.VM_LINK + " nodad",
        "link set " + LabPlan.VM_LINK + " up",
        "route add default via " + firstOf(LabPlan.CLIENT4),
        "route add default via " + firstOf(LabPlan.CLIENT6));
  }

  private List<String> vm(Vm vm) {
    int length6 = vm.onLink6() ? 64 : 128;
    return List.of(
        "link set lo up",
        "link set " + LabPlan.VM_LINK + " address " + vm.mac(),
        "addr add " + vm.address4() + "/" + LabPlan.MOBILE4.length() + " dev " + LabPlan.VM_LINK,
        "addr add " + vm.address6() + "/" + length6 + " dev " + LabPlan.VM_LINK + " nodad",
        "link set " + LabPlan.VM_LINK + " up",
        "route add default via " + LabPlan.GATEWAY4,
        "route add default via " + LabPlan.GATEWAY6 + " dev " + LabPlan.VM_LINK);
  }

  /** The router's address on the client's link: the client's, with the last bit pair changed. */
  private static IpAddress firstOf(IpAddress client) {
    return new IpAddress(client.high(), client.low() - 1);
  }
}
