package io.sterna.controller.relocation.model;

/** A site has more than fits: from there no order of steps keeps every site within its capacity. */
public final class OverfullException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Site site;

  private OverfullException(Site site, String reason) {
    super(reason);
    this.site = site;
  }

  /** The site. */
  public Site site() {
    return site;
  }

  static void check(Scenario scenario) throws OverfullException {
    int count = scenario.network().sites().size();
    long[] vms = new long[count];
    long[] memoryMib = new long[count];
    for (int i = 0; i < scenario.endpoints().size(); i++) {
      if (scenario.endpoints().get(i) instanceof Endpoint.Vm vm) {
        vms[scenario.site(i)]++;
        memoryMib[scenario.site(i)] += vm.memoryMib();
      }
    }
    for (int i = 0; i < count; i++) {
      Site site = scenario.network().sites().get(i);
      if (vms[i] > site.vmCapacity()) {
        throw overfull(site, vms[i], "VMs", site.vmCapacity());
      }
      if (memoryMib[i] > site.memoryCapacityMib()) {
        throw overfull(site, memoryMib[i], "MiB of VMs", site.memoryCapacityMib());
      }
    }
  }

  private static OverfullException overfull(Site site, long has, String what, long fit) {
    return new OverfullException(
        site,
        "data center %s is overfull: it has %d %s, and %d fit"
            .formatted(site.id(), has, what, fit));
  }
}
