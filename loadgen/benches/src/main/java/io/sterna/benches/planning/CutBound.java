package io.sterna.benches.planning;

import com.google.ortools.Loader;
import com.google.ortools.graph.MaxFlow;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Scenario;
import java.util.Map;

/**
 * A cost that no placement is below. Whatever is at a site is cut off from all other sites, at
 * least by the least cut between what is pinned there and what is pinned elsewhere; and a Mbit/s
 * that leaves it costs at least half of what the cheapest way out costs, the other half is the
 * other end's. It knows nothing of capacities: it is low where these matter.
 */
final class CutBound {
  private static final double UNITS_PER_MBPS = 1e4;
  private static final long UNLIMITED = Long.MAX_VALUE / 4;

  private CutBound() {}

  static double of(Scenario scenario) {
    Loader.loadNativeLibraries();
    int sites = scenario.network().sites().size();
    double[] costs = Pairs.costs(scenario.network());
    Map<Pairs.Pair, Pairs.Rates> pairs = Pairs.of(scenario);
    double bound = 0;
    for (int site = 0; site < sites; site++) {
      double cheapest = Double.POSITIVE_INFINITY;
      for (int other = 0; other < sites; other++) {
        if (other != site) {
          double way = Math.min(costs[site * sites + other], costs[other * sites + site]);
          cheapest = Math.min(cheapest, way);
        }
      }
      bound += cheapest / 2 * cutMbps(scenario, pairs, site);
    }
    return bound;
  }

  private static double cutMbps(Scenario scenario, Map<Pairs.Pair, Pairs.Rates> pairs, int site) {
    int size = scenario.endpoints().size();
    int inside = size;
    int outside = size + 1;
    MaxFlow flow = new MaxFlow();
    pairs.forEach(
        (pair, rates) -> {
          long units = (long) Math.floor((rates.there() + rates.back()) * UNITS_PER_MBPS);
          flow.addArcWithCapacity(pair.one(), pair.other(), units);
          flow.addArcWithCapacity(pair.other(), pair.one(), units);
        });
    boolean[] seen = new boolean[2];
    for (int v = 0; v < size; v++) {
      boolean movable = scenario.endpoints().get(v) instanceof Vm vm && vm.movable();
      if (!movable) {
        boolean here = scenario.site(v) == site;
        flow.addArcWithCapacity(here ? inside : v, here ? v : outside, UNLIMITED);
        seen[here ? 0 : 1] = true;
      }
    }
    if (!seen[0] || !seen[1]) {
      return 0;
    }
    MaxFlow.Status status = flow.solve(inside, outside);
    if (status != MaxFlow.Status.OPTIMAL) {
      throw new IllegalStateException("no greatest flow: " + status);
    }
    return flow.getOptimalFlow() / UNITS_PER_MBPS;
  }
}
