package io.sterna.controller.relocation.model;

/**
 * What a placement costs, term by term, each in its own unit and without its weight. Counted flow
 * by flow and link by link, apart from the search: its sums are checked against these.
 *
 * @param linkLoad mean of load divided by capacity, over all directed links
 * @param rttMs mean RTT of the traffic
 * @param dataCharges of the traffic between sites for an hour
 * @param siteLoad mean, over all sites, of the square of VMs divided by capacity
 * @param sitePrice of the VMs for an hour
 * @param migrationSeconds what moving there from where everything was takes
 */
public record Costs(
    double linkLoad,
    double rttMs,
    double dataCharges,
    double siteLoad,
    double sitePrice,
    double migrationSeconds) {
  private static final double GIB_PER_HOUR_OF_MBPS = 1e6 / 8 * 3600 / (1L << 30);

  /**
   * Counts them.
   *
   * @param site by endpoint: the number of the site where it is
   */
  public static Costs of(Scenario scenario, int[] site) {
    Network network = scenario.network();
    double[] loads = linkLoadsMbps(scenario, site);
    double load = 0;
    double charges = 0;
    for (int i = 0; i < loads.length; i++) {
      Link link = network.links().get(i);
      load += loads[i] / link.capacityMbps() / loads.length;
      charges += loads[i] * GIB_PER_HOUR_OF_MBPS * link.pricePerGib();
    }
    double total = 0;
    double rtt = 0;
    for (int flow = 0; flow < scenario.flows(); flow++) {
      double rate = scenario.rateMbps(flow);
      total += rate;
      rtt += rate * network.rttMs(site[scenario.source(flow)], site[scenario.destination(flow)]);
    }
    int[] vms = vms(scenario, site);
    double siteLoad = 0;
    double price = 0;
    for (int i = 0; i < vms.length; i++) {
      Site each = network.sites().get(i);
      double full = each.vmCapacity() == 0 ? 0 : (double) vms[i] / each.vmCapacity();
      siteLoad += full * full / vms.length;
      price += vms[i] * each.pricePerVmHour();
    }
    double seconds = migrationSeconds(scenario, site);
    return new Costs(load, total == 0 ? 0 : rtt / total, charges, siteLoad, price, seconds);
  }

  /** By the number of a link: what it carries. */
  public static double[] linkLoadsMbps(Scenario scenario, int[] site) {
    Network network = scenario.network();
    int sites = network.sites().size();
    double[] between = new double[sites * sites];
    for (int flow = 0; flow < scenario.flows(); flow++) {
      int from = site[scenario.source(flow)];
      between[from * sites + site[scenario.destination(flow)]] += scenario.rateMbps(flow);
    }
    double[] loads = new double[network.links().size()];
    for (int pair = 0; pair < between.length; pair++) {
      for (int link : network.path(pair / sites, pair % sites)) {
        loads[link] += between[pair];
      }
    }
    return loads;
  }

  /** By the number of a site: how many VMs are there. */
  public static int[] vms(Scenario scenario, int[] site) {
    int[] vms = new int[scenario.network().sites().size()];
    for (int i = 0; i < site.length; i++) {
      vms[site[i]] += scenario.endpoints().get(i) instanceof Endpoint.Vm ? 1 : 0;
    }
    return vms;
  }

  private static double migrationSeconds(Scenario scenario, int[] site) {
    double seconds = 0;
    for (int i = 0; i < site.length; i++) {
      if (site[i] != scenario.site(i) && scenario.endpoints().get(i) instanceof Endpoint.Vm vm) {
        seconds += scenario.network().migrationSeconds(vm, scenario.site(i), site[i]);
      }
    }
    return seconds;
  }

  /** The weighted sum. */
  public double weighted(Objective objective) {
    return objective.linkLoad() * linkLoad
        + objective.rtt() * rttMs
        + objective.dataCharges() * dataCharges
        + objective.siteLoad() * siteLoad
        + objective.sitePrice() * sitePrice
        + objective.migration() * migrationSeconds;
  }
}
