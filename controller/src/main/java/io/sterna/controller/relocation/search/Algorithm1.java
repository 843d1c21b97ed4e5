package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Scenario;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Algorithm 1 of 'Adaptive Cloud', to the letter. While the cost falls: take the link that is
 * loaded highest and the pair of VMs that contributes most to it; of all sites that have room for
 * one of the two, take the move that costs least; make it if that is less than now. It ends at the
 * first link whose heaviest pair cannot be helped, whatever the others could gain: that is what it
 * is measured for.
 *
 * <p>A VM that may not be moved is one of the pair and has no site to go to. The heaviest flow of
 * each pair of sites is kept in a heap; a flow that has gone elsewhere is dropped when it comes up,
 * which changes nothing of what is chosen.
 */
final class Algorithm1 {
  private final Problem problem;
  private final Scenario scenario;
  private final Network network;
  private final Placement placement;
  private final int sites;
  private final double[] loads;

  /** By {@code from * sites + to}: the flows between two sites, heaviest first. */
  private final List<PriorityQueue<Integer>> flows = new ArrayList<>();

  /** By {@code from * sites + to}. */
  private final int[][] paths;

  private final FlowIndex flowsOf;

  Algorithm1(Problem problem) {
    this.problem = problem;
    scenario = problem.scenario;
    network = scenario.network();
    placement = problem.start();
    sites = placement.sites();
    loads = new double[network.links().size()];
    paths = new int[sites * sites][];
    Comparator<Integer> heaviest =
        Comparator.comparingDouble((Integer flow) -> -scenario.rateMbps(flow))
            .thenComparing(Comparator.naturalOrder());
    for (int pair = 0; pair < paths.length; pair++) {
      paths[pair] = network.path(pair / sites, pair % sites);
      flows.add(new PriorityQueue<>(heaviest));
    }
    flowsOf = new FlowIndex(scenario);
    for (int flow = 0; flow < scenario.flows(); flow++) {
      enter(flow);
    }
  }

  private int pair(int flow) {
    int from = placement.site[scenario.source(flow)];
    return from * sites + placement.site[scenario.destination(flow)];
  }

  private void enter(int flow) {
    load(flow, 1);
    flows.get(pair(flow)).add(flow);
  }

  private void load(int flow, int sign) {
    for (int link : paths[pair(flow)]) {
      loads[link] += sign * scenario.rateMbps(flow) / network.links().get(link).capacityMbps();
    }
  }

  /** The moves, in order. */
  Moves run(Deadline deadline) {
    Moves moves = new Moves();
    while (!deadline.isOver()) {
      int link = highestLoaded();
      int flow = link < 0 ? -1 : heaviest(link);
      if (flow < 0) {
        return moves;
      }
      int selected = -1;
      int selectedSite = -1;
      double least = -Descent.LEAST_GAIN;
      for (int vm : new int[] {scenario.source(flow), scenario.destination(flow)}) {
        for (int site = 0; site < sites && problem.graph.movable()[vm]; site++) {
          if (site == placement.site[vm] || !placement.canStep(vm, site)) {
            continue;
          }
          double delta = placement.delta(vm, site);
          if (delta < least) {
            least = delta;
            selected = vm;
            selectedSite = site;
          }
        }
      }
      if (selected < 0) {
        return moves;
      }
      migrate(selected, selectedSite, least);
      moves.add(selected, selectedSite);
    }
    return moves;
  }

  private int highestLoaded() {
    int highest = -1;
    for (int link = 0; link < loads.length; link++) {
      if (loads[link] > 0 && (highest < 0 || loads[link] > loads[highest])) {
        highest = link;
      }
    }
    return highest;
  }

  /** The flow that contributes most to a link; -1 if none is left of it but rounding. */
  private int heaviest(int link) {
    int heaviest = -1;
    for (int pair = 0; pair < paths.length; pair++) {
      if (!uses(paths[pair], link)) {
        continue;
      }
      PriorityQueue<Integer> waiting = flows.get(pair);
      while (!waiting.isEmpty() && pair(waiting.peek()) != pair) {
        waiting.remove();
      }
      Integer flow = waiting.peek();
      if (flow != null && (heaviest < 0 || scenario.rateMbps(flow) > scenario.rateMbps(heaviest))) {
        heaviest = flow;
      }
    }
    return heaviest;
  }

  private static boolean uses(int[] path, int link) {
    for (int each : path) {
      if (each == link) {
        return true;
      }
    }
    return false;
  }

  private void migrate(int vm, int to, double delta) {
    for (int i = flowsOf.start(vm); i < flowsOf.end(vm); i++) {
      load(flowsOf.flow(i), -1);
    }
    placement.move(vm, to, delta);
    for (int i = flowsOf.start(vm); i < flowsOf.end(vm); i++) {
      enter(flowsOf.flow(i));
    }
  }
}
