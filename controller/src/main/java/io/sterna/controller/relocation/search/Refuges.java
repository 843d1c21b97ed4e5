package io.sterna.controller.relocation.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who could make room for others, and where: for each pair of sites those who could leave the one
 * for the other, what costs least first. Costs change with every move of a neighbour, so a cost is
 * computed anew when its turn comes, and put in once more when a neighbour has moved. Where costs
 * depend on how full sites are, the order is only about right.
 */
final class Refuges {
  private static final Comparator<Leaver> LEAST_FIRST =
      Comparator.comparingDouble(Leaver::delta).thenComparingInt(Leaver::vertex);

  /** A queue is made anew when it has become so much longer: entries of no use are in it. */
  private static final int GROWTH_MAX = 2;

  private static final int SMALL = 1000;

  private final Placement placement;
  private final Candidates candidates;

  /** By {@code from * sites + to}; null until it is needed. */
  private final @Nullable Queue[] queues;

  Refuges(Placement placement, Candidates candidates) {
    this.placement = placement;
    this.candidates = candidates;
    queues = new Queue[placement.sites() * placement.sites()];
  }

  /** Who comes into question. */
  interface Candidates {
    /** Hands on everybody who waits; perhaps others, too. */
    void forEach(Consumer<Integer> each);

    /** Whether a vertex waits and may make room; whoever may again is looked at again. */
    boolean mayLeave(int vertex);

    /** Whether anybody waits for room at a site. */
    boolean isWaitedFor(int site);

    /** Whether a vertex has room somewhere, and gets on from there. */
    boolean canStay(int vertex, int to);
  }

  /** Somebody who leaves a site for another. */
  record Leaver(int vertex, int to, double delta) {}

  private static final class Queue {
    final PriorityQueue<Leaver> leavers = new PriorityQueue<>(LEAST_FIRST);
    int lengthMax;
  }

  /** A vertex begins to wait, or a neighbour of one that waits has moved. */
  void look(int vertex) {
    int from = placement.site[vertex];
    for (int to = 0; to < placement.sites(); to++) {
      Queue queue = queues[from * placement.sites() + to];
      if (queue != null) {
        offer(queue, vertex, to);
        if (queue.leavers.size() > queue.lengthMax) {
          fill(queue, from, to);
        }
      }
    }
  }

  private void offer(Queue queue, int vertex, int to) {
    if (candidates.mayLeave(vertex)) {
      queue.leavers.add(new Leaver(vertex, to, placement.delta(vertex, to)));
    }
  }

  private void fill(Queue queue, int from, int to) {
    queue.leavers.clear();
    candidates.forEach(
        vertex -> {
          if (placement.site[vertex] == from) {
            offer(queue, vertex, to);
          }
        });
    queue.lengthMax = GROWTH_MAX * queue.leavers.size() + SMALL;
  }

  /** Who makes room at the least cost; null if nobody can. */
  @Nullable Leaver best() {
    Leaver best = null;
    for (int from = 0; from < placement.sites(); from++) {
      for (int to = 0; to < placement.sites() && candidates.isWaitedFor(from); to++) {
        if (to != from && placement.vms[to] < placement.costs.vmCapacity[to]) {
          Leaver first = first(from, to);
          if (first != null && (best == null || LEAST_FIRST.compare(first, best) < 0)) {
            best = first;
          }
        }
      }
    }
    return best;
  }

  private @Nullable Leaver first(int from, int to) {
    Queue queue = queues[from * placement.sites() + to];
    if (queue == null) {
      queue = new Queue();
      fill(queue, from, to);
      queues[from * placement.sites() + to] = queue;
    }
    List<Leaver> aside = new ArrayList<>();
    Leaver found = null;
    while (found == null && !queue.leavers.isEmpty()) {
      Leaver next = queue.leavers.poll();
      if (!candidates.mayLeave(next.vertex()) || placement.site[next.vertex()] != from) {
        continue;
      }
      double delta = placement.delta(next.vertex(), to);
      Leaver now = new Leaver(next.vertex(), to, delta);
      if (delta > next.delta() + Descent.LEAST_GAIN) {
        queue.leavers.add(now);
      } else {
        aside.add(now);
        found = candidates.canStay(next.vertex(), to) ? now : null;
      }
    }
    queue.leavers.addAll(aside);
    return found;
  }
}
