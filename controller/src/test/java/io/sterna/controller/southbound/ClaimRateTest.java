package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ClaimRateTest {
  private static final long SECOND = 1_000_000_000;

  /** Any moment will do. */
  private static final long START = -SECOND / 2;

  @Test
  void aSecondsClaimsMayComeAtOnceAndThenOneByOne() {
    ClaimRate rate = new ClaimRate(10, START);
    for (int claim = 0; claim < 10; claim++) {
      assertFalse(rate.isExceeded(START));
    }
    assertTrue(rate.isExceeded(START));
    assertFalse(rate.isExceeded(START + SECOND / 10));
    assertTrue(rate.isExceeded(START + SECOND / 10));
  }

  @Test
  void withoutALimitNothingIsTooMuch() {
    ClaimRate rate = new ClaimRate(0, START);
    for (int claim = 0; claim < 1_000_000; claim++) {
      assertFalse(rate.isExceeded(START));
    }
  }

  @Test
  void theFirstRefusalIsNotedAndThenOneASecondWithTheNumberOfTheOthers() {
    ClaimRate rate = new ClaimRate(1, START);
    assertEquals(OptionalLong.of(0), rate.refused(START));
    for (int refusal = 0; refusal < 5; refusal++) {
      assertEquals(OptionalLong.empty(), rate.refused(START + SECOND - 1));
    }
    assertEquals(OptionalLong.of(5), rate.refused(START + SECOND));
    assertEquals(OptionalLong.empty(), rate.refused(START + SECOND));
  }
}
