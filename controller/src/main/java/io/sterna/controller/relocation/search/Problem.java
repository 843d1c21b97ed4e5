package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.protocol.SiteId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A scenario made ready for the search. Immutable. */
public final class Problem {
  final Scenario scenario;
  final SiteCosts costs;
  final Graph graph;
  final int[] home;
  final int groups;

  /** Puts numbers on all that counts. */
  public Problem(Scenario scenario, Objective objective) {
    this.scenario = scenario;
    costs = new SiteCosts(scenario, objective);
    int size = scenario.endpoints().size();
    home = new int[size];
    int[] vms = new int[size];
    long[] memoryMib = new long[size];
    boolean[] movable = new boolean[size];
    int[] group = new int[size];
    Map<String, Integer> groupNumbers = new HashMap<>();
    for (int i = 0; i < size; i++) {
      home[i] = scenario.site(i);
      group[i] = -1;
      if (scenario.endpoints().get(i) instanceof Endpoint.Vm vm) {
        vms[i] = 1;
        memoryMib[i] = vm.memoryMib();
        movable[i] = vm.movable();
        if (vm.antiAffinity().isPresent()) {
          int next = groupNumbers.size();
          group[i] = groupNumbers.computeIfAbsent(vm.antiAffinity().get(), name -> next);
        }
      }
    }
    groups = groupNumbers.size();
    graph = rows(scenario, costs).merged(vms, memoryMib, movable, group, linear(scenario, costs));
  }

  private static Rows rows(Scenario scenario, SiteCosts costs) {
    int[] degrees = new int[scenario.endpoints().size()];
    for (int flow = 0; flow < scenario.flows(); flow++) {
      degrees[scenario.source(flow)]++;
      degrees[scenario.destination(flow)]++;
    }
    Rows rows = new Rows(degrees, costs.symmetric);
    for (int flow = 0; flow < scenario.flows(); flow++) {
      double rate = scenario.rateMbps(flow);
      rows.add(scenario.source(flow), scenario.destination(flow), rate, 0);
      rows.add(scenario.destination(flow), scenario.source(flow), 0, rate);
    }
    return rows;
  }

  private static double @Nullable [] linear(Scenario scenario, SiteCosts costs) {
    boolean any = costs.objective.migration() > 0 || costs.reachable != null;
    for (Endpoint each : scenario.endpoints()) {
      any |= each instanceof Endpoint.Vm vm && !vm.allowedSites().isEmpty();
    }
    if (!any) {
      return null;
    }
    int sites = costs.count;
    double[] linear = new double[scenario.endpoints().size() * sites];
    for (int i = 0; i < scenario.endpoints().size(); i++) {
      if (scenario.endpoints().get(i) instanceof Endpoint.Vm vm) {
        for (int site = 0; site < sites; site++) {
          int home = scenario.site(i);
          SiteId id = scenario.network().sites().get(site).id();
          boolean allowed =
              site == home || vm.allowedSites().isEmpty() || vm.allowedSites().contains(id);
          linear[i * sites + site] =
              allowed && costs.reaches(home, site)
                  ? costs.migration(vm, home, site)
                  : SiteCosts.UNREACHABLE;
        }
      }
    }
    return linear;
  }

  /** Everything where it is now. */
  Placement start() {
    return new Placement(this, graph, home.clone());
  }
}
