package io.sterna.lab.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DistributionTest {
  @Test
  void middleOfOddAndEvenCounts() {
    assertEquals(3, Distribution.of(List.of(9, 1, 3)).median());
    assertEquals(2, Distribution.of(List.of(9, 1, 3, 1)).median());
    assertEquals(9, Distribution.of(List.of(1, 9, 3)).max());
  }

  @Test
  void nothingHasNoMiddle() {
    assertTrue(Double.isNaN(Distribution.of(List.<Integer>of()).median()));
    assertTrue(Double.isNaN(Distribution.of(List.<Integer>of()).max()));
  }
}
