package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Percentiles are numbers that were measured. */
class PercentileTest {
  @Test
  void ofAHundredTheNinetyNinthIsThe99thPercentile() {
    double[] numbers = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    assertEquals(50, Percentile.of(numbers, 50));
    assertEquals(99, Percentile.of(numbers, 99));
    assertEquals(100, Percentile.of(numbers, 100));
  }

  @Test
  void fewHaveTheirGreatestAsTheirHighest() {
    assertEquals(3, Percentile.of(new double[] {1, 2, 3}, 99));
    assertEquals(Double.NaN, Percentile.of(new double[] {}, 99));
  }
}
