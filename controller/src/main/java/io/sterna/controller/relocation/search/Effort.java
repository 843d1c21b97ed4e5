package io.sterna.controller.relocation.search;

/**
 * How hard it is searched: so much work, whatever time it takes. Temperatures are parts of what a
 * random move costs on average.
 *
 * @param cycles how often what was found is clustered anew and refined
 * @param coarseHeat at which the placement of the largest clusters starts
 * @param cycleHeat the same in later cycles
 * @param fineHeat at which the refinement of a level below starts
 * @param cold at which each ends
 * @param triesPerVertex of each level
 * @param triesMax of each level; {@code triesAtLeast} a vertex may be more
 * @param triesAtLeast of each level, a vertex, however large it is
 */
record Effort(
    int cycles,
    double coarseHeat,
    double cycleHeat,
    double fineHeat,
    double cold,
    long triesPerVertex,
    long triesMax,
    long triesAtLeast) {
  private static final int LARGE = 200_000;

  /** What suits a problem of so many endpoints. */
  static Effort of(int size) {
    return size > LARGE
        ? new Effort(0, 0.5, 0.1, 0.02, 0.001, 10, 0, 8)
        : new Effort(2, 0.5, 0.1, 0.02, 0.001, 200, 600_000, 10);
  }

  /** Less, where the same is searched again and again with other prices. */
  Effort quick() {
    return new Effort(
        Math.min(cycles, 1), coarseHeat, cycleHeat, fineHeat, cold, 50, triesMax / 4, 5);
  }

  long tries(int vertices) {
    return Math.max(triesAtLeast * vertices, Math.min(triesMax, triesPerVertex * vertices));
  }
}
