package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final KeyPair KEYS = keys();

  @Test
  void saysWhatWasSigned() throws Exception {
    Checkpoint.Content content = content(1, ChainHash.GENESIS, 5);
    Checkpoint checkpoint = Checkpoint.sign(content, KEYS.getPrivate());
    assertEquals(content, checkpoint.content());
    assertTrue(checkpoint.isSignedBy(List.of(keys().getPublic(), KEYS.getPublic())));
    assertFalse(checkpoint.isSignedBy(List.of(keys().getPublic())));
    Checkpoint altered =
        new Checkpoint(checkpoint.text().replace(" 5 ", " 6 "), checkpoint.signature());
    assertFalse(altered.isSignedBy(List.of(KEYS.getPublic())));
  }

  @Test
  void aMissingOneIsFound() throws Exception {
    List<Checkpoint> all = chain(5);
    assertEquals(List.of(), faults(all));
    List<Checkpoint> hole = new ArrayList<>(all);
    hole.remove(2);
    assertEquals(List.of("between checkpoints 2 and 4 are 1 missing"), faults(hole));
    List<Checkpoint> forged = new ArrayList<>(all);
    forged.set(1, Checkpoint.sign(content(2, all.get(0).hash(), 3), KEYS.getPrivate()));
    assertEquals(List.of("checkpoint 3 does not follow checkpoint 2"), faults(forged));
  }

  @Test
  void aRecordWrittenAnewIsNotWhatWasSigned() {
    RecordOfChance record = RecordOfChance.of(1, 200, 1);
    record.heads.clear();
    RecordOfChance other = RecordOfChance.of(1, 200, 2);
    record.heads.addAll(other.heads);
    Map<RangeId, Verdict> verdicts = record.verify();
    verdicts.forEach(
        (range, verdict) -> {
          assertEquals(200, verdict.intactRows());
          assertEquals(1, verdict.faultCount());
          Fault.Kind kind = verdict.faults().get(0).kind();
          assertTrue(kind == Fault.Kind.REWRITTEN || kind == Fault.Kind.CUT_OFF);
        });
  }

  private static List<String> faults(List<Checkpoint> checkpoints) {
    CheckpointChain chain = new CheckpointChain(List.of(KEYS.getPublic()));
    checkpoints.forEach(chain::add);
    return chain.faults();
  }

  private static List<Checkpoint> chain(int count) throws GeneralSecurityException {
    List<Checkpoint> all = new ArrayList<>();
    ChainHash previous = ChainHash.GENESIS;
    for (int i = 1; i <= count; i++) {
      all.add(Checkpoint.sign(content(i, previous, i), KEYS.getPrivate()));
      previous = all.get(i - 1).hash();
    }
    return all;
  }

  private static Checkpoint.Content content(long number, ChainHash previous, long revision) {
    Head head = new Head(RANGE, 1, revision, ChainHash.GENESIS);
    return new Checkpoint.Content(number, 1_750_000_000_000L, "c1", previous, List.of(head));
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance(Checkpoint.ALGORITHM).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
