package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Limits;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Best gain first: of all moves of one VM the one that gains most, again and again, until none
 * gains or the budget is spent.
 */
final class Greedy {
  private final Placement placement;
  private final Graph graph;
  private final IndexedHeap heap;
  private final double[] deltas;

  /** By site: VMs that would gain there, and find no room. */
  private final List<BitSet> waiting = new ArrayList<>();

  Greedy(Placement placement) {
    this.placement = placement;
    graph = placement.graph;
    heap = new IndexedHeap(graph.size());
    deltas = new double[placement.sites()];
    for (int site = 0; site < placement.sites(); site++) {
      waiting.add(new BitSet());
    }
  }

  /** The moves, in order; the placement is as they leave it. */
  Moves run(Limits limits, Deadline deadline) {
    for (int v : graph.movableVertices()) {
      look(v);
    }
    Moves moves = new Moves();
    long memoryMib = 0;
    while (!heap.isEmpty() && moves.size() < limits.moves() && !deadline.isOver()) {
      int v = heap.first();
      double before = heap.key(v);
      int to = look(v);
      if (to < 0 || deltas[to] > before) {
        // Its room has been taken meanwhile: it has got a new key.
        continue;
      }
      heap.remove(v);
      if (graph.memoryMib()[v] > limits.memoryMib() - memoryMib) {
        continue;
      }
      int from = placement.site[v];
      placement.move(v, to, deltas[to]);
      moves.add(v, to);
      memoryMib += graph.memoryMib()[v];
      lookAround(v, from);
    }
    return moves;
  }

  private void lookAround(int moved, int left) {
    look(moved);
    for (int i = graph.start()[moved]; i < graph.start()[moved + 1]; i++) {
      if (graph.movable()[graph.peers()[i]]) {
        look(graph.peers()[i]);
      }
    }
    BitSet hopeful = waiting.get(left);
    if (!hopeful.isEmpty()) {
      waiting.set(left, new BitSet());
      hopeful.stream().forEach(this::look);
    }
  }

  /** Finds the best move of a VM and keeps its gain as its key. */
  private int look(int v) {
    placement.deltas(v, deltas);
    int best = -1;
    double least = -Descent.LEAST_GAIN;
    for (int to = 0; to < deltas.length; to++) {
      if (deltas[to] < least) {
        if (placement.canStep(v, to)) {
          least = deltas[to];
          best = to;
        } else {
          waiting.get(to).set(v);
        }
      }
    }
    if (best < 0) {
      heap.remove(v);
    } else {
      heap.put(v, least);
    }
    return best;
  }
}
