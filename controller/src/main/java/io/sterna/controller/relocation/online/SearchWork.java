package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.Planner;
import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Step;
import io.sterna.controller.relocation.search.Recheck;
import io.sterna.store.plan.PlanEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Looks for a plan.
 *
 * @param scenario the network, with who may not be moved now pinned
 * @param planner who looks
 * @param stepGainMin what a step must gain, as a share of what a movable VM costs after the plan
 * @param trigger why; empty: only if a link is overloaded
 * @param overload what counts as that, as a share of a link's capacity
 * @param asked whether somebody asked
 */
record SearchWork(
    Scenario scenario,
    Planner planner,
    double stepGainMin,
    String trigger,
    double overload,
    boolean asked)
    implements Work {
  @Override
  public Result run() {
    Optional<String> cause = trigger.isEmpty() ? overloaded() : Optional.of(trigger);
    if (cause.isEmpty()) {
      return new Result(this, "", List.of(), 0, 0);
    }
    Plan plan = planner.with(limits()).plan(scenario);
    double least = stepGainMin * Work.share(plan.costAfter(), scenario.movable());
    List<Step> worthwhile = plan.steps().subList(0, Recheck.worthwhile(plan, least));
    Plan kept =
        new Recheck(scenario, planner.objective())
            .keep(
                worthwhile.stream().mapToInt(Step::endpoint).toArray(),
                worthwhile.stream().mapToInt(Step::to).toArray(),
                least);
    return new Result(
        this, cause.get(), Work.moves(scenario, kept), kept.costBefore(), kept.costAfter());
  }

  /** A budget that is no limit costs the search time, and finds nothing better. */
  private Limits limits() {
    long memoryMib = 0;
    for (Endpoint each : scenario.endpoints()) {
      memoryMib += each instanceof Vm vm && vm.movable() ? vm.memoryMib() : 0;
    }
    Limits limits = planner.limits();
    int most = Math.min(limits.moves(), PlanEvent.Proposed.MOVES_MAX);
    return scenario.movable() <= most / 2 && memoryMib <= limits.memoryMib() / 2
        ? Limits.NONE
        : new Limits(most, limits.memoryMib());
  }

  private Optional<String> overloaded() {
    int size = scenario.endpoints().size();
    int[] site = IntStream.range(0, size).map(scenario::site).toArray();
    double[] loads = Costs.linkLoadsMbps(scenario, site);
    int worst = -1;
    double most = overload;
    for (int i = 0; i < loads.length; i++) {
      double load = loads[i] / scenario.network().links().get(i).capacityMbps();
      if (load >= most) {
        most = load;
        worst = i;
      }
    }
    if (worst < 0) {
      return Optional.empty();
    }
    Link link = scenario.network().links().get(worst);
    return Optional.of("link %s at %.0f %%".formatted(link, 100 * most));
  }
}
