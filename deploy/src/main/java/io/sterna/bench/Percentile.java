package io.sterna.bench;

/** Of numbers that were all kept. Pure. */
final class Percentile {
  private static final double ALL = 100;

  private Percentile() {}

  /**
   * The least number that so many percent of them do not exceed.
   *
   * @param sorted smallest first
   * @return NaN if there are none
   */
  static double of(double[] sorted, double percent) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(sorted.length * percent / ALL);
    return sorted[Math.max(0, rank - 1)];
  }
}
