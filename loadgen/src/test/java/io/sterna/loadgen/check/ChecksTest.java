package io.sterna.loadgen.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.BindingReader;
import io.sterna.loadgen.table.FeTable;
import io.sterna.loadgen.table.TableWatch;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each check finds what it is there to find, and nothing else. */
class ChecksTest {
  private static final RangeId RANGE = RangeId.parse("10.20.0.0/24");

  private final VmSpace vms = new VmSpace(RANGE.prefix(), 16);
  private final Acknowledged acknowledged = new Acknowledged(16);
  private final Violations wentBack = new Violations();

  private final class Watch implements TableWatch {
    @Override
    public void advanced(int vm, int fromVersion, int toVersion) {}

    @Override
    public boolean isNew(RangePosition next) {
      return true;
    }

    @Override
    public void moved(RangePosition from, RangePosition to) {}

    @Override
    public void wentBack(String what) {
      wentBack.add(what);
    }
  }

  @Test
  void equalTablesThatHoldWhatWasAcknowledgedAreGood() {
    acknowledged.add(3, 1, 1);
    acknowledged.add(3, 2, 0);
    acknowledged.add(4, 1, 1);
    Observed good = observed(table(2, "fe1"), table(2, "fe1"));
    // A newer version than the acknowledged one may stand.
    Check.ALL.forEach(check -> assertTrue(check.judge(good).holds(), check.judge(good)::toString));
  }

  @Test
  void lossIsFound() {
    acknowledged.add(3, 3, 0);
    assertEquals(1, violations(new NoAcknowledgedLoss(), table(3, "fe1"), table(2, "fe1")));
  }

  @Test
  void anotherHolderOfTheAcknowledgedVersionIsFound() {
    acknowledged.add(3, 2, 0);
    assertEquals(2, violations(new NoAcknowledgedLoss(), table(2, "fe2"), table(2, "fe2")));
  }

  @Test
  void differingTablesAreFound() {
    assertEquals(1, violations(new Converges(), table(2, "fe1"), table(2, "fe2")));
    assertEquals(2, violations(new Converges(), table(2, "fe1"), table(3, "fe1")));
  }

  @Test
  void anAddressThatTwoHoldAsTheirOwnIsFoundAndOneThatNobodyDoes() {
    // The first element holds it as its own, the second one as its own: both believe themselves.
    assertEquals(1, violations(new SingleOwner(), table(2, "fe1"), table(2, "fe2")));
    assertEquals(1, violations(new SingleOwner(), table(2, "fe2"), table(2, "fe1")));
    assertTrue(Check.ALL.stream().anyMatch(check -> check instanceof SingleOwner));
  }

  @Test
  void goingBackIsFound() {
    FeTable table = table(2, "fe1");
    hear(table, 3, new Binding(vms.address(3), new FeId("fe1"), vms.mac(3), 1));
    // Version 2 became 1, and the other binding is gone.
    assertEquals(2, violations(new NoStaleOverwrite(), table));
  }

  private long violations(Check check, FeTable... tables) {
    return check.judge(observed(tables)).violations();
  }

  private Observed observed(FeTable... tables) {
    return new Observed(vms, List.of(tables), acknowledged, wentBack);
  }

  private FeTable table(int version, String fe) {
    FeTable table =
        new FeTable(
            "a table", new BindingReader(vms, id -> id.value().equals("fe1") ? 0 : 1), new Watch());
    table.welcome(List.of(RANGE));
    hear(
        table,
        version,
        new Binding(vms.address(3), new FeId(fe), vms.mac(3), version),
        new Binding(vms.address(4), new FeId("fe2"), vms.mac(4), 1));
    return table;
  }

  private static void hear(FeTable table, int revision, Binding... bindings) {
    RangePosition position = new RangePosition(RANGE, 1, revision, ChainHash.GENESIS);
    table.hear(1, new Snapshot(position, 0, true, List.of(bindings)));
  }
}
