package io.sterna.controller.relocation.search;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Our own. VMs that belong together are gathered in clusters, and these in larger ones; the largest
 * are placed first, by annealing; then each level below is refined by annealing at temperatures
 * that only mend, down to single VMs. What was found is then clustered anew, only within sites, and
 * refined again: a group that sits at the wrong site moves as one. The best placement seen is the
 * answer, and the first is where everything is now: it never gets worse.
 *
 * <p>See Karypis and Kumar, 'A fast and high quality multilevel scheme for partitioning irregular
 * graphs' (1998) for the levels, and Walshaw, 'Multilevel refinement for combinatorial optimisation
 * problems' (2004) for cycles of them.
 */
final class Multilevel {
  private static final int LEVELS_MAX = 12;

  /** A cluster is at most this share of the smallest site: what is larger is hard to place. */
  private static final double[] CLUSTER_SHARES = {0.25, 0.6};

  /** A level that has more vertices than this share of the one below is not worth it. */
  private static final double SHRINKS = 0.95;

  private final Problem problem;
  private final Graph finest;
  private final int[] home;
  private final Effort effort;
  private final SplittableRandom random;
  private final Deadline deadline;
  private int[] best;
  private double bestCost;

  /**
   * @param finest the problem's graph, or that with other costs of sites
   */
  Multilevel(
      Problem problem, Graph finest, int[] home, Effort effort, long seed, Deadline deadline) {
    this.problem = problem;
    this.finest = finest;
    this.home = home;
    this.effort = effort;
    random = new SplittableRandom(seed);
    this.deadline = deadline;
    best = home.clone();
    bestCost = new Placement(problem, finest, best).cost();
  }

  /** Where everything should be. */
  int[] run() {
    for (int i = 0; i < effort.starts() && (i == 0 || !deadline.isOver()); i++) {
      cycle(null, effort.coarseHeat(), CLUSTER_SHARES[i % CLUSTER_SHARES.length]);
    }
    for (int i = 0; i < effort.cycles() && !deadline.isOver(); i++) {
      cycle(best, effort.cycleHeat(), CLUSTER_SHARES[i % CLUSTER_SHARES.length]);
    }
    return best;
  }

  /** A placement that is known: it is refined as well. */
  void seed(int[] site) {
    offer(new Placement(problem, finest, site.clone()));
  }

  double cost() {
    return bestCost;
  }

  private void offer(Placement placement) {
    double cost = placement.recount();
    if (cost < bestCost) {
      bestCost = cost;
      best = placement.site.clone();
    }
  }

  private void cycle(int @Nullable [] within, double heat, double clusterShare) {
    List<Coarsening> levels = coarsen(within, clusterShare);
    int[] site = null;
    for (int level = levels.size(); level >= 0; level--) {
      Graph graph = level == 0 ? finest : levels.get(level - 1).graph();
      double startHeat = effort.fineHeat();
      if (site == null) {
        site = first(graph, levels, level, within);
        startHeat = heat;
      }
      if (site == null) {
        // The clusters of this level do not fit into the sites: smaller ones may.
        continue;
      }
      Placement placement = new Placement(problem, graph, site);
      refine(placement, startHeat);
      if (level == 0) {
        offer(placement);
      } else {
        site = levels.get(level - 1).project(placement.site);
      }
    }
  }

  private int @Nullable [] first(
      Graph graph, List<Coarsening> levels, int level, int @Nullable [] within) {
    if (within != null) {
      return lift(levels, level, within);
    }
    int[] placed = new FirstFit(problem, graph, lift(levels, level, home)).place();
    return placed == null && level == 0 ? home.clone() : placed;
  }

  private void refine(Placement placement, double heat) {
    Annealing annealing = new Annealing(placement, random, deadline);
    double scale = annealing.scale();
    long tries = effort.triesFor(placement.graph.size());
    annealing.run(scale * heat, scale * effort.cold(), tries);
    new Descent(placement, deadline).runWithSwaps(random);
  }

  private List<Coarsening> coarsen(int @Nullable [] within, double clusterShare) {
    int vmsMax = Integer.MAX_VALUE;
    long memoryMax = Long.MAX_VALUE;
    for (int s = 0; s < problem.costs.count; s++) {
      if (problem.costs.vmCapacity[s] > 0) {
        vmsMax = Math.min(vmsMax, (int) (problem.costs.vmCapacity[s] * clusterShare));
        memoryMax = Math.min(memoryMax, (long) (problem.costs.memoryCapacityMib[s] * clusterShare));
      }
    }
    List<Coarsening> levels = new ArrayList<>();
    Graph graph = finest;
    int[] site = within == null ? home : within;
    while (levels.size() < LEVELS_MAX && !deadline.isOver()) {
      Coarsening next =
          Coarsening.of(
              graph,
              problem.costs.count,
              site,
              within != null,
              Math.max(vmsMax, 1),
              memoryMax,
              random);
      if (next.graph().size() > SHRINKS * graph.size()) {
        return levels;
      }
      levels.add(next);
      site = next.lift(site);
      graph = next.graph();
    }
    return levels;
  }

  private static int[] lift(List<Coarsening> levels, int level, int[] site) {
    int[] lifted = site;
    for (int i = 0; i < level; i++) {
      lifted = levels.get(i).lift(lifted);
    }
    return lifted.clone();
  }
}
