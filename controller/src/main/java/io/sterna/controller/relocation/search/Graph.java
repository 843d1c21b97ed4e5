package io.sterna.controller.relocation.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who talks to whom, in compressed sparse rows: the neighbours of vertex v are at {@code start[v]}
 * up to {@code start[v + 1]}. A vertex is an endpoint, or a cluster of them on a coarser level.
 *
 * @param start where each vertex's neighbours begin; one more at the end
 * @param peers the neighbours
 * @param out what a vertex sends to that neighbour; what both exchange if both directions cost the
 *     same
 * @param in what it hears from it; null if both directions cost the same
 * @param vms how many VMs a vertex is
 * @param memoryMib what they need
 * @param movable whether it may be moved
 * @param groups of anti-affinity; -1: none
 * @param linear by {@code vertex * sites + site}: what it costs that this vertex is at that site,
 *     whoever is elsewhere; null if nothing does
 */
@SuppressWarnings("ArrayRecordComponent") // millions of numbers; nobody compares graphs
record Graph(
    int[] start,
    int[] peers,
    double[] out,
    double @Nullable [] in,
    int[] vms,
    long[] memoryMib,
    boolean[] movable,
    int[] groups,
    double @Nullable [] linear) {
  int size() {
    return vms.length;
  }

  int degree(int vertex) {
    return start[vertex + 1] - start[vertex];
  }

  /** What a vertex exchanges with the neighbour at this place. */
  double weight(int place) {
    return in == null ? out[place] : out[place] + in[place];
  }

  Graph withLinear(double @Nullable [] other) {
    return new Graph(start, peers, out, in, vms, memoryMib, movable, groups, other);
  }

  /** The vertices that may be moved. */
  int[] movableVertices() {
    int count = 0;
    int[] found = new int[size()];
    for (int v = 0; v < size(); v++) {
      if (movable[v]) {
        found[count++] = v;
      }
    }
    return Arrays.copyOf(found, count);
  }
}
