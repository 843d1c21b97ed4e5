package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.protocol.Binding;
import io.sterna.protocol.RangeId;
import io.sterna.store.akka.RangeEventSerializer;
import io.sterna.store.audit.PastTable.Difference;
import io.sterna.store.audit.PastTable.End;
import io.sterna.store.trial.RandomJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PastTableTest {
  private static final int SOME = 6;
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/24");

  @Test
  void everyPastMomentIsWhatHeldThen() {
    for (long seed = 1; seed <= 20; seed++) {
      RandomJournal journal = new RandomJournal(RANGE, RecordOfChance.SHAPE, seed);
      List<StoredRow> rows = new ArrayList<>();
      TreeMap<Long, List<Binding>> byMoment = new TreeMap<>();
      Map<Long, List<Binding>> byRevision = new HashMap<>();
      while (rows.size() < 400 || !journal.atEndOfPlace()) {
        rows.add(journal.next());
        if (journal.atEndOfPlace()) {
          byMoment.put(journal.atEpochMillis(), journal.bindings());
          byRevision.put(journal.head().revision(), journal.bindings());
        }
      }
      // Rows of a failover are given place by place, but counted at once: what held is the last.
      String which = "seed " + seed;
      for (var each : some(byMoment, seed)) {
        PastTable table = PastTable.at(record(rows), End.atMillis(each.getKey()));
        assertEquals(each.getValue(), table.bindings(), which);
      }
      for (var each : some(byRevision, seed)) {
        PastTable table = PastTable.at(record(rows), End.atRevision(each.getKey()));
        assertEquals(each.getValue(), table.bindings(), which);
      }
      differs(rows, byMoment, which);
    }
  }

  /** Each is read from the first row on, so not all of them: others with each seed. */
  private static <T> List<Map.Entry<Long, T>> some(Map<Long, T> all, long seed) {
    List<Map.Entry<Long, T>> some = new ArrayList<>();
    int at = 0;
    for (var each : all.entrySet()) {
      if (at++ % SOME == seed % SOME) {
        some.add(each);
      }
    }
    return some;
  }

  private static void differs(
      List<StoredRow> rows, Map<Long, List<Binding>> byMoment, String which) {
    List<Long> moments = List.copyOf(byMoment.keySet());
    for (int i = 0; i + 37 < moments.size(); i += 13) {
      long from = moments.get(i);
      long to = moments.get(i + 37);
      Map<Object, Binding> before = byAddress(byMoment.getOrDefault(from, List.of()));
      Map<Object, Binding> after = byAddress(byMoment.getOrDefault(to, List.of()));
      List<Difference> differences =
          PastTable.between(record(rows), End.atMillis(from), End.atMillis(to));
      TreeSet<Object> expected = new TreeSet<>(before.keySet());
      expected.addAll(after.keySet());
      expected.removeIf(
          address -> before.containsKey(address) && before.get(address).equals(after.get(address)));
      assertEquals(
          List.copyOf(expected), differences.stream().map(Difference::address).toList(), which);
      for (Difference each : differences) {
        assertEquals(before.get(each.address()), each.before(), which);
        assertEquals(after.get(each.address()), each.after(), which);
      }
    }
  }

  @Test
  void beforeTheFirstRowThereWasNothing() {
    List<StoredRow> rows = RecordOfChance.of(1, 10, 1).rows.values().iterator().next();
    assertEquals(List.of(), PastTable.at(record(rows), End.atMillis(0)).bindings());
  }

  @Test
  void aHoleIsNeverPassedOver() {
    List<StoredRow> rows =
        new ArrayList<>(RecordOfChance.of(1, 100, 1).rows.values().iterator().next());
    rows.removeIf(row -> row.number() == 50);
    BrokenRecordException e =
        assertThrows(
            BrokenRecordException.class,
            () -> PastTable.at(record(rows), End.atMillis(Long.MAX_VALUE)));
    assertEquals(51, e.number());
  }

  /** Also where rows of another owner stand beside those that count just when older ones settle. */
  @Test
  void whateverOwnersWroteBesideTheRecordItIsWhole() {
    for (long seed = 1; seed <= 300; seed++) {
      RandomJournal journal = new RandomJournal(RANGE, RecordOfChance.SHAPE, seed);
      List<StoredRow> rows = new ArrayList<>();
      while (rows.size() < 300 || !journal.atEndOfPlace()) {
        rows.add(journal.next());
      }
      PastTable table = PastTable.at(record(rows), End.atMillis(Long.MAX_VALUE));
      assertEquals(journal.bindings(), table.bindings(), "seed " + seed);
    }
  }

  @Test
  void theFormatIsTheSerializers() {
    assertEquals(RangeEventSerializer.IDENTIFIER + "/row", StoredRow.FORMAT);
  }

  private static Map<Object, Binding> byAddress(List<Binding> bindings) {
    Map<Object, Binding> map = new HashMap<>();
    bindings.forEach(binding -> map.put(binding.address(), binding));
    return map;
  }

  private static RangeRecord record(List<StoredRow> rows) {
    return RangeRecord.whole(RANGE, rows.iterator());
  }
}
