package io.sterna.controller.relocation.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.relocation.ScenariosOfTests;
import io.sterna.controller.relocation.model.Endpoint.Clients;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.protocol.IpPrefix;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepOrderTest {
  private static final int PAIRS = 40_000;
  private static final long SECONDS_MAX = 10;

  /** Each pair needs the one free place: looking at all who wait each time would take minutes. */
  @Test
  void manyChangePlacesThroughTheOnlyFreePlace() {
    Site one = ScenariosOfTests.site(1, PAIRS);
    Site other = ScenariosOfTests.site(2, PAIRS);
    Site third = ScenariosOfTests.site(3, 1);
    List<Link> links = new ArrayList<>(ScenariosOfTests.both(one, other, 100, 5, 0));
    links.addAll(ScenariosOfTests.both(one, third, 100, 5, 0));
    Scenario.Builder builder = Scenario.builder(new Network(List.of(one, other, third), links));
    for (int i = 0; i < 2 * PAIRS; i++) {
      builder.add(Vm.movable(ScenariosOfTests.address(i), (i < PAIRS ? one : other).id(), 1));
    }
    builder.add(new Clients(IpPrefix.parse("203.0.113.0/24"), one.id()));
    builder.add(new Clients(IpPrefix.parse("198.51.100.0/24"), other.id()));
    int[] target = new int[2 * PAIRS + 2];
    for (int i = 0; i < 2 * PAIRS; i++) {
      target[i] = i < PAIRS ? 1 : 0;
      builder.flow(i, 2 * PAIRS + target[i], 1);
    }
    target[2 * PAIRS + 1] = 1;
    Problem problem = new Problem(ScenariosOfTests.built(builder), Objective.LINK_LOAD);

    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Moves moves = new StepOrder(problem.start(), target, Limits.NONE).run();
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;

    Placement placement = problem.start();
    for (int i = 0; i < moves.size(); i++) {
      assertTrue(placement.canStep(moves.vertex(i), moves.to(i)), "step " + i);
      placement.move(moves.vertex(i), moves.to(i));
    }
    assertEquals(0, placement.recount(), 1e-9);
    assertTrue(moves.size() <= 3 * PAIRS, moves.size() + " moves");
    assertTrue(took < TimeUnit.SECONDS.toNanos(SECONDS_MAX), took + " ns of CPU");
  }
}
