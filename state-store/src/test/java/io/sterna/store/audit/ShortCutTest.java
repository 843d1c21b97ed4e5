package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortCutTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final FeId FE = new FeId("fe1");
  private static final int AT = 100;

  /** The row before the place that is in question. */
  private final RangeEvent before = activated(1, ChainHash.GENESIS, 6);

  private final RangeEvent late = row(1, before);
  private final RangeEvent successor = activated(2, before.hash(), before.lastRevision());
  private final RangeEvent second = row(2, successor);

  @Test
  void ofTheNewestRowStands() {
    assertTrue(stands(AT, late, placed(AT, late)));
    assertTrue(stands(AT, late, placed(AT, late), placed(AT + 1, row(1, late))));
  }

  @Test
  void ofARowThatIsGoneDoesNot() {
    assertFalse(ShortCut.stands(AT, snapshot(late), List.of()));
    assertFalse(stands(AT, late, placed(AT, successor)));
  }

  @Test
  void ofALateOwnerInThePlaceOfItsSuccessors() {
    for (List<Placed> rows :
        List.of(
            List.of(placed(AT, late), placed(AT, successor)),
            List.of(placed(AT, successor), placed(AT, late)),
            List.of(placed(AT, successor), placed(AT, late), placed(AT + 1, second)))) {
      assertFalse(ShortCut.stands(AT, snapshot(late), rows));
      assertTrue(ShortCut.stands(AT, snapshot(successor), rows));
    }
  }

  @Test
  void ofALateOwnerBehindItsSuccessor() {
    RangeEvent more = row(1, late);
    // The successor's newest stands a place before the snapshot.
    assertFalse(stands(AT + 1, more, placed(AT + 1, more), placed(AT + 2, row(2, second))));
    assertFalse(stands(AT + 1, more, placed(AT + 1, more), placed(AT + 1, second)));
    // It stands where nothing else is, but what counts has ended before.
    List<Placed> rows = List.of(placed(AT, late), placed(AT, successor), placed(AT + 1, more));
    assertFalse(ShortCut.stands(AT + 1, snapshot(more), rows));
    assertTrue(ShortCut.stands(AT, snapshot(successor), rows));
  }

  @Test
  void ofALateOwnerWhomTheNextButOneFollows() {
    // The successor's first row arrives when another has read the late owner's, and goes on there.
    RangeEvent third = activated(3, late.hash(), late.lastRevision());
    List<Placed> rows = List.of(placed(AT, late), placed(AT, successor), placed(AT + 1, third));
    assertTrue(ShortCut.stands(AT, snapshot(late), rows));
    assertFalse(ShortCut.stands(AT, snapshot(successor), rows));
  }

  @Test
  void withAnotherEpochOrRevisionThanItsRow() {
    List<Placed> rows = List.of(placed(AT, late));
    RangeSnapshot right = snapshot(late);
    assertFalse(
        ShortCut.stands(AT, new RangeSnapshot(2, right.revision(), right.hash(), List.of()), rows));
    assertFalse(
        ShortCut.stands(
            AT, new RangeSnapshot(1, right.revision() + 1, right.hash(), List.of()), rows));
  }

  private static boolean stands(long number, RangeEvent of, Placed... rows) {
    return ShortCut.stands(number, snapshot(of), List.of(rows));
  }

  private static Placed placed(long number, RangeEvent row) {
    return new Placed(number, row);
  }

  private static RangeSnapshot snapshot(RangeEvent row) {
    return new RangeSnapshot(row.epoch(), row.lastRevision(), row.hash(), List.of());
  }

  private static RangeEvent activated(long epoch, ChainHash previous, long revision) {
    return Chain.activated(RANGE, epoch, new ControllerId("c" + epoch), revision, 0, previous);
  }

  private static RangeEvent row(long epoch, RangeEvent previous) {
    Binding binding =
        new Binding(IpAddress.parse("10.10.0.7"), FE, MacAddress.parse("02:aa:00:00:00:11"), epoch);
    return Chain.committed(
        epoch,
        previous.lastRevision() + 1,
        0,
        List.of(new Entry.Bound(binding, Evidence.GRATUITOUS_ARP, FE, epoch - 1, null)),
        previous.hash());
  }
}
