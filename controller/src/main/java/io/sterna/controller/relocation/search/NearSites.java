package io.sterna.controller.relocation.search;

import java.util.Arrays;

/**
 * What a move costs, only for sites where the vertex has neighbours: with many sites the others are
 * hardly ever better. Traffic is added up by site first, so that a vertex of many neighbours is as
 * cheap as one of few.
 */
final class NearSites {
  private final Placement placement;
  private final Graph graph;
  private final int[] near;
  private final double[] out;
  private final double[] in;

  NearSites(Placement placement) {
    this.placement = placement;
    graph = placement.graph;
    near = new int[placement.sites()];
    out = new double[placement.sites()];
    in = new double[placement.sites()];
  }

  /** Fills in by how much the cost grows; for sites that are not near, infinity. */
  void deltas(int vertex, double[] into) {
    Arrays.fill(into, Double.POSITIVE_INFINITY);
    int count = gather(vertex, into);
    int at = placement.site[vertex];
    double now = ofTraffic(at, count);
    for (int i = 0; i < count; i++) {
      int to = near[i];
      if (to != at) {
        into[to] = ofTraffic(to, count) - now + placement.ofOthers(vertex, at, to);
      }
    }
    into[at] = 0;
    for (int i = 0; i < count; i++) {
      out[near[i]] = 0;
      in[near[i]] = 0;
    }
  }

  private int gather(int vertex, double[] marks) {
    int count = 0;
    double[] hears = graph.in();
    for (int i = graph.start()[vertex]; i < graph.start()[vertex + 1]; i++) {
      int site = placement.site[graph.peers()[i]];
      if (marks[site] != 0) {
        marks[site] = 0;
        near[count++] = site;
      }
      out[site] += graph.out()[i];
      if (hears != null) {
        in[site] += hears[i];
      }
    }
    return count;
  }

  private double ofTraffic(int to, int count) {
    double cost = 0;
    int row = to * placement.sites();
    for (int i = 0; i < count; i++) {
      cost += out[near[i]] * placement.costs.from[row + near[i]];
    }
    if (graph.in() != null) {
      for (int i = 0; i < count; i++) {
        cost += in[near[i]] * placement.costs.to[row + near[i]];
      }
    }
    return cost;
  }
}
