package io.sterna.controller.relocation.search;

import java.util.Arrays;

/** Moves, one after the other. */
final class Moves {
  private int[] vertices = new int[64];
  private int[] sites = new int[64];
  private int size;

  int size() {
    return size;
  }

  int vertex(int move) {
    return vertices[move];
  }

  int to(int move) {
    return sites[move];
  }

  void add(int vertex, int to) {
    if (size == vertices.length) {
      vertices = Arrays.copyOf(vertices, 2 * size);
      sites = Arrays.copyOf(sites, 2 * size);
    }
    vertices[size] = vertex;
    sites[size++] = to;
  }

  /** Forgets all but the first. */
  void keep(int first) {
    size = Math.min(size, first);
  }
}
