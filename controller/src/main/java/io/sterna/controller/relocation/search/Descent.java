package io.sterna.controller.relocation.search;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Plain descent: one VM after the other goes to its best site while that lowers the cost, until a
 * whole round moves none. With swaps, a VM whose best site is full changes places with one there.
 */
final class Descent {
  /** What is gained by less is rounding. */
  static final double LEAST_GAIN = 1e-12;

  /** Up to here every site is looked at. */
  private static final int FEW_SITES = 24;

  private static final int PARTNERS = 24;
  private static final int ROUNDS_MAX = 1000;

  private final Placement placement;
  private final Deadline deadline;
  private final double[] deltas;
  private final boolean[] isStale;
  private final NearSites near;

  Descent(Placement placement, Deadline deadline) {
    this.placement = placement;
    this.deadline = deadline;
    deltas = new double[placement.sites()];
    isStale = new boolean[placement.graph.size()];
    near = new NearSites(placement);
  }

  /** In the order of the vertices, single moves only. */
  Moves run() {
    Moves moves = new Moves();
    int[] movable = placement.graph.movableVertices();
    boolean moved = true;
    for (int round = 0; moved && round < ROUNDS_MAX && !deadline.isOver(); round++) {
      moved = false;
      for (int v : movable) {
        if (stepToBest(v)) {
          moves.add(v, placement.site[v]);
          moved = true;
        }
      }
    }
    return moves;
  }

  private boolean stepToBest(int vertex) {
    placement.deltas(vertex, deltas);
    for (int to = 0; to < deltas.length; to++) {
      if (!placement.costs.reaches(placement.site[vertex], to)) {
        deltas[to] = SiteCosts.UNREACHABLE;
      }
    }
    return toBestOfDeltas(vertex);
  }

  private boolean toBestOfDeltas(int vertex) {
    int best = bestFitting(vertex);
    if (best < 0) {
      return false;
    }
    placement.move(vertex, best, deltas[best]);
    return true;
  }

  /** The site where it gains most and has room; -1 if it gains nowhere. */
  private int bestFitting(int vertex) {
    int best = -1;
    double least = -LEAST_GAIN;
    for (int to = 0; to < deltas.length; to++) {
      if (deltas[to] < least && placement.fits(vertex, to)) {
        least = deltas[to];
        best = to;
      }
    }
    return best;
  }

  /**
   * Moves, and swaps with some that are picked by chance. After the first round only those are
   * looked at of whose neighbours one has moved.
   */
  void runWithSwaps(SplittableRandom random) {
    int[] movable = placement.graph.movableVertices();
    Members members = new Members(placement);
    Arrays.fill(isStale, true);
    boolean moved = true;
    for (int round = 0; moved && round < ROUNDS_MAX && !deadline.isOver(); round++) {
      moved = false;
      for (int v : movable) {
        if (isStale[v]) {
          isStale[v] = false;
          moved |= moveOrSwap(v, members, random);
        }
      }
    }
  }

  private boolean moveOrSwap(int vertex, Members members, SplittableRandom random) {
    int at = placement.site[vertex];
    if (placement.sites() <= FEW_SITES) {
      placement.deltas(vertex, deltas);
    } else {
      near.deltas(vertex, deltas);
    }
    if (toBestOfDeltas(vertex)) {
      members.moved(vertex, at, placement.site[vertex]);
      touch(vertex);
      return true;
    }
    return swapToBest(vertex, members, random);
  }

  private void touch(int vertex) {
    Graph graph = placement.graph;
    isStale[vertex] = true;
    for (int i = graph.start()[vertex]; i < graph.start()[vertex + 1]; i++) {
      isStale[graph.peers()[i]] = true;
    }
  }

  private boolean swapToBest(int vertex, Members members, SplittableRandom random) {
    int at = placement.site[vertex];
    int to = 0;
    for (int each = 1; each < deltas.length; each++) {
      to = deltas[each] < deltas[to] ? each : to;
    }
    if (to == at || deltas[to] >= -LEAST_GAIN) {
      return false;
    }
    double delta = deltas[to];
    for (int i = 0; i < PARTNERS; i++) {
      int other = members.any(to, random);
      if (other < 0) {
        return false;
      }
      if (!placement.fitSwapped(vertex, other)) {
        continue;
      }
      placement.move(vertex, to, delta);
      double back = placement.delta(other, at);
      if (delta + back < -LEAST_GAIN) {
        placement.move(other, at, back);
        members.moved(vertex, at, to);
        members.moved(other, to, at);
        touch(vertex);
        touch(other);
        return true;
      }
      placement.move(vertex, at, -delta);
    }
    return false;
  }
}
