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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepOrderTest {
  private static final int PAIRS = 40_000;
  private static final long SECONDS_MAX = 10;

  /** Each pair needs the one free place: looking at all who wait each time would take minutes. */
  @Test
  void manyChangePlacesThroughTheOnlyFreePlace() {
    int[] target = exchanged(PAIRS);
    Problem problem = pairs(PAIRS, 1);

    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Moves moves = new StepOrder(problem.start(), target, Limits.NONE, Deadline.never()).run();
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

  /** A deadline that is looked at so often before it is over. */
  @Test
  void whatIsOrderedByTheDeadlineStands() {
    int pairs = 50;
    int surelyOrdered = 30;
    // All are looked at once, and wait; then each look is a move.
    int looks = 2 * pairs + surelyOrdered;
    Problem problem = pairs(pairs, 1);
    Moves whole = ordered(problem, pairs, Deadline.never());
    Moves cut = ordered(problem, pairs, looksOf(looks));
    assertTrue(cut.size() < whole.size(), cut.size() + " of " + whole.size());
    for (int i = 0; i < surelyOrdered; i++) {
      assertEquals(whole.vertex(i), cut.vertex(i), "step " + i);
      assertEquals(whole.to(i), cut.to(i), "step " + i);
    }
    double costOfCut = costAfter(problem, cut);
    assertTrue(costOfCut < problem.start().cost(), costOfCut + " is no gain");
    assertTrue(costOfCut > costAfter(problem, whole), costOfCut + " is all there is to gain");
    Moves again = ordered(problem, pairs, looksOf(looks));
    assertEquals(costOfCut, costAfter(problem, again), 0);
  }

  @Test
  void whatIsNotOrderedByThenFollowsAsItIsNumberedWhereThereIsRoom() {
    int pairs = 5;
    Problem problem = pairs(pairs, 1 + pairs);
    Moves moves = ordered(problem, pairs, looksOf(0));
    assertEquals(2 * pairs, moves.size());
    for (int i = 0; i < moves.size(); i++) {
      assertEquals(i, moves.vertex(i));
    }
    assertEquals(0, costAfter(problem, moves), 1e-9);
  }

  private static Deadline looksOf(int looks) {
    AtomicLong clock = new AtomicLong();
    return Deadline.at(clock::getAndIncrement, looks);
  }

  private static Moves ordered(Problem problem, int pairs, Deadline deadline) {
    return new StepOrder(problem.start(), exchanged(pairs), Limits.NONE, deadline).run();
  }

  private static double costAfter(Problem problem, Moves moves) {
    Placement placement = problem.start();
    for (int i = 0; i < moves.size(); i++) {
      assertTrue(placement.canStep(moves.vertex(i), moves.to(i)), "step " + i);
      placement.move(moves.vertex(i), moves.to(i));
    }
    return placement.recount();
  }

  /** Where everybody should be: with his clients, at the other of two sites. */
  private static int[] exchanged(int pairs) {
    int[] target = new int[2 * pairs + 2];
    Arrays.fill(target, 0, pairs, 1);
    target[2 * pairs + 1] = 1;
    return target;
  }

  /** Two sites, at each so many VMs whose clients are at the other. */
  private static Problem pairs(int pairs, int freePlaces) {
    Site one = ScenariosOfTests.site(1, pairs);
    Site other = ScenariosOfTests.site(2, pairs + freePlaces - 1);
    Site third = ScenariosOfTests.site(3, 1);
    List<Link> links = new ArrayList<>(ScenariosOfTests.both(one, other, 100, 5, 0));
    links.addAll(ScenariosOfTests.both(one, third, 100, 5, 0));
    Scenario.Builder builder = Scenario.builder(new Network(List.of(one, other, third), links));
    for (int i = 0; i < 2 * pairs; i++) {
      builder.add(Vm.movable(ScenariosOfTests.address(i), (i < pairs ? one : other).id(), 1));
    }
    builder.add(new Clients(IpPrefix.parse("203.0.113.0/24"), one.id()));
    builder.add(new Clients(IpPrefix.parse("198.51.100.0/24"), other.id()));
    for (int i = 0; i < 2 * pairs; i++) {
      builder.flow(i, 2 * pairs + (i < pairs ? 1 : 0), 1);
    }
    return new Problem(ScenariosOfTests.built(builder), Objective.LINK_LOAD);
  }
}
