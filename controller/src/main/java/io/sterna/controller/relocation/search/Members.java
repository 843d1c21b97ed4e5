package io.sterna.controller.relocation.search;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The movable vertices at each site, so that one of them can be picked. */
final class Members {
  private final int[][] at;
  private final int[] count;
  private final int[] place;

  Members(Placement placement) {
    at = new int[placement.sites()][];
    count = new int[placement.sites()];
    place = new int[placement.graph.size()];
    for (int site = 0; site < at.length; site++) {
      at[site] = new int[4];
    }
    for (int v : placement.graph.movableVertices()) {
      add(v, placement.site[v]);
    }
  }

  void moved(int vertex, int from, int to) {
    int last = at[from][--count[from]];
    at[from][place[vertex]] = last;
    place[last] = place[vertex];
    add(vertex, to);
  }

  /** Some vertex there; -1 if there is none. */
  int any(int site, SplittableRandom random) {
    return count[site] == 0 ? -1 : at[site][random.nextInt(count[site])];
  }

  private void add(int vertex, int site) {
    if (count[site] == at[site].length) {
      at[site] = Arrays.copyOf(at[site], 2 * count[site]);
    }
    place[vertex] = count[site];
    at[site][count[site]++] = vertex;
  }
}
