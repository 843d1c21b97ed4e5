package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The best that can be had for a budget. Each move is given a price, what it takes of the budget,
 * and the placement is searched that is best with it; the price is raised while that moves too
 * much, and lowered while it moves too little. What is left is spent best gain first, and best gain
 * first alone is tried as well: it is never worse than that.
 */
final class Budgeted {
  private static final int PRICES = 9;

  /** Beyond this many numbers a price for each VM and site is too much memory. */
  private static final long PRICED_MAX = 40_000_000;

  private final Problem problem;
  private final Limits limits;
  private final Effort effort;
  private final long seed;
  private final Deadline searching;
  private final Deadline deadline;
  private @Nullable Moves best;
  private double bestCost = Double.POSITIVE_INFINITY;

  /**
   * @param searching when it ends to look for placements
   * @param deadline when it ends to order steps towards them
   */
  Budgeted(
      Problem problem,
      Limits limits,
      Effort effort,
      long seed,
      Deadline searching,
      Deadline deadline) {
    this.problem = problem;
    this.limits = limits;
    this.effort = effort;
    this.seed = seed;
    this.searching = searching;
    this.deadline = deadline;
  }

  /** The moves, in order. */
  Moves run() {
    Placement greedy = problem.start();
    offer(new Greedy(greedy).run(limits, searching), greedy);
    Placement start = problem.start();
    Multilevel search =
        new Multilevel(problem, problem.graph, problem.home, effort, seed, searching);
    int[] free = search.run();
    double gained = start.cost() - search.cost();
    double taken = taken(free);
    follow(free);
    if (gained > 0 && taken > 1 && (long) free.length * start.sites() <= PRICED_MAX) {
      bisect(gained / taken, greedy.site);
    }
    return best == null ? new Moves() : best;
  }

  /** How many budgets a placement takes. */
  private double taken(int[] site) {
    double taken = 0;
    for (int v = 0; v < site.length; v++) {
      taken += site[v] == problem.home[v] ? 0 : share(v);
    }
    return taken;
  }

  private double share(int vertex) {
    double ofMoves = 1.0 / Math.max(1, limits.moves());
    double ofMemory = (double) problem.graph.memoryMib()[vertex] / Math.max(1, limits.memoryMib());
    return Math.max(ofMoves, ofMemory);
  }

  private void bisect(double average, int[] greedy) {
    double price = average * 2;
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    int[] warm = greedy;
    for (int i = 0; i < PRICES && !searching.isOver(); i++) {
      Multilevel search =
          new Multilevel(problem, priced(price), problem.home, effort, seed + i, searching);
      search.seed(warm);
      int[] site = search.run();
      if (taken(site) > 1) {
        low = price;
      } else {
        high = price;
        warm = site;
      }
      follow(site);
      if (high == Double.POSITIVE_INFINITY) {
        price *= 3;
      } else {
        price = low == 0 ? price / 3 : Math.sqrt(low * high);
      }
    }
  }

  private Graph priced(double price) {
    Graph graph = problem.graph;
    int sites = problem.costs.count;
    double[] old = graph.linear();
    double[] linear = old == null ? new double[graph.size() * sites] : old.clone();
    for (int v = 0; v < graph.size(); v++) {
      for (int s = 0; s < sites; s++) {
        linear[v * sites + s] += s == problem.home[v] ? 0 : price * share(v);
      }
    }
    return graph.withLinear(linear);
  }

  /** Goes as far towards a placement as the budget allows, and spends the rest best gain first. */
  private void follow(int[] target) {
    Placement placement = problem.start();
    int[] site = target.clone();
    Placement wanted = new Placement(problem, problem.graph, site);
    Homing.run(wanted, problem.home, 0);
    Moves moves = new StepOrder(placement, site, limits, deadline).run();
    Placement reached = problem.start();
    long memoryMib = 0;
    for (int i = 0; i < moves.size(); i++) {
      reached.move(moves.vertex(i), moves.to(i));
      memoryMib += problem.graph.memoryMib()[moves.vertex(i)];
    }
    Limits left = new Limits(limits.moves() - moves.size(), limits.memoryMib() - memoryMib);
    Moves rest = new Greedy(reached).run(left, deadline);
    for (int i = 0; i < rest.size(); i++) {
      moves.add(rest.vertex(i), rest.to(i));
    }
    offer(moves, reached);
  }

  private void offer(Moves moves, Placement reached) {
    if (reached.cost() < bestCost) {
      bestCost = reached.cost();
      best = moves;
    }
  }
}
