package io.sterna.controller.relocation.search;

/**
 * How hard it is searched: so much work, whatever time it takes. Temperatures are parts of what a
 * random move costs on average.
 *
 * @param starts how often it is begun anew, each time with clusters of another size
 * @param cycles how often what was found is clustered anew and refined
 * @param coarseHeat at which the placement of the largest clusters starts
 * @param cycleHeat the same in later cycles
 * @param fineHeat at which the refinement of a level below starts
 * @param cold at which each ends
 * @param tries of each level, if that is no more than a vertex may have
 * @param triesPerVertexMin of each level, a vertex, however large it is
 * @param triesPerVertexMax of each level, a vertex
 * @param triesMin of each level, however small it is
 */
record Effort(
    int starts,
    int cycles,
    double coarseHeat,
    double cycleHeat,
    double fineHeat,
    double cold,
    long tries,
    long triesPerVertexMin,
    long triesPerVertexMax,
    long triesMin) {
  private static final int SMALL = 300;
  private static final int MIDDLE = 3_000;
  private static final int LARGE = 200_000;

  /** What suits a problem of so many endpoints. */
  static Effort of(int size) {
    if (size > LARGE) {
      return new Effort(1, 0, 0.5, 0.1, 0.02, 0.001, 0, 8, 10, 0);
    }
    int starts = size > MIDDLE ? 1 : size > SMALL ? 2 : 8;
    return new Effort(starts, 2, 0.5, 0.1, 0.02, 0.001, 300_000, 10, 200, 30_000);
  }

  /** Less, where the same is searched again and again with other prices. */
  Effort quick() {
    return new Effort(
        Math.min(starts, 2),
        Math.min(cycles, 1),
        coarseHeat,
        cycleHeat,
        fineHeat,
        cold,
        tries / 4,
        5,
        50,
        triesMin / 3);
  }

  long triesFor(int vertices) {
    long within = Math.min(triesPerVertexMax * vertices, tries);
    return Math.max(Math.max(triesMin, triesPerVertexMin * vertices), within);
  }
}
