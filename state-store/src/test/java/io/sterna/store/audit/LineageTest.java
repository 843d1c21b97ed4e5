package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.RangeId;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.trial.RandomJournal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final RangeId RANGE = RangeId.parse("10.10.1.0/24");
  private static final int ROWS = 400;

  /** Wherever one failover lies behind another, also just where rows of the first become sure. */
  @Test
  void whateverOwnersFollowOneAnotherTheWayGoesToTheHead() {
    for (long seed = 1; seed <= 300; seed++) {
      RandomJournal journal = new RandomJournal(RANGE, RecordOfChance.SHAPE, seed);
      List<StoredRow> rows = new ArrayList<>();
      while (rows.size() < ROWS || !journal.atEndOfPlace()) {
        rows.add(journal.next());
      }
      RangeRecord record = RangeRecord.whole(RANGE, rows.iterator());
      long expected = 1;
      Recorded last = record.next();
      while (record.hasNext()) {
        assertEquals(expected, last.number(), "seed " + seed);
        last = record.next();
        expected++;
      }
      assertEquals(journal.head().hash(), last.row().hash(), "seed " + seed);
    }
  }

  /**
   * Also in the midst of an overlap, where a late owner's row stands before the one that counts.
   */
  @Test
  void whereverReadingBeginsTheRestIsThatOfTheWhole() {
    for (long seed = 1; seed <= 4; seed++) {
      RandomJournal journal = new RandomJournal(RANGE, RecordOfChance.SHAPE, seed);
      List<StoredRow> rows = new ArrayList<>();
      while (rows.size() < ROWS || !journal.atEndOfPlace()) {
        rows.add(journal.next());
      }
      List<RangeEvent> whole = new ArrayList<>();
      RangeRecord.whole(RANGE, rows.iterator()).forEachRemaining(each -> whole.add(each.row()));
      for (int from = 1; from <= whole.size() - 2; from++) {
        int first = from;
        List<RangeEvent> part = new ArrayList<>();
        RangeRecord.part(
                RANGE, rows.stream().filter(row -> row.number() >= first).iterator(), epoch -> "")
            .forEachRemaining(each -> part.add(each.row()));
        assertEquals(whole.subList(from - 1, whole.size()), part, "seed " + seed + " from " + from);
      }
    }
  }
}
