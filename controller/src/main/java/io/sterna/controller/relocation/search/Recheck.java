package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;

/**
 * Looks at moves that were planned on other traffic once more. A move is kept if it pays: by
 * itself, or together with those that follow it, since what belongs together moves one after the
 * other and the first of them may cost.
 */
public final class Recheck {
  /** How many moves are looked at together. */
  private static final int TOGETHER_MAX = 64;

  private final Problem problem;

  /** Where everything is, and its traffic. */
  public Recheck(Scenario scenario, Objective objective) {
    problem = new Problem(scenario, objective);
  }

  /**
   * Those that pay and are possible, in their order.
   *
   * @param vertices who moves, by the number of its endpoint
   * @param to where to, by the number of the site
   * @param leastGain what each has to gain, on average over the moves that belong together
   */
  public Plan keep(int[] vertices, int[] to, double leastGain) {
    Placement placement = problem.start();
    Moves kept = new Moves();
    int next = 0;
    while (next < vertices.length) {
      int end = payingRun(placement, vertices, to, next, leastGain);
      for (int i = next; i < end; i++) {
        placement.move(vertices[i], to[i]);
        kept.add(vertices[i], to[i]);
      }
      next = Math.max(end, next + 1);
    }
    return new PlanWriter(problem).write(kept, true);
  }

  /**
   * Of the moves of a plan the first that are worth it, if each costs something more. What follows
   * gains too little for so many moves.
   *
   * @return how many these are
   */
  public static int worthwhile(Plan plan, double leastGain) {
    int length = 0;
    double best = plan.costBefore() - Descent.LEAST_GAIN;
    for (int i = 0; i < plan.steps().size(); i++) {
      double cost = plan.steps().get(i).costAfter() + (i + 1) * leastGain;
      if (cost < best) {
        best = cost;
        length = i + 1;
      }
    }
    return length;
  }

  /** Where the shortest run of moves ends that pays together; where it begins, if none does. */
  private static int payingRun(
      Placement placement, int[] vertices, int[] to, int first, double leastGain) {
    int most = Math.min(TOGETHER_MAX, vertices.length - first);
    int[] from = new int[most];
    double[] deltas = new double[most];
    int count = 0;
    double sum = 0;
    boolean pays = false;
    while (!pays && count < most) {
      int v = vertices[first + count];
      int target = to[first + count];
      if (placement.site[v] == target || !placement.canStep(v, target)) {
        break;
      }
      from[count] = placement.site[v];
      deltas[count] = placement.delta(v, target);
      sum += deltas[count];
      placement.move(v, target, deltas[count]);
      count++;
      pays = -sum > Math.max(Descent.LEAST_GAIN, count * leastGain);
    }
    for (int i = count - 1; i >= 0; i--) {
      placement.move(vertices[first + i], from[i], -deltas[i]);
    }
    return pays ? first + count : first;
  }
}
