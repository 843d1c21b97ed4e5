package io.sterna.controller.relocation.search;

/** Takes back moves that gain nothing: a VM that is as well off where it was stays there. */
final class Homing {
  private Homing() {}

  /**
   * Takes them back.
   *
   * @param least what a move has to gain
   */
  static void run(Placement placement, int[] home, double least) {
    boolean back = true;
    while (back) {
      back = false;
      for (int v : placement.graph.movableVertices()) {
        if (placement.site[v] != home[v]) {
          double delta = placement.delta(v, home[v]);
          if (delta <= least && placement.fits(v, home[v])) {
            placement.move(v, home[v], delta);
            back |= delta < -Descent.LEAST_GAIN || placement.graph.degree(v) > 0;
          }
        }
      }
    }
  }
}
