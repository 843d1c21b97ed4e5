package io.sterna.loadgen.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.RejectReason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasureTest {
  private static final long MS = 1_000_000;

  private final Latency latency = new Latency();
  private int holders;
  private final Spread spread = new Spread(3, (vm, version) -> holders, latency);

  @Test
  void percentilesAreMilliseconds() {
    for (int i = 1; i <= 1000; i++) {
      latency.record(i * MS);
    }
    latency.record(-1);
    assertEquals(1001, latency.count());
    assertEquals(500, latency.percentileMs(50), 1);
    assertEquals(990, latency.percentileMs(99), 1);
    assertEquals(1000, latency.maxMs(), 1);
  }

  @Test
  void nothingRecordedIsZero() {
    assertEquals(0, latency.percentileMs(99));
    assertEquals(0, latency.meanMs());
    assertEquals(0, latency.maxMs());
  }

  @Test
  void aChangeTakesUntilTheLastElementHasIt() {
    spread.follow();
    spread.accepted(5, 1, 10 * MS, true, 12 * MS);
    spread.heard(5, 0, 1, 13 * MS);
    spread.heard(5, 0, 1, 14 * MS);
    assertEquals(1, spread.waiting());
    assertEquals(0, latency.count());
    spread.heard(5, 0, 1, 30 * MS);
    assertEquals(0, spread.waiting());
    assertEquals(1, spread.installed());
    assertEquals(20, latency.maxMs(), 0.1);
  }

  @Test
  void aConflatedChangeIsThereWithTheOneThatReplacedIt() {
    spread.follow();
    spread.accepted(5, 1, 0, true, MS);
    spread.accepted(5, 2, 0, true, MS);
    spread.heard(5, 0, 1, 2 * MS);
    spread.heard(5, 1, 2, 3 * MS);
    spread.heard(5, 0, 2, 4 * MS);
    spread.heard(5, 0, 2, 5 * MS);
    assertEquals(0, spread.waiting());
    assertEquals(2, latency.count());
  }

  @Test
  void anAnswerMayComeAfterEverybodyHeard() {
    spread.follow();
    for (int fe = 0; fe < 3; fe++) {
      spread.heard(5, 0, 1, 2 * MS);
    }
    spread.accepted(5, 1, MS, true, 9 * MS);
    assertEquals(1, latency.maxMs(), 0.1);
    // Claimed again where it is: nobody hears anything.
    holders = 3;
    spread.accepted(6, 4, 7 * MS, false, 9 * MS);
    assertEquals(0, spread.waiting());
    assertEquals(1, latency.count());
  }

  @Test
  void countsAddUp() {
    Counts counts = new Counts();
    for (int i = 0; i < 5; i++) {
      counts.event();
      counts.claim();
    }
    counts.accept();
    counts.accept();
    counts.supersede();
    counts.refuse(RejectReason.STALE);
    counts.refuse(RejectReason.STALE);
    assertEquals(2, counts.open());
    assertEquals(2, counts.totals().lost());
    assertEquals(Map.of(RejectReason.STALE, 2L), counts.refused());
  }
}
