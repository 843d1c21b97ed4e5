package io.sterna.loadgen.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.RejectReason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasureTest {
  private static final long MS = 1_000_000;

  private final Latency latency = new Latency();

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
  void whatNobodySawTheEndOfCountsToo() {
    latency.record(MS);
    latency.recordUnfinished(5000 * MS);
    assertEquals(2, latency.count());
    assertEquals(1, latency.unfinished());
    assertEquals(5000, latency.maxMs(), 5);
    latency.reset();
    assertEquals(0, latency.unfinished());
  }

  @Test
  void nothingRecordedIsZero() {
    assertEquals(0, latency.percentileMs(99));
    assertEquals(0, latency.meanMs());
    assertEquals(0, latency.maxMs());
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
