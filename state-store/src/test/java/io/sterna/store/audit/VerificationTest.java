package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.RangeId;
import io.sterna.store.trial.Tampering;
import io.sterna.store.trial.Tampering.Place;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerificationTest {
  private static final int CASES = Integer.getInteger("sterna.tamper.cases", 100);
  private static final long SEED = Long.getLong("sterna.tamper.seed", 7);

  @Test
  void whatWasNotTouchedIsIntactWhateverOwnersDid() {
    for (long seed = SEED; seed < SEED + 50; seed++) {
      RecordOfChance record = RecordOfChance.of(3, 400, seed);
      long which = seed;
      record
          .verify()
          .forEach(
              (range, verdict) -> {
                assertEquals(List.of(), verdict.faults(), "seed " + which);
                assertEquals(verdict.lastRow(), verdict.intactRows());
                assertEquals(record.snapshotsOf(range).size(), verdict.snapshots());
                assertEquals(1, verdict.heads());
                long all = record.rowsOf(range).size();
                assertEquals(all, verdict.intactRows() + verdict.discardedRows());
              });
    }
  }

  @ParameterizedTest
  @EnumSource(Tampering.Kind.class)
  void everyTamperedRowIsNamedAndNoOther(Tampering.Kind kind) {
    RecordOfChance record = RecordOfChance.of(4, 300, SEED);
    for (int i = 0; i < CASES; i++) {
      long seed = SEED * 1_000_003 + i;
      Tampering tampering = Tampering.random(kind, record.target(), new Random(seed));
      Map<RangeId, Verdict> verdicts = record.after(tampering).verify();
      check(record, tampering, verdicts, kind + " seed " + seed);
    }
  }

  private static void check(
      RecordOfChance record, Tampering tampering, Map<RangeId, Verdict> verdicts, String what) {
    Set<RangeId> hit = tampering.hit().stream().map(Place::range).collect(Collectors.toSet());
    verdicts.forEach(
        (range, verdict) -> {
          String all = what + ": " + tampering.hit() + " -> " + verdict;
          assertEquals(!hit.contains(range), verdict.intact(), all);
          for (Place place : tampering.hit()) {
            if (place.range().equals(range)) {
              assertTrue(verdict.faults().stream().anyMatch(f -> names(f, place)), all);
            }
          }
          for (Fault fault : verdict.faults()) {
            boolean known = tampering.hit().stream().anyMatch(place -> names(fault, place));
            assertTrue(known, () -> fault + " is not what was done: " + all);
          }
          assertFalse(verdict.faultCount() > 2, all);
        });
    Map<RangeId, Verdict> before = record.verify();
    long lost =
        before.values().stream().mapToLong(Verdict::intactRows).sum()
            - verdicts.values().stream().mapToLong(Verdict::intactRows).sum();
    long expected =
        switch (tampering.kind()) {
          case INSERT_ROW, REPLAY_SNAPSHOT -> 0;
          case CUT_OFF_END -> tampering.steps().size();
          default -> tampering.hit().size();
        };
    assertEquals(expected, lost, what + ": " + tampering.hit() + " -> " + verdicts);
  }

  private static boolean names(Fault fault, Place place) {
    return fault.range().equals(place.range())
        && fault.firstRow() <= place.number()
        && place.number() <= fault.lastRow();
  }
}
