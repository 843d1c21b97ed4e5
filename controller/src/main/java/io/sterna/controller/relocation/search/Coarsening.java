package io.sterna.controller.relocation.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One level up: vertices that talk most to each other become one. All that is pinned to a site, of
 * each anti-affinity group and of none, is one vertex, which nobody joins: it pulls, and does not
 * bind.
 *
 * @param graph the coarser graph
 * @param parents the coarser vertex of each finer one
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Coarsening(Graph graph, int[] parents) {
  /** A vertex joins only whom it gives this share of its traffic: the rest are acquaintances. */
  private static final double COHESION = 0.15;

  /**
   * Clusters a graph.
   *
   * @param sites how many there are
   * @param site where each vertex is; those that are pinned stay there
   * @param together whether only vertices at one site may become one
   * @param vmsMax the most VMs of one cluster
   * @param memoryMax the most memory of one cluster
   */
  static Coarsening of(
      Graph graph,
      int sites,
      int[] site,
      boolean together,
      int vmsMax,
      long memoryMax,
      SplittableRandom random) {
    return new Clusters(graph, sites, site, together, vmsMax, memoryMax).grow(random);
  }

  /** Puts every finer vertex where its coarser one is. */
  int[] project(int[] coarseSite) {
    int[] fine = new int[parents.length];
    for (int v = 0; v < fine.length; v++) {
      fine[v] = coarseSite[parents[v]];
    }
    return fine;
  }

  /** The other way round: where the vertices of a cluster are, if they are all at one site. */
  int[] lift(int[] fineSite) {
    int[] coarse = new int[graph.size()];
    for (int v = 0; v < fineSite.length; v++) {
      coarse[parents[v]] = fineSite[v];
    }
    return coarse;
  }

  private static final class Clusters {
    private final Graph graph;
    private final int sites;
    private final int[] site;
    private final boolean together;
    private final int vmsMax;
    private final long memoryMax;
    private final int[] leader;
    private final int[] vms;
    private final long[] memoryMib;
    private final int[] group;
    private final boolean[] isJoined;
    private final double[] exchanged;
    private final int[] touched;

    Clusters(Graph graph, int sites, int[] site, boolean together, int vmsMax, long memoryMax) {
      this.graph = graph;
      this.sites = sites;
      this.site = site;
      this.together = together;
      this.vmsMax = vmsMax;
      this.memoryMax = memoryMax;
      int size = graph.size();
      leader = new int[size];
      vms = graph.vms().clone();
      memoryMib = graph.memoryMib().clone();
      group = graph.groups().clone();
      isJoined = new boolean[size];
      exchanged = new double[size];
      touched = new int[size];
    }

    Coarsening grow(SplittableRandom random) {
      int[] anchors = new int[sites];
      Arrays.fill(anchors, -1);
      Map<List<Integer>, Integer> ofGroups = new HashMap<>();
      for (int v = 0; v < graph.size(); v++) {
        leader[v] = v;
        if (!graph.movable()[v] && group[v] >= 0) {
          Integer first = ofGroups.putIfAbsent(List.of(site[v], group[v]), v);
          leader[v] = first == null ? v : first;
        } else if (!graph.movable()[v]) {
          anchors[site[v]] = anchors[site[v]] < 0 ? v : anchors[site[v]];
          leader[v] = anchors[site[v]];
        }
      }
      int[] order = graph.movableVertices();
      shuffle(order, random);
      for (int v : order) {
        if (!isJoined[v] && leader[v] == v) {
          join(v);
        }
      }
      return contract();
    }

    private static void shuffle(int[] order, SplittableRandom random) {
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }

    private void join(int v) {
      int found = 0;
      double total = 0;
      for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
        int cluster = leader[graph.peers()[i]];
        double weight = graph.weight(i);
        total += weight;
        if (exchanged[cluster] == 0) {
          touched[found++] = cluster;
        }
        exchanged[cluster] += weight;
      }
      int best = -1;
      double most = 0;
      for (int i = 0; i < found; i++) {
        int cluster = touched[i];
        // Of two that it talks to alike, the smaller: clusters are to be of one size.
        double rating = exchanged[cluster] / Math.sqrt(Math.max(1, vms[cluster]));
        if (exchanged[cluster] >= COHESION * total && rating > most && accepts(cluster, v)) {
          most = rating;
          best = cluster;
        }
      }
      for (int i = 0; i < found; i++) {
        exchanged[touched[i]] = 0;
      }
      if (best >= 0) {
        leader[v] = best;
        isJoined[best] = true;
        vms[best] += vms[v];
        memoryMib[best] += memoryMib[v];
        group[best] = Math.max(group[best], group[v]);
      }
    }

    private boolean accepts(int cluster, int v) {
      return cluster != v
          && graph.movable()[cluster]
          && vms[cluster] + vms[v] <= vmsMax
          && memoryMib[cluster] + memoryMib[v] <= memoryMax
          && (group[cluster] < 0 || group[v] < 0)
          && (!together || site[cluster] == site[v]);
    }

    private Coarsening contract() {
      int size = graph.size();
      int[] parents = new int[size];
      int next = 0;
      for (int v = 0; v < size; v++) {
        if (leader[v] == v) {
          parents[v] = next++;
        }
      }
      int[] degrees = new int[next];
      int[] newVms = new int[next];
      long[] newMemory = new long[next];
      boolean[] newMovable = new boolean[next];
      int[] newGroups = new int[next];
      Arrays.fill(newGroups, -1);
      for (int v = 0; v < size; v++) {
        int parent = parents[leader[v]];
        parents[v] = parent;
        newVms[parent] += graph.vms()[v];
        newMemory[parent] += graph.memoryMib()[v];
        newMovable[parent] |= graph.movable()[v];
        newGroups[parent] = Math.max(newGroups[parent], graph.groups()[v]);
      }
      for (int v = 0; v < size; v++) {
        for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
          degrees[parents[v]] += parents[graph.peers()[i]] == parents[v] ? 0 : 1;
        }
      }
      return new Coarsening(
          rows(parents, degrees)
              .merged(newVms, newMemory, newMovable, newGroups, linear(parents, next)),
          parents);
    }

    private Rows rows(int[] parents, int[] degrees) {
      double[] in = graph.in();
      Rows rows = new Rows(degrees, in == null);
      for (int v = 0; v < parents.length; v++) {
        for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
          int peer = parents[graph.peers()[i]];
          if (peer != parents[v]) {
            rows.add(parents[v], peer, graph.out()[i], in == null ? 0 : in[i]);
          }
        }
      }
      return rows;
    }

    private double @Nullable [] linear(int[] parents, int size) {
      double[] fine = graph.linear();
      if (fine == null) {
        return null;
      }
      double[] coarse = new double[size * sites];
      for (int v = 0; v < parents.length; v++) {
        for (int s = 0; s < sites; s++) {
          coarse[parents[v] * sites + s] += fine[v * sites + s];
        }
      }
      return coarse;
    }
  }
}
