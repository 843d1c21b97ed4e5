package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.RangeId;
import io.sterna.store.trial.Tampering;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody writes straight into the tables of a real Cassandra, and is found. */
@ExtendWith(SharedNode.Resolver.class)
class TamperingIT {
  private static final int CASES = Integer.getInteger("sterna.tamper.cases", 5);
  private static final long SEED = Long.getLong("sterna.tamper.seed", 7);

  @Test
  void everyCaseIsFoundAndNamed(SharedNode node) throws Exception {
    try (JournalTampering tampering =
        JournalTampering.connect(node.settings("tampering"), ranges())) {
      tampering.prepare(300, SEED);
      assertEquals(List.of(), tampering.untouched());
      List<String> missed = new ArrayList<>();
      for (Tampering.Kind kind : Tampering.Kind.values()) {
        for (int i = 0; i < CASES; i++) {
          tampering.tryCase(kind, SEED * 1_000_003 + i).ifPresent(missed::add);
        }
      }
      assertEquals(List.of(), missed, "seed " + SEED);
      assertTrue(tampering.cases() > 0);
      // All was made as it was: nothing of one case is left for the next.
      assertEquals(List.of(), tampering.untouched());
    }
  }

  private static List<RangeId> ranges() {
    return List.of(
        RangeId.parse("10.10.0.0/24"),
        RangeId.parse("10.10.1.0/24"),
        RangeId.parse("10.10.2.0/24"),
        RangeId.parse("fd0a:10::/120"));
  }
}
