package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.japi.Pair;
import akka.persistence.testkit.SnapshotMeta;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.persistence.testkit.javadsl.SnapshotTestKit;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.policy.Policies;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.SnapshotChoice.Start;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The snapshot that a replay begins at turns out to be of no use, after it was chosen. */
class OwnerRecoveryTest {
  private static final ActorTestKit KIT = OwnersOfTests.kit();
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final String PERSISTENCE_ID = "range|" + RANGE;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final SnapshotTestKit snapshots = SnapshotTestKit.create(KIT.system());
  private final TestProbe<Sessions.Command> sessions = KIT.createTestProbe();
  private final Deque<Start> starts = new ArrayDeque<>();
  private final List<Long> below = Collections.synchronizedList(new ArrayList<>());

  private final RangeEvent first =
      Chain.activated(RANGE, 1, new ControllerId("c1"), 0, 0, ChainHash.GENESIS);
  private final RangeEvent late = bound(1, first, "10.10.0.1");
  private final RangeEvent taken =
      Chain.activated(RANGE, 2, new ControllerId("c2"), 0, 0, first.hash());
  private final RangeEvent acknowledged = bound(2, taken, "10.10.0.2");

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void aLateOwnersSnapshotStandsBesideItsSuccessorsRows() {
    journal.clearAll();
    snapshots.clearAll();
    journal.persistForRecovery(PERSISTENCE_ID, List.of(first, taken, acknowledged));
    snapshots.persistForRecovery(
        PERSISTENCE_ID,
        List.of(Pair.create(SnapshotMeta.create(2), snapshot(late, binding("10.10.0.1")))));
  }

  @Test
  void whenRowsFollowWhatItDoesNotKnowAndNoOlderOneStandsTheReplayBeginsAtTheFirst() {
    starts.add(new Start(2, late.hash()));
    starts.add(Start.FIRST_ROW);
    assertEquals(List.of(binding("10.10.0.2")), recovered());
    assertEquals(List.of(Long.MAX_VALUE, 2L), below);
  }

  @Test
  void whenTheFirstRowsWereArchivedTheReplayBeginsAtAnOlderSnapshot() {
    RangeEvent next = bound(2, acknowledged, "10.10.0.3");
    journal.clearAll();
    snapshots.clearAll();
    journal.persistForRecovery(PERSISTENCE_ID, List.of(first, taken));
    journal.clearAllPreservingSeqNumbers();
    journal.persistForRecovery(PERSISTENCE_ID, List.of(acknowledged, next));
    Binding archived = binding("10.10.0.9");
    snapshots.persistForRecovery(
        PERSISTENCE_ID,
        List.of(
            Pair.create(SnapshotMeta.create(2), snapshot(taken, archived)),
            Pair.create(SnapshotMeta.create(3), snapshot(late, binding("10.10.0.1")))));
    starts.add(new Start(3, late.hash()));
    starts.add(new Start(2, taken.hash()));
    assertEquals(List.of(binding("10.10.0.2"), binding("10.10.0.3"), archived), recovered());
    assertEquals(List.of(Long.MAX_VALUE, 3L), below);
  }

  @Test
  void whenItWasReplacedTheOwnerBeginsAgain() {
    starts.add(new Start(2, taken.hash()));
    starts.add(Start.FIRST_ROW);
    assertEquals(List.of(binding("10.10.0.2")), recovered());
  }

  @Test
  void whenItIsGoneTheReplayBeginsAtTheFirst() {
    starts.add(new Start(1, first.hash()));
    assertEquals(List.of(binding("10.10.0.2")), recovered());
  }

  private List<Binding> recovered() {
    EpochsOfTests epochs = new EpochsOfTests();
    epochs.acquire(RANGE, new ControllerId("c1"), () -> true);
    epochs.acquire(RANGE, new ControllerId("c2"), () -> true);
    RangeServices services =
        new RangeServices(
            new ControllerId("c3"),
            new ControllerSettings.Ranges(
                1, 100, 10_000, 50, 1 << 20, 1 << 18, Duration.ofSeconds(1)),
            epochs,
            this::start,
            new CommitTurns(1),
            sessions.getRef(),
            Policies.OPEN,
            new SiteTotals(),
            InstantSource.system(),
            System::nanoTime);
    ActorRef<RangeCommand> range = KIT.spawn(AddressRange.create(RANGE, services));
    sessions.expectMessageClass(Sessions.RangeActive.class, PATIENCE);
    return OwnersOfTests.list(KIT, range).bindings();
  }

  private CompletionStage<Start> start(RangeId range, long belowNumber) {
    below.add(belowNumber);
    return CompletableFuture.completedStage(starts.remove());
  }

  private static RangeEvent bound(long epoch, RangeEvent previous, String address) {
    Entry entry =
        new Entry.Bound(binding(address), Evidence.GRATUITOUS_ARP, binding(address).fe(), 0, null);
    return Chain.committed(epoch, previous.lastRevision() + 1, 0, List.of(entry), previous.hash());
  }

  private static Binding binding(String address) {
    return new Binding(
        IpAddress.parse(address), new FeId("fe1"), MacAddress.parse("02:aa:00:00:00:11"), 1);
  }

  private static RangeSnapshot snapshot(RangeEvent row, Binding binding) {
    return new RangeSnapshot(row.epoch(), row.lastRevision(), row.hash(), List.of(binding));
  }
}
