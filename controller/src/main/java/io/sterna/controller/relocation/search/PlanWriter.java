package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Step;
import io.sterna.controller.relocation.model.Step.Kind;
import java.util.ArrayList;
import java.util.List;

/** Makes moves a plan: what each costs, and what it is good for. */
final class PlanWriter {
  private final Problem problem;
  private final Scenario scenario;
  private final Placement placement;
  private final int sites;
  private final int[][] paths;
  private final double[] relief;

  /** The links of which {@link #relief} says something. */
  private final int[] links;

  private final boolean[] isTouched;
  private int touched;
  private final FlowIndex flowsOf;

  PlanWriter(Problem problem) {
    this.problem = problem;
    scenario = problem.scenario;
    placement = problem.start();
    sites = placement.sites();
    paths = new int[sites * sites][];
    for (int pair = 0; pair < paths.length; pair++) {
      paths[pair] = scenario.network().path(pair / sites, pair % sites);
    }
    relief = new double[scenario.network().links().size()];
    links = new int[relief.length];
    isTouched = new boolean[relief.length];
    flowsOf = new FlowIndex(scenario);
  }

  Plan write(Moves moves, boolean complete) {
    int[] last = new int[problem.graph.size()];
    for (int i = 0; i < moves.size(); i++) {
      last[moves.vertex(i)] = i;
    }
    List<Step> steps = new ArrayList<>(moves.size());
    double start = placement.cost();
    for (int i = 0; i < moves.size(); i++) {
      int vertex = moves.vertex(i);
      int from = placement.site[vertex];
      double before = placement.cost();
      double delta = placement.delta(vertex, moves.to(i));
      Kind kind = last[vertex] > i ? Kind.ROOM : Kind.GROUP;
      kind = delta < 0 ? Kind.GAIN : kind;
      int relieved = relieved(vertex, moves.to(i));
      placement.move(vertex, moves.to(i), delta);
      Step.Reason reason = new Step.Reason(kind, peers(vertex), relieved);
      steps.add(new Step(vertex, from, moves.to(i), before, placement.cost(), reason));
    }
    return new Plan(steps, start, placement.cost(), complete);
  }

  private int peers(int vertex) {
    Graph graph = problem.graph;
    int peers = 0;
    for (int i = graph.start()[vertex]; i < graph.start()[vertex + 1]; i++) {
      peers += placement.site[graph.peers()[i]] == placement.site[vertex] ? 1 : 0;
    }
    return peers;
  }

  private int relieved(int vertex, int to) {
    touched = 0;
    int at = placement.site[vertex];
    for (int i = flowsOf.start(vertex); i < flowsOf.end(vertex); i++) {
      int flow = flowsOf.flow(i);
      boolean sends = scenario.source(flow) == vertex;
      int peer = placement.site[sends ? scenario.destination(flow) : scenario.source(flow)];
      double rate = scenario.rateMbps(flow);
      add(sends ? paths[at * sites + peer] : paths[peer * sites + at], rate);
      add(sends ? paths[to * sites + peer] : paths[peer * sites + to], -rate);
    }
    int most = -1;
    double best = Descent.LEAST_GAIN;
    for (int i = 0; i < touched; i++) {
      int link = links[i];
      if (relief[link] > best || (relief[link] == best && link < most)) {
        best = relief[link];
        most = link;
      }
    }
    for (int i = 0; i < touched; i++) {
      relief[links[i]] = 0;
      isTouched[links[i]] = false;
    }
    return most;
  }

  private void add(int[] path, double rate) {
    for (int link : path) {
      relief[link] += rate / scenario.network().links().get(link).capacityMbps();
      if (!isTouched[link]) {
        isTouched[link] = true;
        links[touched++] = link;
      }
    }
  }
}
