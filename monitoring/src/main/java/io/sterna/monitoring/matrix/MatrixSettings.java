package io.sterna.monitoring.matrix;

import java.time.Duration;

/**
 * How much a matrix remembers.
 *
 * @param timeConstant after this long without traffic, a rate has fallen to 37 %
 * @param slice how often the heaviest pairs of the tail are looked for
 * @param exactPairsMax how many pairs have counters of their own
 * @param tailItemsMax how many pairs the sketch of the tail remembers; a power of two, at least 8
 * @param endpointsMax how many VMs and outside blocks have counters of their own
 */
public record MatrixSettings(
    Duration timeConstant, Duration slice, int exactPairsMax, int tailItemsMax, int endpointsMax) {
  /** A minute's memory, 100,000 pairs exactly: at most 100 MB when full, as a test has it. */
  public static final MatrixSettings DEFAULT =
      new MatrixSettings(Duration.ofSeconds(60), Duration.ofSeconds(30), 100_000, 65_536, 200_000);

  /**
   * @throws IllegalArgumentException unless all are positive, and the tail's a power of two
   */
  public MatrixSettings {
    if (timeConstant.toMillis() < 1 || slice.toMillis() < 1) {
      throw new IllegalArgumentException("a matrix remembers for some time");
    }
    if (exactPairsMax < 1 || endpointsMax < 1) {
      throw new IllegalArgumentException("a matrix remembers some pairs");
    }
    if (tailItemsMax < 8 || Integer.bitCount(tailItemsMax) != 1) {
      throw new IllegalArgumentException(tailItemsMax + " is no power of two from 8 on");
    }
  }
}
