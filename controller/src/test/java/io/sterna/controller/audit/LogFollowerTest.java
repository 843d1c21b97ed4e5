package io.sterna.controller.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogFollowerTest {
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int ROWS = 400;
  private static final AuditFilter FROM_THE_BEGINNING =
      new AuditFilter(null, null, null, null, null, null, 0, Long.MAX_VALUE);
  private static final AuditFilter FROM_NOW = AuditFilter.of(IpPrefix.parse("10.10.0.0/16"));

  @Test
  void partsThatAreResumedAreTogetherTheWhole() {
    for (long seed = 1; seed <= 10; seed++) {
      Random random = new Random(seed);
      GrowingJournal journal = new GrowingJournal(3, ROWS, seed);
      LogFollower follower = begin(journal, FROM_THE_BEGINNING, Optional.empty(), 0);
      Map<RangeId, List<Recorded>> got = new TreeMap<>();
      int cuts = 0;
      long now = 0;
      for (int quiet = 0; quiet < 60; now += STEP_NANOS) {
        quiet = journal.grow(random, 40) ? 0 : quiet + 1;
        List<Recorded> rows = follower.read(now);
        int taken = random.nextInt(4) == 0 ? random.nextInt(rows.size() + 1) : rows.size();
        for (Recorded row : rows.subList(0, taken)) {
          got.computeIfAbsent(row.range(), range -> new ArrayList<>()).add(row);
          follower.delivered(row);
        }
        if (taken < rows.size() || random.nextInt(10) == 0) {
          follower = begin(journal, FROM_THE_BEGINNING, Optional.of(follower.cursor()), now);
          cuts++;
        }
      }
      assertEquals(journal.whole(), got, "seed " + seed);
      assertTrue(cuts > 3, "seed " + seed);
    }
  }

  @Test
  void fromNowOnNothingOldIsGiven() {
    GrowingJournal journal = new GrowingJournal(3, ROWS, 11);
    Random random = new Random(11);
    for (int i = 0; i < 10; i++) {
      journal.grow(random, 60);
    }
    Map<RangeId, Long> before = new TreeMap<>();
    journal.ranges().forEach(range -> before.put(range, journal.newest(range)));
    LogFollower follower = begin(journal, FROM_NOW, Optional.empty(), 0);
    Map<RangeId, List<Recorded>> got = new TreeMap<>();
    long now = 0;
    for (int quiet = 0; quiet < 60; now += STEP_NANOS) {
      quiet = journal.grow(random, 40) ? 0 : quiet + 1;
      for (Recorded row : follower.read(now)) {
        got.computeIfAbsent(row.range(), range -> new ArrayList<>()).add(row);
      }
    }
    Map<RangeId, List<Recorded>> expected = new TreeMap<>();
    journal
        .whole()
        .forEach(
            (range, rows) -> {
              long first = before.getOrDefault(range, 0L);
              expected.put(range, rows.stream().filter(row -> row.number() > first).toList());
            });
    // Where an owner was followed just then, a row that was not sure is given as well.
    expected.forEach(
        (range, rows) -> {
          List<Recorded> its = got.getOrDefault(range, List.of());
          assertEquals(rows, its.subList(its.size() - rows.size(), its.size()), range.toString());
          assertTrue(its.size() - rows.size() <= 4, range.toString());
        });
  }

  @Test
  void aCursorIsOfItsRangesOnly() {
    GrowingJournal journal = new GrowingJournal(3, ROWS, 1);
    String cursor = begin(journal, FROM_THE_BEGINNING, Optional.empty(), 0).cursor();
    List<RangeId> others = journal.ranges().subList(0, 2);
    assertEquals(List.of(0L, 0L, 0L), FollowCursor.parse(cursor, journal.ranges()));
    for (String bad : List.of("", "no cursor", cursor + "AA", cursor.substring(2))) {
      assertThrows(
          IllegalArgumentException.class, () -> FollowCursor.parse(bad, journal.ranges()), bad);
    }
    IllegalArgumentException foreign =
        assertThrows(
            IllegalArgumentException.class, () -> LogFollower.check(Optional.of(cursor), others));
    assertTrue(foreign.toString().contains("other ranges"), foreign.toString());
  }

  @Test
  void cursorsCarryAnyNumber() {
    List<RangeId> ranges = new GrowingJournal(6, 1, 1).ranges();
    List<Long> given = List.of(0L, 1L, 127L, 128L, 50_001L, Long.MAX_VALUE);
    assertEquals(given, FollowCursor.parse(FollowCursor.text(ranges, given), ranges));
  }

  private static LogFollower begin(
      GrowingJournal journal, AuditFilter filter, Optional<String> cursor, long now) {
    return LogFollower.begin(journal, journal.ranges(), filter, cursor, now);
  }

  static Map<RangeId, List<Recorded>> whole(
      Map<RangeId, List<io.sterna.store.audit.StoredRow>> rows) {
    Map<RangeId, List<Recorded>> whole = new TreeMap<>();
    rows.forEach(
        (range, all) -> {
          List<Recorded> counts = new ArrayList<>();
          RangeRecord.whole(range, all.iterator()).forEachRemaining(counts::add);
          whole.put(range, counts);
        });
    return whole;
  }
}
