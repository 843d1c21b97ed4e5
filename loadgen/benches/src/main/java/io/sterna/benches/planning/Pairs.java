package io.sterna.benches.planning;

import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Scenario;
import java.util.LinkedHashMap;
import java.util.Map;

/** Link load as a matter of pairs, worked out here anew: the planner is not asked about itself. */
final class Pairs {
  private Pairs() {}

  /** By {@code from * sites + to}: what one Mbit/s adds to the mean load factor. */
  static double[] costs(Network network) {
    int sites = network.sites().size();
    double[] costs = new double[sites * sites];
    for (int pair = 0; pair < costs.length; pair++) {
      for (int link : network.path(pair / sites, pair % sites)) {
        Link each = network.links().get(link);
        costs[pair] += 1 / (each.capacityMbps() * network.links().size());
      }
    }
    return costs;
  }

  /** Two endpoints, the lower number first. */
  record Pair(int one, int other) {}

  /** What two endpoints send each other: there, and back. */
  record Rates(double there, double back) {
    private Rates plus(Rates more) {
      return new Rates(there + more.there, back + more.back);
    }
  }

  /** All that talk. */
  static Map<Pair, Rates> of(Scenario scenario) {
    Map<Pair, Rates> pairs = new LinkedHashMap<>();
    for (int flow = 0; flow < scenario.flows(); flow++) {
      int source = scenario.source(flow);
      int destination = scenario.destination(flow);
      double rate = scenario.rateMbps(flow);
      if (source < destination) {
        pairs.merge(new Pair(source, destination), new Rates(rate, 0), Rates::plus);
      } else {
        pairs.merge(new Pair(destination, source), new Rates(0, rate), Rates::plus);
      }
    }
    return pairs;
  }
}
