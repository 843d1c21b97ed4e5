package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.ControllerApi.Attachment;
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
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.audit.Verdict;
import io.sterna.store.audit.Verification;
import io.sterna.store.cassandra.ClusterCharter;
import io.sterna.store.cassandra.JournalReader;
import io.sterna.store.cassandra.SnapshotChoice;
import io.sterna.store.cassandra.TrialJournal;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An owner that stood still goes on after its successor has written: its last rows and snapshots
 * arrive in the journal, where snapshots of one number replace each other. Whoever comes next must
 * not begin at them.
 */
@ExtendWith(SharedStore.Resolver.class)
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
  private final Vm vm;
  private Site here;
  private long version;

  LateSnapshotIT() throws LabException {
    vm = cluster.plan().vm("vm21");
    here = cluster.plan().site("site2");
  }

  @BeforeAll
  static void start(SharedStore store) throws Exception {
    cluster =
        ClusterInOneJvm.ofOne(
            folder,
            store,
            "sterna.controller.ranges.snapshot-every = " + SNAPSHOT_EVERY + "\n",
            "");
    cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  @Test
  void nobodyBeginsAtASnapshotOfRowsThatDoNotCount() throws Exception {
    ClusterNode node = cluster.running().get(0);
    RangeId range = rangeOf(vm.address4());
    // Each owner's first row stands where a snapshot is due, or its predecessor's late one is.
    moveUntil(node, 2 * SNAPSHOT_EVERY - 1);
    restart(node);
    moveUntil(node, 2 * SNAPSHOT_EVERY + 2);
    node.close();
    try (var session = node.cassandra().sessionBuilder().build()) {
      String keyspace = node.cassandra().keyspace();
      assertEquals(Optional.empty(), holderOfCharter(session, keyspace));
      JournalReader journal = new JournalReader(session, keyspace);
      TrialJournal late = new TrialJournal(session, keyspace);
      SnapshotChoice choice = SnapshotChoice.open(session, keyspace).toCompletableFuture().get();
      assertEquals(2 * SNAPSHOT_EVERY, chosen(choice, range));
      // In the place of the successor's.
      writeLate(journal, late, range, 2 * SNAPSHOT_EVERY, 2 * SNAPSHOT_EVERY);
      assertEquals(SNAPSHOT_EVERY, chosen(choice, range));
      assertNobodyTampered(range, journal);

      node.start();
      awaitInSync(node);
      Map<IpAddress, Attachment> before = node.bindings();
      assertEquals(Map.of(vm.address4(), 2L * SNAPSHOT_EVERY), versions(before, range));
      node.close();
      assertNobodyTampered(range, journal);
      // Behind the newest row, which is that of the owner that has just ended.
      long last = journal.lastNumber(range);
      writeLate(journal, late, range, last, last + 1);
      // Akka made one when it had replayed more rows than there are between two.
      assertEquals(last - 1, chosen(choice, range));

      node.start();
      awaitInSync(node);
      assertEquals(before, node.bindings());
    }
    Site next = elsewhere();
    cluster.network().move(vm, next);
    await(version + 1, next);
  }

  /** Nobody, after the only controller has left: it need not wait for itself when it comes back. */
  private static Optional<String> holderOfCharter(CqlSession session, String keyspace)
      throws Exception {
    ClusterCharter charter = ClusterCharter.open(session, keyspace).toCompletableFuture().get();
    return charter.holder().toCompletableFuture().get();
  }

  private static long chosen(SnapshotChoice choice, RangeId range) throws Exception {
    return choice.of(range).toCompletableFuture().get().number();
  }

  private static Map<IpAddress, Long> versions(Map<IpAddress, Attachment> bound, RangeId range) {
    Map<IpAddress, Long> versions = new TreeMap<>();
    bound.forEach(
        (address, at) -> {
          if (range.prefix().contains(address)) {
            versions.put(address, at.version());
          }
        });
    return versions;
  }

  private void restart(ClusterNode node) throws Exception {
    node.close();
    node.start();
    awaitInSync(node);
  }

  /** Until the journal has so many rows, the first of each owner among them. */
  private void moveUntil(ClusterNode node, long rows) throws Exception {
    awaitInSync(node);
    try (var session = node.cassandra().sessionBuilder().build()) {
      JournalReader journal = new JournalReader(session, node.cassandra().keyspace());
      RangeId range = rangeOf(vm.address4());
      while (journal.lastNumber(range) < rows) {
        here = elsewhere();
        if (version == 0) {
          cluster.network().announce(vm);
          here = cluster.plan().site("site2");
        } else {
          cluster.network().move(vm, here);
        }
        await(++version, here);
      }
      assertEquals(rows, journal.lastNumber(range));
    }
  }

  private Site elsewhere() throws LabException {
    return cluster.plan().site(here.number() == 2 ? "site1" : "site2");
  }

  private static void assertNobodyTampered(RangeId range, JournalReader journal) {
    Verification check = new Verification(range, journal.snapshots(range), List.of());
    journal.rows(range, 1).forEachRemaining(check::add);
    Verdict verdict = check.end();
    assertEquals(List.of(), verdict.faults());
    assertEquals(1, verdict.discardedRows());
  }

  /** Rows of the owner before, from one place to another, and a snapshot at the last. */
  private static void writeLate(
      JournalReader journal, TrialJournal late, RangeId range, long from, long to) {
    PastTable table =
        PastTable.at(RangeRecord.whole(range, journal.rows(range, 1)), row -> row.number() >= from);
    List<Binding> bindings = new ArrayList<>(table.bindings());
    ChainHash previous = table.hash();
    long revision = table.revision();
    long ghostVersion = 0;
    for (long number = from; number <= to; number++) {
      Binding ghost = new Binding(GHOST, FE, MAC, ghostVersion + 1);
      Entry entry = new Entry.Bound(ghost, Evidence.GRATUITOUS_ARP, FE, ghostVersion, null);
      RangeEvent row = Chain.committed(table.epoch(), revision + 1, 0, List.of(entry), previous);
      late.write(range, new StoredRow(number, StoredRow.FORMAT, EventCodec.encode(row)));
      bindings.removeIf(each -> each.address().equals(GHOST));
      bindings.add(ghost);
      previous = row.hash();
      revision++;
      ghostVersion++;
    }
    late.flush();
    RangeSnapshot snapshot = new RangeSnapshot(table.epoch(), revision, previous, bindings);
    late.write(range, new StoredSnapshot(to, EventCodec.encode(snapshot)));
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

  private void await(long wanted, Site site) throws LabException {
    Attachment expected = new Attachment(site.fe(), wanted);
    waiting.until(
        () -> {
          Attachment bound = cluster.running().get(0).bindings().get(vm.address4());
          return expected.equals(bound) ? "" : expected + "; it is " + bound;
        },
        BOUND);
  }
}
