package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.trial.RandomJournal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/24");
  private static final RandomJournal.Shape SHAPE = new RandomJournal.Shape(20, 2, 6);
  private static final int PLACES = 2_000;

  /** Owners overlap so often that most places are in question when 64 have gone by. */
  @Test
  void oneRowOfEachPlaceCountsHoweverOftenOwnersOverlap() {
    for (long seed = 1; seed <= 40; seed++) {
      RandomJournal journal = new RandomJournal(RANGE, SHAPE, seed);
      List<StoredRow> rows = new ArrayList<>();
      while (rows.size() < PLACES || !journal.atEndOfPlace()) {
        rows.add(journal.next());
      }
      ChainHash hash = ChainHash.GENESIS;
      long number = 0;
      RangeRecord record = RangeRecord.whole(RANGE, rows.iterator());
      while (record.hasNext()) {
        Recorded next = record.next();
        number++;
        assertEquals(number, next.number(), "seed " + seed);
        assertEquals(hash, next.row().previousHash(), "seed " + seed);
        hash = next.row().hash();
      }
      assertEquals(journal.head().hash(), hash, "seed " + seed);
    }
  }
}
