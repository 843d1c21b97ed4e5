package io.sterna.controller.relocation.search;

import java.util.Arrays;

/** The VMs that go to one site and talk much to each other: their moves belong together. */
final class Companions {
  private static final double COHESION = 0.1;
  private static final int SIZE_MAX = 64;

  private final int[] leader;
  private final int[] size;

  /** By place: the members of a group are at {@code start[leader]} up to its size. */
  private final int[] start;

  private final int[] members;

  /**
   * @param moving the vertices that move
   */
  Companions(Graph graph, int[] home, int[] target, int[] moving) {
    leader = new int[graph.size()];
    size = new int[graph.size()];
    start = new int[graph.size()];
    members = new int[moving.length];
    Arrays.setAll(leader, v -> v);
    Arrays.fill(size, 1);
    for (int v : moving) {
      double total = 0;
      for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
        total += graph.weight(i);
      }
      for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
        int peer = graph.peers()[i];
        boolean both = target[peer] != home[peer] && target[peer] == target[v];
        if (both && graph.weight(i) >= COHESION * total) {
          unite(find(v), find(peer));
        }
      }
    }
    int next = 0;
    for (int v : moving) {
      if (find(v) == v) {
        start[v] = next;
        next += size[v];
        size[v] = 0;
      }
    }
    for (int v : moving) {
      int group = find(v);
      members[start[group] + size[group]++] = v;
    }
  }

  private int find(int vertex) {
    int at = vertex;
    while (leader[at] != at) {
      leader[at] = leader[leader[at]];
      at = leader[at];
    }
    return at;
  }

  private void unite(int one, int other) {
    if (one != other && size[one] + size[other] <= SIZE_MAX) {
      leader[other] = one;
      size[one] += size[other];
    }
  }

  /** The group of a vertex that moves. */
  int group(int vertex) {
    return find(vertex);
  }

  int size(int group) {
    return size[group];
  }

  int member(int group, int number) {
    return members[start[group] + number];
  }
}
