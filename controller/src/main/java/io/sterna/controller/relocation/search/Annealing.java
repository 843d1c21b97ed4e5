package io.sterna.controller.relocation.search;

import java.util.SplittableRandom;

/**
 * Simulated annealing: random moves towards neighbours, and swaps where a site is full; what makes
 * it worse is accepted with a probability that falls as it cools. It leaves local minima that no
 * single move leaves.
 */
final class Annealing {
  /** Some moves go anywhere: where no neighbour is may be better for all. */
  private static final double ANYWHERE = 0.1;

  private static final int MOVES_PER_LOOK = 4096;
  private static final int SAMPLES = 2000;

  private final Placement placement;
  private final Graph graph;
  private final SplittableRandom random;
  private final Deadline deadline;
  private final int[] movable;
  private final Members members;

  Annealing(Placement placement, SplittableRandom random, Deadline deadline) {
    this.placement = placement;
    this.random = random;
    this.deadline = deadline;
    graph = placement.graph;
    movable = graph.movableVertices();
    members = new Members(placement);
  }

  /** What a random move costs, on average, if it costs anything: the scale of temperatures. */
  double scale() {
    double sum = 0;
    int found = 0;
    for (int i = 0; i < SAMPLES && movable.length > 0; i++) {
      int v = movable[random.nextInt(movable.length)];
      double delta = placement.delta(v, random.nextInt(placement.sites()));
      if (delta != 0 && Math.abs(delta) < SiteCosts.UNREACHABLE / 2) {
        sum += Math.abs(delta);
        found++;
      }
    }
    return found == 0 ? 0 : sum / found;
  }

  /** Cools from one temperature to another, in so many tries. */
  void run(double hot, double cold, long tries) {
    if (movable.length == 0 || placement.sites() < 2 || !(hot > 0)) {
      return;
    }
    long rounds = Math.max(1, tries / MOVES_PER_LOOK);
    double cooling = Math.pow(cold / hot, 1.0 / rounds);
    double temperature = hot;
    for (long round = 0; round < rounds && !deadline.isOver(); round++) {
      for (int i = 0; i < MOVES_PER_LOOK; i++) {
        attempt(movable[random.nextInt(movable.length)], temperature);
      }
      temperature *= cooling;
    }
  }

  private void attempt(int vertex, double temperature) {
    int to = target(vertex);
    if (to == placement.site[vertex]) {
      return;
    }
    double delta = placement.delta(vertex, to);
    if (placement.fits(vertex, to)) {
      if (isAccepted(delta, temperature)) {
        members.moved(vertex, placement.site[vertex], to);
        placement.move(vertex, to, delta);
      }
    } else if (isAccepted(delta / 2, temperature)) {
      // Whoever comes back instead rarely gains more than that.
      swap(vertex, to, delta, temperature);
    }
  }

  private int target(int vertex) {
    int degree = graph.degree(vertex);
    if (degree == 0 || random.nextDouble() < ANYWHERE) {
      return random.nextInt(placement.sites());
    }
    return placement.site[graph.peers()[graph.start()[vertex] + random.nextInt(degree)]];
  }

  private void swap(int vertex, int to, double delta, double temperature) {
    int other = members.any(to, random);
    if (other < 0 || !placement.fitSwapped(vertex, other)) {
      return;
    }
    int at = placement.site[vertex];
    placement.move(vertex, to, delta);
    double back = placement.delta(other, at);
    if (isAccepted(delta + back, temperature)) {
      placement.move(other, at, back);
      members.moved(vertex, at, to);
      members.moved(other, to, at);
    } else {
      placement.move(vertex, at, -delta);
    }
  }

  private boolean isAccepted(double delta, double temperature) {
    return delta <= 0 || random.nextDouble() < Math.exp(-delta / temperature);
  }
}
