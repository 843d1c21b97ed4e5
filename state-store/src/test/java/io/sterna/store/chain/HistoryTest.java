package io.sterna.store.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.event.RangeActivated;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final ControllerId OWNER = new ControllerId("c1");

  private final RangeActivated first = row(1, ChainHash.GENESIS);

  @Test
  void ofTwoRowsAtOnePlaceTheHigherEpochCounts() {
    RangeActivated late = row(2, first.hash());
    RangeActivated successor = row(3, first.hash());
    List<RangeActivated> expected = List.of(first, successor);

    assertEquals(expected, History.after(ChainHash.GENESIS, List.of(first, late, successor)));
    assertEquals(expected, History.after(ChainHash.GENESIS, List.of(first, successor, late)));
  }

  @Test
  void aRowCountsIfALaterOwnerHasReadIt() {
    RangeActivated read = row(2, first.hash());
    RangeActivated arrivedLate = row(3, first.hash());
    RangeActivated reader = row(4, read.hash());

    assertEquals(
        List.of(first, read, reader),
        History.after(ChainHash.GENESIS, List.of(first, arrivedLate, read, reader)));
  }

  @Test
  void aSnapshotIsABeginning() {
    RangeActivated second = row(2, first.hash());
    RangeActivated stray = row(1, ChainHash.GENESIS);

    assertEquals(List.of(second), History.after(first.hash(), List.of(stray, second)));
    assertEquals(List.of(), History.after(first.hash(), List.of()));
  }

  private static RangeActivated row(long epoch, ChainHash previous) {
    return Chain.activated(RANGE, epoch, OWNER, 0, 0, previous);
  }
}
