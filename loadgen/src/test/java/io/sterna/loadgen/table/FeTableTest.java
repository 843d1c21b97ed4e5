package io.sterna.loadgen.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeTableTest {
  private static final RangeId RANGE = RangeId.parse("10.20.0.0/24");

  private final VmSpace vms = new VmSpace(IpPrefix.parse("10.20.0.0/24"), 256);
  private final List<String> advances = new ArrayList<>();
  private final List<String> moves = new ArrayList<>();
  private boolean isNew = true;
  private final List<String> backs = new ArrayList<>();
  private final BindingReader reader = new BindingReader(vms, FeTableTest::number);
  private final FeTable table = new FeTable("fe1", reader, new Recorded());

  private final class Recorded implements TableWatch {
    @Override
    public void advanced(int vm, int fromVersion, int toVersion) {
      advances.add(vm + ":" + fromVersion + "-" + toVersion);
    }

    @Override
    public boolean isNew(RangePosition next) {
      return isNew;
    }

    @Override
    public void moved(RangePosition from, RangePosition to) {
      moves.add(from.revision() + "-" + to.revision());
    }

    @Override
    public void wentBack(String what) {
      backs.add(what);
    }
  }

  @BeforeEach
  void learn() {
    table.welcome(List.of(RANGE));
  }

  @Test
  void deltasThatContinueAreApplied() {
    assertFalse(table.inSync());
    assertEquals(Heard.APPLIED, table.hear(1, delta(0, 1, 1, bound(7, "fe2", 1))));
    assertEquals(Heard.APPLIED, table.hear(1, delta(1, 1, 2, bound(7, "fe1", 2))));
    assertTrue(table.inSync());
    assertEquals(2, table.version(7));
    assertEquals(0, table.holder(7));
    assertEquals(List.of("7:0-1", "7:1-2"), advances);
    assertEquals(List.of("0-1", "1-2"), moves);
    assertEquals(List.of(at(1, 2)), table.positions());
  }

  @Test
  void whatAnotherTableHeardFirstIsAppliedWithoutAWord() {
    isNew = false;
    assertEquals(Heard.APPLIED, table.hear(1, delta(0, 1, 1, bound(7, "fe2", 1))));
    assertEquals(1, table.version(7));
    assertEquals(List.of(), advances);
    assertEquals(List.of("0-1"), moves);
  }

  @Test
  void whatIsKnownOldOrForeignChangesNothing() {
    table.hear(1, delta(0, 2, 1, bound(7, "fe2", 1)));
    assertEquals(Heard.DUPLICATE, table.hear(1, delta(0, 2, 1, bound(7, "fe2", 1))));
    assertEquals(Heard.OLD, table.hear(1, delta(0, 1, 5, bound(7, "fe2", 9))));
    assertEquals(Heard.OLD, table.hear(1, snapshot(1, 5, 0, true, bound(7, "fe2", 9))));
    RangeId foreign = RangeId.parse("10.30.0.0/24");
    RangePosition elsewhere = new RangePosition(foreign, 1, 1, hash(1));
    assertEquals(Heard.UNKNOWN, table.hear(1, new Delta(0, hash(0), elsewhere, List.of())));
    assertEquals(1, table.version(7));
    assertEquals(List.of(), backs);
  }

  @Test
  void gapsAreNoticedAndASnapshotMendsThem() {
    table.hear(1, delta(0, 1, 1, bound(7, "fe2", 1)));
    assertEquals(Heard.GAP, table.hear(1, delta(3, 1, 4, bound(7, "fe2", 4))));
    RangePosition next = at(1, 2);
    assertEquals(Heard.GAP, table.hear(1, new Delta(1, hash(99), next, List.of())));
    assertEquals(Heard.INCOMPLETE, table.hear(1, snapshot(1, 4, 0, false, bound(7, "fe3", 4))));
    assertEquals(Heard.APPLIED, table.hear(1, snapshot(1, 4, 1, true, bound(8, "fe3", 1))));
    assertEquals(4, table.version(7));
    assertEquals(2, table.holder(8));
    assertEquals(List.of(), backs);
  }

  @Test
  void whatIsReleasedIsNowhereAndKeepsItsVersion() {
    table.hear(1, delta(0, 1, 1, bound(7, "fe2", 1)));
    table.hear(1, delta(1, 1, 2, bound(7, "fe2", 1).released()));
    assertEquals(2, table.version(7));
    assertEquals(FeTable.NOWHERE, table.holder(7));
    table.hear(1, snapshot(2, 3, 0, true, bound(7, "fe2", 1).released()));
    assertEquals(2, table.version(7));
    table.hear(1, snapshot(3, 4, 0, true, bound(7, "fe1", 3)));
    assertEquals(0, table.holder(7));
    assertEquals(List.of(), backs);
  }

  @Test
  void partsOutOfTurnAreAGap() {
    assertEquals(Heard.GAP, table.hear(1, snapshot(1, 4, 1, true, bound(7, "fe3", 4))));
    table.hear(1, snapshot(1, 4, 0, false, bound(7, "fe3", 4)));
    table.sessionEnded(1);
    assertEquals(Heard.GAP, table.hear(1, snapshot(1, 4, 1, true, bound(7, "fe3", 4))));
  }

  @Test
  void whatGoesBackIsReported() {
    table.hear(1, delta(0, 1, 1, bound(7, "fe2", 5), bound(8, "fe2", 1)));
    table.hear(1, delta(1, 1, 2, bound(7, "fe2", 4)));
    assertEquals(1, backs.size());
    table.hear(1, snapshot(2, 3, 0, true, bound(7, "fe2", 4)));
    assertEquals(2, backs.size(), "a snapshot without a VM takes it away");
    assertEquals(0, table.version(8));
    assertEquals(FeTable.NOWHERE, table.holder(8));
  }

  /** A controller that says two things of one position: each table holds what its element heard. */
  @Test
  void tablesAtOnePositionMayDiffer() {
    FeTable other = another();
    FeTable third = another();
    table.hear(1, delta(0, 1, 1, bound(7, "fe2", 1)));
    other.hear(1, delta(0, 1, 1, bound(7, "fe3", 1)));
    third.hear(1, snapshot(1, 1, 0, true, bound(8, "fe1", 1)));
    assertEquals(1, table.holder(7));
    assertEquals(2, other.holder(7));
    assertEquals(0, third.version(7));
    assertEquals(table.positions(), other.positions());
    assertEquals(table.positions(), third.positions());
    Delta same = delta(1, 1, 2, bound(9, "fe2", 1));
    for (FeTable each : List.of(table, other, third)) {
      assertEquals(Heard.APPLIED, each.hear(1, same));
      assertEquals(1, each.version(9));
    }
    assertEquals(1, table.holder(7));
    assertEquals(2, other.holder(7));
    assertEquals(0, third.version(7));
  }

  /** What an element heard in bytes of its own is equal, and not the same object. */
  @Test
  void equalDeltasAreHeardTheSame() {
    FeTable other = another();
    for (int revision = 1; revision <= 3; revision++) {
      table.hear(1, delta(revision - 1, 1, revision, bound(revision, "fe2", 1)));
    }
    for (int revision = 1; revision <= 3; revision++) {
      other.hear(1, delta(revision - 1, 1, revision, bound(revision, "fe2", 1)));
      assertEquals(1, other.version(revision));
      assertEquals(1, other.holder(revision));
      assertEquals(2, reader.shared(RANGE).sharerCount(), "it needs no copy of its own");
    }
    assertEquals(table.positions(), other.positions());
  }

  @Test
  void whoFallsFarBehindHasItsOwnUntilItHasCaughtUp() {
    FeTable slow = another();
    List<Delta> history = new ArrayList<>();
    for (int revision = 1; revision <= 100; revision++) {
      history.add(delta(revision - 1, 1, revision, bound(7, "fe2", revision)));
      table.hear(1, history.get(revision - 1));
    }
    assertEquals(1, reader.shared(RANGE).sharerCount());
    for (Delta next : history) {
      assertEquals(Heard.APPLIED, slow.hear(1, next));
      assertEquals(next.position().revision(), slow.version(7));
      assertEquals(100, table.version(7));
    }
    assertEquals(2, reader.shared(RANGE).sharerCount());
  }

  @Test
  void whatARangeDoesNotOwnIsPassedOver() {
    RangeId half = RangeId.parse("10.20.0.0/25");
    FeTable other = new FeTable("fe2", reader, new Recorded());
    other.welcome(List.of(half));
    RangePosition next = new RangePosition(half, 1, 1, hash(1));
    List<Binding> changes = List.of(bound(200, "fe2", 1), bound(7, "fe2", 1));
    other.hear(1, new Delta(0, hash(0), next, changes));
    assertEquals(1, other.version(7));
    assertEquals(0, other.version(200));
    assertEquals(List.of("7:0-1"), advances);
  }

  private FeTable another() {
    FeTable another = new FeTable("fe2", reader, new Recorded());
    another.welcome(List.of(RANGE));
    return another;
  }

  private static int number(FeId fe) {
    return Integer.parseInt(fe.value().substring(2)) - 1;
  }

  private Binding bound(int vm, String fe, long version) {
    IpAddress address = vms.address(vm);
    return new Binding(address, new FeId(fe), vms.mac(vm), version);
  }

  private static Delta delta(long from, long epoch, long to, Binding... changes) {
    return new Delta(from, hash(from), at(epoch, to), List.of(changes));
  }

  private static Snapshot snapshot(
      long epoch, long revision, int part, boolean last, Binding... bindings) {
    return new Snapshot(at(epoch, revision), part, last, List.of(bindings));
  }

  private static RangePosition at(long epoch, long revision) {
    return new RangePosition(RANGE, epoch, revision, hash(revision));
  }

  private static ChainHash hash(long revision) {
    byte[] bytes = new byte[ChainHash.BYTES];
    bytes[0] = (byte) revision;
    return ChainHash.ofBytes(bytes);
  }
}
