package io.sterna.controller.relocation;

import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.search.Deadline;
import io.sterna.controller.relocation.search.Search;
import java.util.function.LongSupplier;

/**
 * Plans migrations. The same arguments give the same plan: how much is searched is bounded by work,
 * not by time. With a deadline a search that is not done by then is cut short ({@link
 * Plan#complete}), and what was found until then is the plan.
 *
 * @param algorithm how it is searched
 * @param objective what counts as cost
 * @param limits how much may be moved
 * @param seed of the chance in it
 */
public record Planner(Algorithm algorithm, Objective objective, Limits limits, long seed) {
  /** Our algorithm for the paper's cost, without limits. */
  public static Planner standard() {
    return new Planner(Algorithm.STERNA, Objective.LINK_LOAD, Limits.NONE, 1);
  }

  /** Plans with another algorithm. */
  public Planner with(Algorithm other) {
    return new Planner(other, objective, limits, seed);
  }

  /** Plans within other limits. */
  public Planner with(Limits other) {
    return new Planner(algorithm, objective, other, seed);
  }

  /** Plans for another cost. */
  public Planner with(Objective other) {
    return new Planner(algorithm, other, limits, seed);
  }

  /** Plans by another chance. */
  public Planner withSeed(long other) {
    return new Planner(algorithm, objective, limits, other);
  }

  /** A plan, however long it takes. */
  public Plan plan(Scenario scenario) {
    return plan(scenario, Deadline.never());
  }

  /**
   * A plan by a deadline.
   *
   * @param nanos a clock that never goes back, like {@code System::nanoTime}
   * @param atNanos its reading by which all is done; the search ends earlier, and leaves some of
   *     the time to the order of the steps
   */
  public Plan plan(Scenario scenario, LongSupplier nanos, long atNanos) {
    return plan(scenario, Deadline.at(nanos, atNanos));
  }

  private Plan plan(Scenario scenario, Deadline deadline) {
    Search search = new Search(scenario, objective, limits, seed, deadline);
    return switch (algorithm) {
      case ALGORITHM1 -> search.algorithm1();
      case DESCENT -> search.descent();
      case GREEDY -> search.greedy();
      case STERNA -> search.sterna();
    };
  }
}
