package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.RangeId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResyncPaceTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final RangeId OTHER = RangeId.parse("10.10.16.0/20");
  private static final long MS = 1_000_000;

  private final ResyncPace pace = new ResyncPace();

  @Test
  void whatIsAskedTooSoonIsPassedOnLaterAndOnce() {
    assertTrue(pace.ask(RANGE, 0));
    assertTrue(pace.ask(OTHER, 1));
    for (int ms = 1; ms < 1000; ms++) {
      assertFalse(pace.ask(RANGE, ms * MS));
    }
    assertEquals(List.of(), pace.due(999 * MS));
    assertEquals(List.of(RANGE), pace.due(1000 * MS));
    assertEquals(List.of(), pace.due(9000 * MS));
    assertTrue(pace.ask(RANGE, 9000 * MS));
  }

  @Test
  void aNewOwnerIsAskedAtOnce() {
    assertTrue(pace.ask(RANGE, 0));
    assertFalse(pace.ask(RANGE, 1));
    pace.forget(RANGE);
    assertEquals(List.of(), pace.due(9000 * MS));
    assertTrue(pace.ask(RANGE, 9000 * MS));
  }
}
