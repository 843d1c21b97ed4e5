package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;

/** The algorithms, from a scenario to a plan. Each of them is to be run on a search of its own. */
public final class Search {
  /** Of the time until a deadline: the rest is for the order of the steps. */
  private static final double SHARE_OF_SEARCH = 0.8;

  private final Problem problem;
  private final Limits limits;
  private final long seed;
  private final Deadline deadline;
  private final Deadline searching;

  /** Nothing has been searched yet. */
  public Search(
      Scenario scenario, Objective objective, Limits limits, long seed, Deadline deadline) {
    problem = new Problem(scenario, objective);
    this.limits = limits;
    this.seed = seed;
    this.deadline = deadline;
    searching = deadline.after(SHARE_OF_SEARCH);
  }

  /** The paper's. */
  public Plan algorithm1() {
    return write(within(new Algorithm1(problem).run(deadline)));
  }

  /** One VM after the other to its best site. */
  public Plan descent() {
    return write(within(new Descent(problem.start(), deadline).run()));
  }

  /** Best gain first. */
  public Plan greedy() {
    return write(new Greedy(problem.start()).run(limits, deadline));
  }

  /** Our own. */
  public Plan sterna() {
    Effort effort = Effort.of(problem.graph.size());
    if (!limits.isNone()) {
      Budgeted budgeted = new Budgeted(problem, limits, effort.quick(), seed, searching, deadline);
      return write(budgeted.run());
    }
    Multilevel search =
        new Multilevel(problem, problem.graph, problem.home, effort, seed, searching);
    Placement wanted = new Placement(problem, problem.graph, search.run());
    Homing.run(wanted, problem.home, 0);
    return write(new StepOrder(problem.start(), wanted.site, limits, deadline).run());
  }

  /** The references know of no budget: they are cut where it ends. */
  private Moves within(Moves moves) {
    long memoryMib = 0;
    for (int i = 0; i < moves.size(); i++) {
      memoryMib += problem.graph.memoryMib()[moves.vertex(i)];
      if (i >= limits.moves() || memoryMib > limits.memoryMib()) {
        moves.keep(i);
      }
    }
    return moves;
  }

  private Plan write(Moves moves) {
    return new PlanWriter(problem).write(moves, !deadline.hasPassed() && !searching.hasPassed());
  }
}
