package io.sterna.store.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ChainHash;
import io.sterna.store.codec.Rows;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final RangeActivated FIRST = Rows.ACTIVATED;
  private static final RangeCommitted SECOND = Rows.COMMITTED;

  @Test
  void hashesThePreviousHashAndTheBytes() {
    // (head -c 32 /dev/zero; printf abc) | sha256sum
    assertEquals(
        "365aa7d8f7f9402c4b9434502b4cc89ddb09fe50d7cd95b493b834c62d5a5370",
        Chain.next(ChainHash.GENESIS, "abc".getBytes(StandardCharsets.US_ASCII)).toString());
  }

  @Test
  void anIntactChainHasNoFault() {
    assertEquals(Optional.empty(), Chain.fault(ChainHash.GENESIS, FIRST));
    assertEquals(Optional.empty(), Chain.fault(FIRST.hash(), SECOND));
  }

  @Test
  void aMissingRowIsFound() {
    String fault = Chain.fault(ChainHash.GENESIS, SECOND).orElseThrow();
    assertTrue(fault.startsWith("row at revision 302 follows " + FIRST.hash()), fault);
  }

  @Test
  void anAlteredRowIsFound() {
    RangeCommitted altered =
        new RangeCommitted(
            SECOND.epoch(),
            SECOND.firstRevision(),
            SECOND.atEpochMillis() + 1,
            SECOND.entries(),
            SECOND.previousHash(),
            SECOND.hash());
    String fault = Chain.fault(FIRST.hash(), altered).orElseThrow();
    assertTrue(fault.endsWith("but says " + SECOND.hash()), fault);
  }

  @Test
  void theHashCoversTheOrderOfEntries() {
    RangeCommitted reversed =
        Chain.committed(
            SECOND.epoch(),
            SECOND.firstRevision(),
            SECOND.atEpochMillis(),
            List.of(SECOND.entries().get(2), SECOND.entries().get(1), SECOND.entries().get(0)),
            SECOND.previousHash());
    assertNotEquals(SECOND.hash(), reversed.hash());
  }
}
