package io.sterna.loadgen.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three elements hear of changes, and the last one counts. */
class SpreadTest {
  private static final long MS = 1_000_000;
  private static final RangeId RANGE = RangeId.parse("10.20.0.0/24");
  private static final int VMS = 3_001;
  private static final int FES = 3;

  private final Latency latency = new Latency();
  private final Tables tables = new Tables();
  private final Spread spread =
      new Spread(VMS, FES, tables, (dueNanos, tookNanos) -> latency.record(tookNanos));

  private static final class Tables implements Spread.Elements {
    private boolean allHave;
    private int countAt = 1;

    @Override
    public boolean allHave(int vm, int version) {
      return allHave;
    }

    @Override
    public int countAt(RangePosition position) {
      return countAt;
    }
  }

  @BeforeEach
  void follow() {
    spread.follow();
  }

  @Test
  void anElementFarBehindPassesManyStretchesOneByOne() {
    int last = 100;
    for (int vm = 1; vm <= last; vm++) {
      spread.accepted(vm, 1, 0, true, MS);
      spread.heard(vm, 0, 1);
      spread.moved(at(1, vm - 1), at(1, vm), MS);
      spread.moved(at(1, vm - 1), at(1, vm), MS);
    }
    assertEquals(last, spread.waiting());
    spread.moved(at(1, 0), at(1, 60), 2 * MS);
    assertEquals(60, spread.installed());
    spread.moved(at(1, 60), at(1, 61), 3 * MS);
    assertEquals(61, spread.installed());
    spread.moved(at(1, 61), at(1, last), 4 * MS);
    assertEquals(last, spread.installed());
    assertEquals(0, spread.waiting());
  }

  @Test
  void manyChangesAreHeardOnOneWay() {
    for (int vm = 1; vm < VMS; vm++) {
      spread.accepted(vm, 1, vm, true, MS);
      spread.heard(vm, 0, 1);
    }
    for (int fe = 0; fe < FES; fe++) {
      spread.moved(at(1, 0), at(1, VMS), MS);
    }
    assertEquals(VMS - 1, spread.installed());
    assertEquals(0, spread.waiting());
  }

  @Test
  void aChangeThatTheLastElementNeverHeardHasAnAge() {
    spread.accepted(5, 1, 10 * MS, true, 12 * MS);
    spread.accepted(6, 1, 10 * MS, false, 12 * MS);
    spread.heard(5, 0, 1);
    spread.moved(at(1, 0), at(1, 1), 13 * MS);
    spread.unfinished(510 * MS, (dueNanos, tookNanos) -> latency.recordUnfinished(tookNanos));
    assertEquals(1, latency.unfinished());
    assertEquals(500, latency.maxMs(), 1);
  }

  @Test
  void aChangeTakesUntilTheLastElementHasIt() {
    spread.accepted(5, 1, 10 * MS, true, 12 * MS);
    assertTrue(spread.isNew(at(1, 1)));
    spread.heard(5, 0, 1);
    spread.moved(at(1, 0), at(1, 1), 13 * MS);
    assertFalse(spread.isNew(at(1, 1)));
    spread.moved(at(1, 0), at(1, 1), 14 * MS);
    assertEquals(1, spread.waiting());
    assertEquals(0, latency.count());
    spread.moved(at(1, 0), at(1, 1), 30 * MS);
    assertEquals(0, spread.waiting());
    assertEquals(1, spread.installed());
    assertEquals(20, latency.maxMs(), 0.1);
  }

  @Test
  void aConflatedChangeIsThereWithTheOneThatReplacedIt() {
    spread.accepted(5, 1, 0, true, MS);
    spread.accepted(5, 2, 0, true, MS);
    spread.heard(5, 0, 1);
    spread.moved(at(1, 0), at(1, 1), 2 * MS);
    spread.heard(5, 1, 2);
    spread.moved(at(1, 1), at(1, 2), 3 * MS);
    spread.moved(at(1, 0), at(1, 2), 4 * MS);
    assertEquals(2, spread.waiting());
    spread.moved(at(1, 0), at(1, 2), 5 * MS);
    assertEquals(0, spread.waiting());
    assertEquals(2, latency.count());
    assertEquals(5, latency.maxMs(), 0.1);
  }

  @Test
  void theFirstElementMayBeTheOneThatTakesALongStep() {
    spread.accepted(5, 1, 0, true, MS);
    spread.accepted(6, 1, 0, true, MS);
    spread.heard(5, 0, 1);
    spread.heard(6, 0, 1);
    spread.moved(at(1, 0), at(1, 2), 2 * MS);
    for (int other = 1; other < FES; other++) {
      spread.moved(at(1, 0), at(1, 1), 3 * MS);
      assertEquals(2, spread.waiting());
      spread.moved(at(1, 1), at(1, 2), 4 * MS);
    }
    assertEquals(0, spread.waiting());
    assertEquals(4, latency.maxMs(), 0.1);
  }

  @Test
  void anAnswerMayComeAfterEverybodyHeard() {
    spread.heard(5, 0, 1);
    for (int fe = 0; fe < FES; fe++) {
      spread.moved(at(1, 0), at(1, 1), 2 * MS);
    }
    assertEquals(0, latency.count());
    spread.accepted(5, 1, MS, true, 9 * MS);
    assertEquals(1, latency.maxMs(), 0.1);
  }

  @Test
  void whatIsClaimedAgainWhereItIsIsInstalledAtOnce() {
    tables.allHave = true;
    spread.accepted(6, 4, 7 * MS, true, 9 * MS);
    assertEquals(0, spread.waiting());
    assertEquals(2, latency.maxMs(), 0.1);
  }

  @Test
  void aStretchOfAnOwnerWhoseRowsWereDiscardedBlocksNobody() {
    spread.heard(5, 0, 1);
    spread.moved(at(1, 0), at(1, 1), MS);
    // The next owner never saw that row: its first row has the same revision.
    spread.accepted(6, 1, 0, true, 2 * MS);
    spread.heard(6, 0, 1);
    spread.moved(at(1, 0), at(2, 1), 2 * MS);
    spread.moved(at(1, 0), at(2, 1), 3 * MS);
    assertEquals(1, spread.waiting());
    spread.moved(at(1, 1), at(2, 1), 4 * MS);
    assertEquals(0, spread.waiting());
    assertEquals(4, latency.maxMs(), 0.1);
  }

  @Test
  void whoeverWasFurtherFromTheBeginningCounts() {
    tables.countAt = 2;
    spread.accepted(5, 1, 0, true, MS);
    spread.heard(5, 0, 1);
    spread.moved(at(1, 0), at(1, 1), 2 * MS);
    assertEquals(1, spread.waiting());
    spread.moved(at(1, 0), at(1, 1), 3 * MS);
    assertEquals(0, spread.waiting());
  }

  private static RangePosition at(long epoch, long revision) {
    return new RangePosition(RANGE, epoch, revision, ChainHash.GENESIS);
  }
}
