package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.search.Recheck;
import io.sterna.protocol.IpAddress;
import io.sterna.store.plan.PlannedMove;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Looks at moves again, with the newest traffic.
 *
 * @param scenario the network, with who may not be moved now pinned
 * @param objective what counts as cost
 * @param planned the moves, from wherever their VMs are; one whose VM may not be moved is left out
 * @param leastGain what each has to gain
 */
record CheckWork(
    Scenario scenario, Objective objective, List<PlannedMove> planned, double leastGain)
    implements Work {
  CheckWork {
    planned = List.copyOf(planned);
  }

  @Override
  public Result run() {
    Map<IpAddress, Integer> numbers = Work.numbers(scenario);
    int[] vertices = new int[planned.size()];
    int[] to = new int[planned.size()];
    int count = 0;
    for (PlannedMove each : planned) {
      Integer vm = numbers.get(each.vm());
      boolean moves = vm != null && ((Vm) scenario.endpoints().get(vm)).movable();
      if (vm != null && moves && scenario.network().find(each.to()).isPresent()) {
        vertices[count] = vm;
        to[count++] = scenario.network().number(each.to());
      }
    }
    Plan kept =
        new Recheck(scenario, objective)
            .keep(Arrays.copyOf(vertices, count), Arrays.copyOf(to, count), leastGain);
    return new Result(this, "", Work.moves(scenario, kept), kept.costBefore(), kept.costAfter());
  }
}
