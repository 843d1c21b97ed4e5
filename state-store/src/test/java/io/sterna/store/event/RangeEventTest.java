package io.sterna.store.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.protocol.ChainHash;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.Rows;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeEventTest {
  private static final Entry BOUND = Rows.COMMITTED.entries().get(0);
  private static final Entry REFUSED = Rows.COMMITTED.entries().get(1);

  @Test
  void onlyBindingsConsumeRevisions() {
    assertEquals(302, Rows.COMMITTED.lastRevision());
    assertEquals(
        300, Chain.committed(1, 301, 0, List.of(REFUSED), ChainHash.GENESIS).lastRevision());
  }

  @Test
  void versionsGrowByOne() {
    assertEquals(3, ((Entry.Bound) BOUND).previousVersion());
  }

  @Test
  void aRowHasBounds() {
    assertEquals("a row has 1 to 4096 entries, not 0", refusal(1, List.of()));
    assertEquals(
        "a row has 1 to 4096 entries, not 4097", refusal(1, Collections.nCopies(4097, BOUND)));
    assertEquals("first revision 0 is below 1", refusal(0, List.of(BOUND)));
  }

  @Test
  void aSnapshotIsAscendingAndHasNoAddressTwice() {
    RangeSnapshot snapshot =
        new RangeSnapshot(
            1,
            2,
            ChainHash.GENESIS,
            List.of(Rows.binding("10.0.0.9", "fe1", 1), Rows.binding("10.0.0.1", "fe1", 1)));
    assertEquals("10.0.0.1", snapshot.bindings().get(0).address().toString());
    var twice = List.of(Rows.binding("10.0.0.9", "fe1", 1), Rows.binding("10.0.0.9", "fe2", 2));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new RangeSnapshot(1, 2, ChainHash.GENESIS, twice));
    assertEquals("10.0.0.9 is bound twice", e.getMessage());
  }

  private static String refusal(long firstRevision, List<Entry> entries) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Chain.committed(1, firstRevision, 0, entries, ChainHash.GENESIS));
    return String.valueOf(e.getMessage());
  }
}
