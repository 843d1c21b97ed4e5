package io.sterna.lab.probe;

import java.util.Arrays;
import java.util.List;

/** Some numbers in order. Pure. */
public final class Distribution {
  private final double[] sorted;

  private Distribution(double[] sorted) {
    this.sorted = sorted;
  }

  /** The numbers, of which there may be none. */
  public static Distribution of(List<? extends Number> numbers) {
    double[] sorted = numbers.stream().mapToDouble(Number::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Distribution(sorted);
  }

  /**
   * The middle: of an even count, the mean of the two in the middle.
   *
   * @return NaN if there are no numbers
   */
  public double median() {
    int count = sorted.length;
    if (count == 0) {
      return Double.NaN;
    }
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
  }

  /**
   * The greatest.
   *
   * @return NaN if there are no numbers
   */
  public double max() {
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
  }
}
