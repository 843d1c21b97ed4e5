package io.sterna.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.replay.Violation;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.StoredRow;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From an export to a result. */
class ReplayRunTest {
  private static final RangeId FIRST = RangeId.parse("10.10.0.0/24");

  @Test
  void anySpanOfAnExportIsReplayedWhole() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      JournalsOfChance journals = new JournalsOfChance(4, 300, seed);
      Random random = new Random(seed);
      long from = journals.firstMillis() - 100 + random.nextInt(5_000);
      long to = from + random.nextInt(10_000);
      List<Recorded> span = journals.span(from, to);
      ReplayRun.Result result = replay(journals.lines(), from, to, ReplayRun.MAX, Map.of());
      String which = "seed " + seed + ": " + result;
      assertTrue(result.complete(), which);
      assertTrue(result.outcome().holds(), which);
      assertEquals(span.size(), result.outcome().rows(), which);
      long changes = span.stream().mapToLong(row -> RecordedRows.told(row).changes().size()).sum();
      assertEquals(changes, result.outcome().changes(), which);
      assertTrue(result.outcome().checkpoints() >= 1, which);
    }
  }

  @Test
  void aSpanOfNothingHolds() throws Exception {
    JournalsOfChance journals = new JournalsOfChance(2, 50, 1);
    long last = journals.lastMillis();
    ReplayRun.Result result = replay(journals.lines(), last, last + 1000, 1, Map.of());
    assertEquals(0, result.outcome().rows());
    assertTrue(result.outcome().holds() && result.complete());
  }

  @Test
  void aDamagedRowEndsItsRangeAndNoOther() throws Exception {
    JournalsOfChance journals = new JournalsOfChance(3, 200, 5);
    List<StoredRow> rows = journals.stored.getOrDefault(FIRST, List.of());
    Recorded hit = journals.record(FIRST).get(100);
    int at = 0;
    while (rows.get(at).number() != hit.number()) {
      at++;
    }
    rows.remove(at);
    rows.removeIf(row -> row.number() == hit.number());
    ReplayRun.Result result =
        replay(journals.lines(), 0, Long.MAX_VALUE / 2, ReplayRun.MAX, Map.of());
    assertFalse(result.outcome().holds());
    assertEquals(1, result.outcome().violations().size(), result.toString());
    Violation named = result.outcome().violations().get(0);
    assertEquals("ChainIntact", named.invariant());
    assertEquals(FIRST, named.range());
    assertEquals(hit.number() + 1, named.row());
    // What stood before it, and all of the others.
    assertTrue(result.outcome().rows() > 400 && result.outcome().rows() < 560, result.toString());
  }

  @Test
  void timePassesAsItWasRecorded() throws Exception {
    JournalsOfChance journals = new JournalsOfChance(2, 60, 3);
    long from = journals.firstMillis();
    long to = journals.lastMillis();
    double speed = (to - from) / 300.0;
    ReplayRun.Result result = replay(journals.lines(), from, to, speed, Map.of());
    assertTrue(result.outcome().holds(), result.toString());
    assertTrue(result.seconds() >= 0.295, result.toString());
  }

  @Test
  void whoIsInterruptedHasWhatWasReplayed() throws Exception {
    JournalsOfChance journals = new JournalsOfChance(2, 60, 3);
    long from = journals.firstMillis() - 1;
    Thread.currentThread().interrupt();
    ReplayRun.Result result = replay(journals.lines(), from, journals.lastMillis(), 1, Map.of());
    assertFalse(result.complete());
    assertFalse(Thread.currentThread().isInterrupted());
    assertTrue(result.outcome().holds(), result.toString());
    assertTrue(result.outcome().rows() < 10, result.toString());
  }

  @Test
  void anElementThatHearsLateSendsToWhereVmsWere() throws Exception {
    JournalsOfChance journals = new JournalsOfChance(2, 300, 9);
    FeId slow = new FeId("fe3");
    ReplayRun.Result result =
        replay(journals.lines(), 0, Long.MAX_VALUE / 2, ReplayRun.MAX, Map.of(slow, 200L));
    assertTrue(result.outcome().holds(), result.toString());
    var late = result.outcome().late().get(0);
    assertEquals(slow, late.element());
    assertEquals(result.outcome().moves(), late.moves());
    assertTrue(late.windows() > 0 && late.windows() <= late.moves(), late.toString());
    assertTrue(late.longestMillis() >= 200, late.toString());
    assertTrue(late.sumMillis() >= late.longestMillis(), late.toString());
  }

  @Test
  void onlyWhatIsAskedForIsReplayed() throws Exception {
    JournalsOfChance journals = new JournalsOfChance(3, 100, 1);
    IpPrefix prefix = IpPrefix.parse("10.10.1.0/24");
    try (ReplaySpool spool =
        ReplaySpool.read(export(journals.lines(), Optional.of(prefix)), 0, Long.MAX_VALUE / 2)) {
      assertEquals(List.of(new RangeId(prefix)), spool.ranges());
      assertEquals(journals.record(new RangeId(prefix)).size(), spool.rowCount());
    }
  }

  @Test
  void whatIsNoExportIsNamedByItsLine() {
    List<String> lines = new ArrayList<>(new JournalsOfChance(2, 20, 1).lines());
    lines.set(4, "no such line");
    ReplayException e = assertThrows(ReplayException.class, () -> replay(lines, 0, 1, 1, Map.of()));
    assertEquals("test:5: is no line of an export", e.getMessage());
    List<String> twice = new ArrayList<>(new JournalsOfChance(2, 20, 1).lines());
    twice.add(twice.get(1));
    ReplayException apart =
        assertThrows(ReplayException.class, () -> replay(twice, 0, 1, 1, Map.of()));
    assertTrue(String.valueOf(apart.getMessage()).contains("do not stand together"));
  }

  private static ReplayRun.Result replay(
      List<String> lines, long from, long to, double speed, Map<FeId, Long> delays)
      throws ReplayException {
    try (ReplaySpool spool = ReplaySpool.read(export(lines, Optional.empty()), from, to)) {
      return new ReplayRun(spool, from, to, speed, delays, System::nanoTime, line -> {}).run();
    }
  }

  private static ExportLines export(List<String> lines, Optional<IpPrefix> prefix) {
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    InputStream stream = new ByteArrayInputStream(text);
    return new ExportLines("test", stream, prefix);
  }
}
