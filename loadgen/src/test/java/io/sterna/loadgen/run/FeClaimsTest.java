package io.sterna.loadgen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.loadgen.link.SessionLoop;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.BindingReader;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Controllers are silent: what waits for them must not be missing where latencies are. */
class FeClaimsTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final IpPrefix PREFIX = IpPrefix.parse("10.20.0.0/24");
  private static final int VMS = 16;

  private final VmSpace vms = new VmSpace(PREFIX, VMS);
  private final List<Long> gaveUpAfter = new ArrayList<>();
  private final LoadWatch watch =
      new LoadWatch() {
        @Override
        public void gaveUp(int vm, long dueNanos, long nowNanos) {
          gaveUpAfter.add(nowNanos - dueNanos);
        }
      };
  private final Ledger ledger = new Ledger(VMS, 2, () -> 0, watch);

  @SuppressWarnings("NullAway.Init") // opened before each test
  private SessionLoop loop;

  @SuppressWarnings("NullAway.Init") // as above
  private Fleet fleet;

  @BeforeEach
  void open() throws IOException {
    loop = new SessionLoop(() -> 0);
    BindingReader reader = new BindingReader(vms, id -> 0);
    fleet =
        new Fleet(
            ScenarioOfTests.of(2, VMS, PREFIX, null),
            vms,
            loop,
            ledger,
            reader,
            new VmRanges(vms),
            () -> 0,
            new FirstContact(List.of(), line -> {}),
            line -> {});
  }

  @AfterEach
  void close() throws IOException {
    loop.close();
  }

  @Test
  void anEventThatWaitedUntilItsVmMovedOnCountsWithItsAge() {
    FeClaims first = claims(0);
    FeClaims second = claims(1);
    first.happened(new Event(3, 0, true), 0);
    second.happened(new Event(3, 4 * SECOND, true), 4 * SECOND);
    first.tick(5 * SECOND);
    assertEquals(1, ledger.counts().superseded());
    assertEquals(1, ledger.acknowledged.count());
    assertEquals(1, ledger.acknowledged.unfinished());
    assertEquals(5000, ledger.acknowledged.maxMs(), 10);
    assertEquals(5000, ledger.installed.maxMs(), 10);
    assertEquals(List.of(4 * SECOND), gaveUpAfter, "when the VM moved on");
  }

  @Test
  void anEventThatIsOpenAtTheEndCountsWithItsAgeOnce() {
    FeClaims claims = claims(0);
    claims.happened(new Event(3, SECOND, true), SECOND);
    // Beyond the window.
    claims.happened(new Event(4, 2 * SECOND, true), 2 * SECOND);
    claims.happened(new Event(5, 2 * SECOND, false), 2 * SECOND);
    claims.tick(3 * SECOND);
    claims.end(9 * SECOND);
    assertEquals(2, ledger.acknowledged.unfinished());
    assertEquals(8000, ledger.acknowledged.maxMs(), 10);
    assertEquals(2, ledger.installed.unfinished());
  }

  private FeClaims claims(int fe) {
    FeTable table = new FeTable("fe" + (fe + 1), fleet.reader(), ledger);
    return new FeClaims(fleet, fe, table, new FeFeed(table, ledger, MS));
  }
}
