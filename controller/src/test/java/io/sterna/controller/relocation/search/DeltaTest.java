package io.sterna.controller.relocation.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sterna.controller.relocation.ScenariosOfTests;
import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What the search believes a move to cost is what the whole costs more, counted flow by flow. */
class DeltaTest {
  private static final Objective[] TERMS = {
    Objective.LINK_LOAD,
    new Objective(0, 1, 0, 0, 0, 0),
    new Objective(0, 0, 1, 0, 0, 0),
    new Objective(0, 0, 0, 1, 0, 0),
    new Objective(0, 0, 0, 0, 1, 0),
    new Objective(0, 0, 0, 0, 0, 1),
    new Objective(1, 0.02, 0.5, 3, 0.1, 0.001),
  };

  @Property(tries = 200)
  void aDeltaIsTheDifferenceOfTwoFullCounts(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 30) int sites) {
    Scenario scenario = ScenariosOfTests.random(seed, sites, 40, 40);
    for (Objective objective : TERMS) {
      Problem problem = new Problem(scenario, objective);
      Placement placement = problem.start();
      Random random = new Random(seed);
      double[] all = new double[sites];
      double[] near = new double[sites];
      for (int i = 0; i < 20; i++) {
        int v = random.nextInt(40);
        int to = random.nextInt(sites);
        double before = Costs.of(scenario, placement.site).weighted(objective);
        close(before, placement.cost(), before);
        close(before, placement.recount(), before);
        placement.deltas(v, all);
        new NearSites(placement).deltas(v, near);
        double delta = placement.delta(v, to);
        if (delta < SiteCosts.UNREACHABLE / 2) {
          close(delta, all[to], before);
          if (near[to] != Double.POSITIVE_INFINITY) {
            close(delta, near[to], before);
          }
          placement.move(v, to);
          double after = Costs.of(scenario, placement.site).weighted(objective);
          close(after - before, delta, before);
        }
      }
    }
  }

  /** Of a cluster as of a VM: a coarser level costs what its VMs cost there. */
  @Property(tries = 100)
  void aCoarserLevelCostsTheSame(@ForAll long seed) {
    Scenario scenario = ScenariosOfTests.random(seed, 4, 60, 40);
    Objective objective = new Objective(1, 0.02, 0.5, 3, 0.1, 0);
    Problem problem = new Problem(scenario, objective);
    Coarsening coarsening =
        Coarsening.of(
            problem.graph, 4, problem.home, true, 20, Long.MAX_VALUE, new SplittableRandom(seed));
    Placement fine = problem.start();
    Placement coarse =
        new Placement(problem, coarsening.graph(), coarsening.lift(problem.home).clone());
    // Traffic within a cluster is within a site, and costs nothing there.
    close(fine.cost(), coarse.cost(), fine.cost());
    Random random = new Random(seed);
    for (int v : coarsening.graph().movableVertices()) {
      int to = random.nextInt(4);
      if (coarse.delta(v, to) < SiteCosts.UNREACHABLE / 2) {
        coarse.move(v, to);
      }
    }
    int[] sites = coarsening.project(coarse.site);
    double whole = Costs.of(scenario, sites).weighted(objective);
    close(whole, coarse.cost(), whole);
  }

  /** Two groups at one site, whose VMs stay there: neither gets another of its VMs. */
  @Test
  void aCoarserLevelKeepsApartWhatIsPinned() {
    Site one = ScenariosOfTests.site(1, 9);
    Site other = ScenariosOfTests.site(2, 9);
    Scenario.Builder builder =
        Scenario.builder(
            new Network(List.of(one, other), ScenariosOfTests.both(one, other, 100, 5, 0)));
    for (String group : List.of("a", "b")) {
      builder.add(vm(builder, one, false, group));
      builder.add(vm(builder, other, true, group));
    }
    builder.add(Vm.pinned(ScenariosOfTests.address(8), one.id(), 1));
    builder.add(Vm.pinned(ScenariosOfTests.address(9), one.id(), 1));
    Problem problem = new Problem(ScenariosOfTests.built(builder), Objective.LINK_LOAD);
    Coarsening coarsening =
        Coarsening.of(
            problem.graph, 2, problem.home, false, 9, Long.MAX_VALUE, new SplittableRandom(1));
    Placement coarse =
        new Placement(problem, coarsening.graph(), coarsening.lift(problem.home).clone());
    assertEquals(2, coarsening.graph().movableVertices().length);
    assertEquals(5, coarsening.graph().size());
    for (int v : coarsening.graph().movableVertices()) {
      assertFalse(coarse.fits(v, 0));
    }
  }

  private static Vm vm(Scenario.Builder builder, Site at, boolean movable, String group) {
    int number = ScenariosOfTests.built(builder).endpoints().size();
    return new Vm(
        ScenariosOfTests.address(number), at.id(), 1, 0, movable, Optional.of(group), Set.of());
  }

  private static void close(double expected, double actual, double scale) {
    assertEquals(expected, actual, 1e-9 * Math.max(1, Math.abs(scale)));
  }
}
