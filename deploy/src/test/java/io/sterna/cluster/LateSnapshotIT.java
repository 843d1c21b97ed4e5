package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.lab.process.ControllerApi.Ownership;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.audit.Verdict;
import io.sterna.store.audit.Verification;
import io.sterna.store.cassandra.JournalReader;
import io.sterna.store.cassandra.SnapshotChoice;
import io.sterna.store.cassandra.TrialJournal;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An owner that stood still goes on after its successor has written: its last rows and snapshots
 * arrive in the journal, where snapshots of one number replace each other. Whoever comes next must
 * not begin at them.
 */
class LateSnapshotIT {
  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final int SNAPSHOT_EVERY = 4;
  private static final IpAddress GHOST = IpAddress.parse("10.10.1.200");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:99");
  private static final FeId FE = new FeId("fe3");

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ClusterInOneJvm cluster;

  private final Waiting waiting = new Waiting(new Progress(LabOfTests.silence()));

  @BeforeAll
  static void start() throws Exception {
    cluster =
        ClusterInOneJvm.ofOne(
            folder, "sterna.controller.ranges.snapshot-every = " + SNAPSHOT_EVERY + "\n", "");
    cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  @Test
  void nobodyBeginsAtASnapshotOfRowsThatDoNotCount() throws Exception {
    Vm vm = cluster.plan().vm("vm21");
    IpAddress address = vm.address4();
    RangeId range = rangeOf(address);
    ClusterNode node = cluster.running().get(0);
    awaitInSync(node);
    cluster.network().announce(vm);
    await(1, vm, cluster.plan().site("site2"));
    // The epoch of the owner that will be late is this one.
    long lateEpoch = owned(node, range).epoch();
    node.close();
    node.start();
    awaitInSync(node);
    long version = 1;
    Site here = cluster.plan().site("site2");
    while (version < 2 * SNAPSHOT_EVERY) {
      here = cluster.plan().site(here.number() == 2 ? "site1" : "site2");
      cluster.network().move(vm, here);
      await(++version, vm, here);
    }
    Map<IpAddress, Attachment> before = node.bindings();
    Ownership owned = owned(node, range);
    assertTrue(owned.epoch() > lateEpoch);
    node.close();

    try (var session = node.cassandra().sessionBuilder().build()) {
      JournalReader journal = new JournalReader(session, node.cassandra().keyspace());
      List<Recorded> rows = new ArrayList<>();
      RangeRecord.whole(range, journal.rows(range, 1)).forEachRemaining(rows::add);
      TrialJournal late = new TrialJournal(session, node.cassandra().keyspace());
      Recorded last = rows.get(rows.size() - 1);
      long newest =
          journal.snapshots(range).stream().mapToLong(StoredSnapshot::number).max().orElseThrow();
      assertTrue(newest > 1, "there is a snapshot");
      SnapshotChoice choice =
          SnapshotChoice.open(session, node.cassandra().keyspace()).toCompletableFuture().get();
      assertEquals(newest, choice.of(range).toCompletableFuture().get().number());
      // Beside the row of the newest snapshot, whose place it takes; and beside and behind the
      // last.
      writeLate(late, range, rows, newest, newest, lateEpoch);
      writeLate(late, range, rows, last.number(), last.number() + 1, lateEpoch);
      late.flush();
      long chosen = choice.of(range).toCompletableFuture().get().number();
      assertTrue(chosen < newest, "not " + chosen);
      assertTrue(chosen > 0, "an older snapshot stands");
      assertNobodyTampered(range, journal);
    }

    node.start();
    waiting.until(
        () -> {
          Ownership now = node.ranges().get(range);
          return now != null && now.epoch() > owned.epoch() ? "" : "a new owner";
        },
        BOUND);
    assertEquals(before, node.bindings());
    assertEquals(owned.revision(), owned(node, range).revision());
    await(version, vm, here);
    awaitInSync(node);
    cluster.network().move(vm, cluster.plan().site("site3"));
    await(version + 1, vm, cluster.plan().site("site3"));
    try (var session = node.cassandra().sessionBuilder().build()) {
      assertNobodyTampered(range, new JournalReader(session, node.cassandra().keyspace()));
    }
  }

  private static void assertNobodyTampered(RangeId range, JournalReader journal) {
    Verification check = new Verification(range, journal.snapshots(range), List.of());
    journal.rows(range, 1).forEachRemaining(check::add);
    Verdict verdict = check.end();
    assertEquals(List.of(), verdict.faults());
    assertEquals(3, verdict.discardedRows());
  }

  /** Rows beside those that count, from one place to another, and a snapshot at the last. */
  private static void writeLate(
      TrialJournal late, RangeId range, List<Recorded> rows, long from, long to, long epoch) {
    PastTable table = PastTable.at(rows.iterator(), row -> row.number() >= from);
    List<Binding> bindings = new ArrayList<>(table.bindings());
    ChainHash previous = table.hash();
    long revision = table.revision();
    long version = 0;
    for (long number = from; number <= to; number++) {
      Binding ghost = new Binding(GHOST, FE, MAC, version + 1);
      Entry entry = new Entry.Bound(ghost, Evidence.GRATUITOUS_ARP, FE, version, null);
      RangeCommitted row = Chain.committed(epoch, revision + 1, at(rows), List.of(entry), previous);
      late.write(
          range, new StoredRow(number, StoredRow.FORMAT, EventCodec.encode((RangeEvent) row)));
      bindings.removeIf(each -> each.address().equals(GHOST));
      bindings.add(ghost);
      previous = row.hash();
      revision++;
      version++;
    }
    RangeSnapshot snapshot = new RangeSnapshot(epoch, revision, previous, bindings);
    late.write(range, new StoredSnapshot(to, EventCodec.encode(snapshot)));
  }

  private static Ownership owned(ClusterNode node, RangeId range) {
    return Objects.requireNonNull(node.ranges().get(range));
  }

  private static long at(List<Recorded> rows) {
    return rows.get(rows.size() - 1).atEpochMillis();
  }

  private static RangeId rangeOf(IpAddress address) {
    return cluster.ranges().stream()
        .filter(range -> range.prefix().contains(address))
        .findFirst()
        .orElseThrow();
  }

  private void awaitInSync(ClusterNode node) throws LabException {
    Set<FeId> all = cluster.plan().sites().stream().map(Site::fe).collect(Collectors.toSet());
    waiting.until(
        () -> node.inSync().equals(all) ? "" : all + " to be in sync; are " + node.inSync(), BOUND);
  }

  private void await(long version, Vm vm, Site site) throws LabException {
    Attachment expected = new Attachment(site.fe(), version);
    waiting.until(
        () -> {
          Attachment bound = cluster.running().get(0).bindings().get(vm.address4());
          return expected.equals(bound) ? "" : expected + "; it is " + bound;
        },
        BOUND);
  }
}
