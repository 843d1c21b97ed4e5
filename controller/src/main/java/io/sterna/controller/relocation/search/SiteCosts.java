package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import org.jspecify.annotations.Nullable;

/**
 * What the objective makes of a network: a flow of rate r from site a to site b costs r times one
 * number, whatever path it takes, so that a move is a matter of look-ups. Link load, RTT and
 * charges are all of that shape; prices are so much a VM; how full a site is, is a square.
 */
final class SiteCosts {
  /** More than any plan can gain, and still a number: infinity times a rate of 0 is none. */
  static final double UNREACHABLE = 1e18;

  private static final double GIB_PER_HOUR_OF_MBPS = 1e6 / 8 * 3600 / (1L << 30);

  final int count;

  /** By {@code a * count + b}: of one Mbit/s from a to b. */
  final double[] from;

  /** By {@code a * count + b}: whether there is a path from a to b; null if there always is. */
  final boolean @Nullable [] reachable;

  /** By {@code a * count + b}: of one Mbit/s from b to a. */
  final double[] to;

  /** Whether a pair of sites costs the same in both directions: then one rate a pair is enough. */
  final boolean symmetric;

  final int[] vmCapacity;
  final long[] memoryCapacityMib;

  /** By site: of one VM there. */
  final double[] price;

  /** By site: of the square of the VMs there. */
  final double[] fullness;

  final Objective objective;
  private final Network network;

  SiteCosts(Scenario scenario, Objective objective) {
    this.objective = objective;
    network = scenario.network();
    count = network.sites().size();
    from = new double[count * count];
    to = new double[count * count];
    double totalMbps = 0;
    for (int flow = 0; flow < scenario.flows(); flow++) {
      totalMbps += scenario.rateMbps(flow);
    }
    boolean same = true;
    for (int a = 0; a < count; a++) {
      for (int b = 0; b < count; b++) {
        from[a * count + b] = ofMbps(a, b, totalMbps);
        to[b * count + a] = from[a * count + b];
      }
    }
    for (int i = 0; i < from.length; i++) {
      same &= from[i] == to[i];
    }
    symmetric = same;
    reachable = reachable(network);
    vmCapacity = network.sites().stream().mapToInt(Site::vmCapacity).toArray();
    memoryCapacityMib = network.sites().stream().mapToLong(Site::memoryCapacityMib).toArray();
    price = new double[count];
    fullness = new double[count];
    for (int site = 0; site < count; site++) {
      price[site] = objective.sitePrice() * network.sites().get(site).pricePerVmHour();
      double capacity = vmCapacity[site];
      fullness[site] = capacity == 0 ? 0 : objective.siteLoad() / (capacity * capacity * count);
    }
  }

  private static boolean @Nullable [] reachable(Network network) {
    int count = network.sites().size();
    boolean[] reachable = new boolean[count * count];
    boolean all = true;
    for (int pair = 0; pair < reachable.length; pair++) {
      reachable[pair] = network.reaches(pair / count, pair % count);
      all &= reachable[pair];
    }
    return all ? null : reachable;
  }

  boolean reaches(int a, int b) {
    return reachable == null || reachable[a * count + b];
  }

  private double ofMbps(int a, int b, double totalMbps) {
    if (!network.reaches(a, b)) {
      return UNREACHABLE;
    }
    double load = 0;
    double price = 0;
    for (int link : network.path(a, b)) {
      Link each = network.links().get(link);
      load += 1 / (each.capacityMbps() * network.links().size());
      price += each.pricePerGib() * GIB_PER_HOUR_OF_MBPS;
    }
    double rtt = totalMbps == 0 ? 0 : network.rttMs(a, b) / totalMbps;
    return objective.linkLoad() * load + objective.rtt() * rtt + objective.dataCharges() * price;
  }

  /** What it costs that a VM has moved so far. */
  double migration(Endpoint.Vm vm, int home, int site) {
    if (home == site || objective.migration() == 0) {
      return 0;
    }
    double seconds = network.migrationSeconds(vm, home, site);
    return Math.min(UNREACHABLE, objective.migration() * seconds);
  }
}
