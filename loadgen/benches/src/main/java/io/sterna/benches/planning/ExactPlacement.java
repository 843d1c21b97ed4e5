package io.sterna.benches.planning;

import com.google.ortools.Loader;
import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Scenario;
import java.util.Optional;

/**
 * The best placement there is, by CP-SAT: one truth for each VM and site, and one for each pair of
 * VMs that talk and pair of sites, which is the product of two of these. For small cases.
 */
final class ExactPlacement {
  /** Costs are whole numbers here: fine enough that rounding is nothing. */
  private static final double SCALE = 1e9;

  private static final double SECONDS_MAX = 30;

  private final Scenario scenario;
  private final int sites;
  private final CpModel model = new CpModel();
  private final BoolVar[][] at;

  private ExactPlacement(Scenario scenario) {
    this.scenario = scenario;
    sites = scenario.network().sites().size();
    at = new BoolVar[scenario.endpoints().size()][sites];
  }

  /**
   * Its cost.
   *
   * @return empty if it was not proved in time
   */
  static Optional<Double> cost(Scenario scenario) {
    Loader.loadNativeLibraries();
    return new ExactPlacement(scenario).solve();
  }

  private Optional<Double> solve() {
    for (int v = 0; v < at.length; v++) {
      for (int s = 0; s < sites; s++) {
        at[v][s] = model.newBoolVar("at-" + v + "-" + s);
      }
      model.addExactlyOne(at[v]);
      boolean movable = scenario.endpoints().get(v) instanceof Vm vm && vm.movable();
      if (!movable) {
        model.addEquality(at[v][scenario.site(v)], 1);
      }
    }
    for (int s = 0; s < sites; s++) {
      LinearExprBuilder there = LinearExpr.newBuilder();
      for (BoolVar[] each : at) {
        there.add(each[s]);
      }
      model.addLessOrEqual(there, scenario.network().sites().get(s).vmCapacity());
    }
    int[] start = new int[at.length];
    java.util.Arrays.setAll(start, scenario::site);
    double now = Costs.of(scenario, start).linkLoad();
    LinearExprBuilder cost = LinearExpr.newBuilder();
    double[] costs = Pairs.costs(scenario.network());
    Pairs.of(scenario).forEach((pair, rates) -> add(cost, costs, pair, rates, SCALE / now));
    model.minimize(cost);
    CpSolver solver = new CpSolver();
    solver.getParameters().setNumWorkers(2);
    solver.getParameters().setRandomSeed(1);
    // Products of truths have a strong linear relaxation: it is worth to be solved.
    solver.getParameters().setLinearizationLevel(2);
    solver.getParameters().setMaxTimeInSeconds(SECONDS_MAX);
    if (solver.solve(model) != CpSolverStatus.OPTIMAL) {
      return Optional.empty();
    }
    int[] best = new int[at.length];
    for (int v = 0; v < best.length; v++) {
      for (int s = 0; s < sites; s++) {
        best[v] = solver.booleanValue(at[v][s]) ? s : best[v];
      }
    }
    return Optional.of(Costs.of(scenario, best).linkLoad());
  }

  private void add(
      LinearExprBuilder cost, double[] costs, Pairs.Pair pair, Pairs.Rates rates, double scale) {
    BoolVar[][] both = new BoolVar[sites][sites];
    for (int a = 0; a < sites; a++) {
      for (int b = 0; b < sites; b++) {
        both[a][b] = model.newBoolVar("both");
        double each = rates.there() * costs[a * sites + b] + rates.back() * costs[b * sites + a];
        cost.addTerm(both[a][b], Math.round(each * scale));
      }
    }
    for (int s = 0; s < sites; s++) {
      LinearExprBuilder here = LinearExpr.newBuilder();
      LinearExprBuilder there = LinearExpr.newBuilder();
      for (int other = 0; other < sites; other++) {
        here.add(both[s][other]);
        there.add(both[other][s]);
      }
      model.addEquality(here, at[pair.one()][s]);
      model.addEquality(there, at[pair.other()][s]);
    }
  }
}
