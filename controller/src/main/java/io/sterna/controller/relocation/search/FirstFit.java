package io.sterna.controller.relocation.search;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A first placement of clusters: the largest first, each where it costs least with those before.
 */
final class FirstFit {
  private final Problem problem;
  private final Graph graph;
  private final int sites;
  private final int[] site;
  private final boolean[] isPlaced;
  private final long[] vms;
  private final long[] memoryMib;

  /** By group of anti-affinity and site. */
  private final boolean[] taken;

  /**
   * @param anchors where those are that are pinned
   */
  FirstFit(Problem problem, Graph graph, int[] anchors) {
    this.problem = problem;
    this.graph = graph;
    sites = problem.costs.count;
    site = anchors.clone();
    isPlaced = new boolean[graph.size()];
    vms = new long[sites];
    memoryMib = new long[sites];
    taken = new boolean[problem.groups * sites];
  }

  /** Where all are; null if not all fit. */
  int @Nullable [] place() {
    for (int v = 0; v < graph.size(); v++) {
      if (!graph.movable()[v]) {
        place(v, site[v]);
      }
    }
    int[] order =
        IntStream.of(graph.movableVertices())
            .boxed()
            .sorted(Comparator.comparingInt((Integer v) -> -graph.vms()[v]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] cost = new double[sites];
    for (int v : order) {
      costs(v, cost);
      int best = -1;
      for (int s = 0; s < sites; s++) {
        if (cost[s] < SiteCosts.UNREACHABLE && fits(v, s) && (best < 0 || cost[s] < cost[best])) {
          best = s;
        }
      }
      if (best < 0) {
        return null;
      }
      place(v, best);
    }
    return site;
  }

  private boolean fits(int v, int at) {
    return vms[at] + graph.vms()[v] <= problem.costs.vmCapacity[at]
        && memoryMib[at] <= problem.costs.memoryCapacityMib[at] - graph.memoryMib()[v]
        && (graph.groups()[v] < 0 || !taken[graph.groups()[v] * sites + at]);
  }

  private void place(int v, int at) {
    site[v] = at;
    isPlaced[v] = true;
    vms[at] += graph.vms()[v];
    memoryMib[at] += graph.memoryMib()[v];
    if (graph.groups()[v] >= 0) {
      taken[graph.groups()[v] * sites + at] = true;
    }
  }

  private void costs(int v, double[] cost) {
    for (int s = 0; s < sites; s++) {
      double full = (double) vms[s] / Math.max(1, problem.costs.vmCapacity[s]);
      // Of sites that cost the same, the emptiest.
      cost[s] = graph.vms()[v] * problem.costs.price[s] + full * Descent.LEAST_GAIN;
      cost[s] += problem.costs.fullness[s] * graph.vms()[v] * (2.0 * vms[s] + graph.vms()[v]);
      double[] linear = graph.linear();
      if (linear != null) {
        cost[s] += linear[v * sites + s];
      }
    }
    for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
      int peer = graph.peers()[i];
      if (!isPlaced[peer]) {
        continue;
      }
      int row = site[peer] * sites;
      for (int s = 0; s < sites; s++) {
        cost[s] += graph.out()[i] * problem.costs.to[row + s];
        double[] in = graph.in();
        if (in != null) {
          cost[s] += in[i] * problem.costs.from[row + s];
        }
      }
    }
  }
}
