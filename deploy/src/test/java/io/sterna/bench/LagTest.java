package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An element that lags is counted. */
class LagTest {
  private final Lag lag = new Lag();

  @Test
  void theFirstLookInSyncForGoodCounts() {
    look(1_000, 50, 0);
    look(1_100, 70, 20);
    look(1_200, 80, 0);
    look(1_300, 80, 0);
    assertEquals(OptionalDouble.of(0.2), lag.secondsUntilInSync(millis(1_000)));
    assertEquals(20, lag.most(millis(1_000)));
  }

  @Test
  void inSyncWithLessThanTheEndIsNotTheEnd() {
    look(1_100, 70, 0);
    look(1_200, 80, 0);
    assertEquals(OptionalDouble.of(0.2), lag.secondsUntilInSync(millis(1_000)));
  }

  @Test
  void whoIsBehindAtTheLastLookIsNotInSync() {
    look(1_100, 80, 0);
    look(1_200, 80, 1);
    assertTrue(lag.secondsUntilInSync(millis(1_000)).isEmpty());
  }

  @Test
  void whoNeverLookedKnowsNothing() {
    assertTrue(lag.secondsUntilInSync(0).isEmpty());
    assertEquals(0, lag.most(0));
  }

  @Test
  void whoKeptUpTookNoTime() {
    look(900, 80, 0);
    look(1_100, 80, 0);
    assertEquals(OptionalDouble.of(0), lag.secondsUntilInSync(millis(1_000)));
  }

  @Test
  void lagBeforeTheWindowDoesNotCount() {
    look(900, 70, 60);
    look(1_000, 75, 5);
    assertEquals(5, lag.most(millis(1_000)));
  }

  private void look(long atMs, long committed, long behind) {
    lag.add(new Lag.Sample(millis(atMs), committed, behind, behind == 0));
  }

  private static long millis(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }
}
