package io.sterna.controller.relocation.search;

import java.util.Arrays;

/**
 * Who is where, while it is searched. A move's cost is computed from the neighbours of what moves,
 * never from the whole. Anti-affinity and capacity are asked before a move, not checked by it. Not
 * thread-safe.
 */
final class Placement {
  final Graph graph;
  final SiteCosts costs;
  final int[] site;
  final int[] vms;
  final long[] memoryMib;
  private final int sites;

  /** By {@code group * sites + site}: VMs of an anti-affinity group at a site. */
  private final int[] together;

  private double cost;

  Placement(Problem problem, Graph graph, int[] site) {
    this.graph = graph;
    this.site = site;
    costs = problem.costs;
    sites = costs.count;
    vms = new int[sites];
    memoryMib = new long[sites];
    together = new int[problem.groups * sites];
    for (int v = 0; v < graph.size(); v++) {
      occupy(v, site[v], 1);
    }
    cost = recount();
  }

  double cost() {
    return cost;
  }

  int sites() {
    return sites;
  }

  private void occupy(int vertex, int at, int sign) {
    vms[at] += sign * graph.vms()[vertex];
    memoryMib[at] += sign * graph.memoryMib()[vertex];
    if (graph.groups()[vertex] >= 0) {
      together[graph.groups()[vertex] * sites + at] += sign;
    }
  }

  /** Whether a vertex has room at a site other than its own, and may be with who is there. */
  boolean fits(int vertex, int to) {
    return vms[to] + graph.vms()[vertex] <= costs.vmCapacity[to]
        && memoryMib[to] <= costs.memoryCapacityMib[to] - graph.memoryMib()[vertex]
        && getsAlong(vertex, to)
        && isAllowed(vertex, to);
  }

  /** Whether it can go there from where it is: a search may put it anywhere, a step may not. */
  boolean canStep(int vertex, int to) {
    return costs.reaches(site[vertex], to) && fits(vertex, to);
  }

  private boolean getsAlong(int vertex, int to) {
    int group = graph.groups()[vertex];
    return group < 0 || together[group * sites + to] == 0;
  }

  private boolean isAllowed(int vertex, int to) {
    double[] linear = graph.linear();
    return linear == null || linear[vertex * sites + to] < SiteCosts.UNREACHABLE;
  }

  /** Whether two vertices at two sites may change places. */
  boolean fitSwapped(int one, int other) {
    int a = site[one];
    int b = site[other];
    if (graph.vms()[one] == graph.vms()[other]
        && graph.memoryMib()[one] == graph.memoryMib()[other]
        && graph.groups()[one] < 0
        && graph.groups()[other] < 0) {
      return isAllowed(one, b) && isAllowed(other, a);
    }
    occupy(one, a, -1);
    occupy(other, b, -1);
    boolean fit = fits(one, b) && fits(other, a);
    occupy(one, a, 1);
    occupy(other, b, 1);
    return fit;
  }

  /** By how much the cost grows if a vertex moves there. */
  double delta(int vertex, int to) {
    int at = site[vertex];
    if (at == to) {
      return 0;
    }
    return ofTraffic(vertex, at, to) + ofOthers(vertex, at, to);
  }

  /** The part of a delta that no neighbour has to do with. */
  double ofOthers(int vertex, int at, int to) {
    double[] linear = graph.linear();
    double delta = linear == null ? 0 : linear[vertex * sites + to] - linear[vertex * sites + at];
    return delta + ofSites(vertex, at, to);
  }

  private double ofTraffic(int vertex, int at, int to) {
    int[] peers = graph.peers();
    double[] out = graph.out();
    double[] in = graph.in();
    double[] from = costs.from;
    int toRow = to * sites;
    int atRow = at * sites;
    int end = graph.start()[vertex + 1];
    double delta = 0;
    for (int i = graph.start()[vertex]; i < end; i++) {
      int peer = site[peers[i]];
      delta += out[i] * (from[toRow + peer] - from[atRow + peer]);
    }
    if (in != null) {
      double[] back = costs.to;
      for (int i = graph.start()[vertex]; i < end; i++) {
        int peer = site[peers[i]];
        delta += in[i] * (back[toRow + peer] - back[atRow + peer]);
      }
    }
    return delta;
  }

  private double ofSites(int vertex, int at, int to) {
    double moved = graph.vms()[vertex];
    double delta = moved * (costs.price[to] - costs.price[at]);
    if (costs.objective.siteLoad() > 0) {
      delta += costs.fullness[to] * moved * (2.0 * vms[to] + moved);
      delta -= costs.fullness[at] * moved * (2.0 * vms[at] - moved);
    }
    return delta;
  }

  /** By how much the cost grows if a vertex moves, for each site: fills the given array. */
  void deltas(int vertex, double[] into) {
    Arrays.fill(into, 0);
    int[] peers = graph.peers();
    double[] out = graph.out();
    double[] in = graph.in();
    int end = graph.start()[vertex + 1];
    for (int i = graph.start()[vertex]; i < end; i++) {
      addRow(into, costs.to, site[peers[i]] * sites, out[i]);
      if (in != null) {
        addRow(into, costs.from, site[peers[i]] * sites, in[i]);
      }
    }
    double[] linear = graph.linear();
    if (linear != null) {
      addRow(into, linear, vertex * sites, 1);
    }
    int at = site[vertex];
    double now = into[at];
    for (int to = 0; to < sites; to++) {
      into[to] = to == at ? 0 : into[to] - now + ofSites(vertex, at, to);
    }
  }

  private void addRow(double[] into, double[] matrix, int row, double factor) {
    for (int i = 0; i < into.length; i++) {
      into[i] += factor * matrix[row + i];
    }
  }

  /** Moves a vertex whose delta is known. */
  void move(int vertex, int to, double delta) {
    occupy(vertex, site[vertex], -1);
    occupy(vertex, to, 1);
    site[vertex] = to;
    cost += delta;
  }

  /** Moves a vertex. */
  void move(int vertex, int to) {
    move(vertex, to, delta(vertex, to));
  }

  /** The whole cost, from scratch: for tests, and for once in a while. */
  double recount() {
    double sum = 0;
    for (int v = 0; v < graph.size(); v++) {
      for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
        int pair = site[v] * sites + site[graph.peers()[i]];
        // Each pair is met twice; without directions its whole rate is at both ends.
        sum += graph.out()[i] * costs.from[pair] * (graph.in() == null ? 0.5 : 1);
      }
      double[] linear = graph.linear();
      if (linear != null) {
        sum += linear[v * sites + site[v]];
      }
    }
    for (int each = 0; each < sites; each++) {
      sum += costs.price[each] * vms[each];
      sum += costs.fullness[each] * vms[each] * (double) vms[each];
    }
    return sum;
  }
}
