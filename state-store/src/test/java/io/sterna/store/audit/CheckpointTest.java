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

  @Test
  void anotherOneOfTheCopyIsFoundWhateverCameAfter() throws Exception {
    List<Checkpoint> copy = chain(5);
    List<Checkpoint> store = new ArrayList<>(copy.subList(0, 3));
    ChainHash previous = store.get(2).hash();
    for (int number = 4; number <= 200; number++) {
      store.add(Checkpoint.sign(content(number, previous, 1_000 + number), KEYS.getPrivate()));
      previous = store.get(store.size() - 1).hash();
    }
    CheckpointChain chain = new CheckpointChain(List.of(KEYS.getPublic()));
    store.forEach(chain::add);
    copy.forEach(chain::addFromCopy);
    store.subList(3, 200).forEach(chain::addFromCopy);
    chain.badCopy("torn");
    assertEquals(
        List.of(
            "checkpoint 4 is another one in the copy",
            "checkpoint 5 is another one in the copy",
            "the copy has a line that is no checkpoint: torn"),
        chain.faults());
    assertTrue(chain.heads(RANGE).contains(new Head(RANGE, 1, 4, ChainHash.GENESIS)));
    assertTrue(chain.heads(RANGE).contains(new Head(RANGE, 1, 5, ChainHash.GENESIS)));
    assertEquals(200, chain.number());
  }

  @Test
  void oneThatTheStoreLostIsFoundWithWhatItSays() throws Exception {
    List<Checkpoint> copy = chain(5);
    CheckpointChain chain = new CheckpointChain(List.of(KEYS.getPublic()));
    copy.subList(0, 3).forEach(chain::add);
    copy.forEach(chain::addFromCopy);
    assertEquals(
        List.of("checkpoint 4 is in the copy only", "checkpoint 5 is in the copy only"),
        chain.faults());
    assertEquals(3, chain.count());
    assertEquals(5, chain.number());
    assertEquals(5, chain.heads(RANGE).size());
  }

  @Test
  void oldOnesWhoseKeyIsGoneAreOneFault() throws Exception {
    List<Checkpoint> all = chain(200);
    KeyPair next = keys();
    Checkpoint.Content newest = content(201, all.get(199).hash(), 201);
    all.add(Checkpoint.sign(newest, next.getPrivate()));
    CheckpointChain chain = new CheckpointChain(List.of(next.getPublic()));
    all.forEach(chain::add);
    assertEquals(
        List.of(
            "200 checkpoints, 1 to 200, are not signed by a known key: must an older key be listed?"),
        chain.faults());
    assertEquals(CheckpointChain.Prefix.NONE, chain.checkedPrefix());
  }

  @Test
  void aPrefixIsTrustedOnlyAsItWas() throws Exception {
    List<Checkpoint> all = chain(5);
    CheckpointChain first = new CheckpointChain(List.of(KEYS.getPublic()));
    all.subList(0, 3).forEach(first::add);
    CheckpointChain.Prefix checked = first.checkedPrefix();
    assertEquals(3, checked.count());

    CheckpointChain again = trusting(checked, all);
    assertTrue(again.trustHeld());
    assertEquals(List.of(), again.faults());
    assertEquals(5, again.checkedPrefix().count());
    assertEquals(again.checkedPrefix(), trusting(CheckpointChain.Prefix.NONE, all).checkedPrefix());

    for (int i = 0; i < 3; i++) {
      List<Checkpoint> altered = new ArrayList<>(all);
      Checkpoint one = all.get(i);
      altered.set(i, new Checkpoint(one.text().replace("head", "HEAD"), one.signature()));
      assertFalse(trusting(checked, altered).trustHeld());
      altered.set(i, new Checkpoint(one.text(), all.get(4).signature()));
      assertFalse(trusting(checked, altered).trustHeld());
      altered.remove(i);
      assertFalse(trusting(checked, altered).trustHeld());
    }
    assertFalse(trusting(checked, all.subList(0, 2)).trustHeld());

    List<Checkpoint> forged = new ArrayList<>(all);
    forged.set(3, new Checkpoint(all.get(3).text(), all.get(4).signature()));
    CheckpointChain found = trusting(checked, forged);
    assertTrue(found.trustHeld());
    assertEquals("checkpoint 4 is not signed by a known key", found.faults().get(0));
    assertEquals(3, found.checkedPrefix().count());
  }

  private static CheckpointChain trusting(
      CheckpointChain.Prefix checked, List<Checkpoint> checkpoints) {
    CheckpointChain chain = new CheckpointChain(List.of(KEYS.getPublic()), checked);
    checkpoints.forEach(chain::add);
    return chain;
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
