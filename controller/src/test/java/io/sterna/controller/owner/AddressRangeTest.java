package io.sterna.controller.owner;

import static io.sterna.controller.owner.FollowingElement.answers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.JournalOperation;
import akka.persistence.testkit.ProcessingPolicy;
import akka.persistence.testkit.ProcessingResult;
import akka.persistence.testkit.ProcessingSuccess;
import akka.persistence.testkit.WriteEvents;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import io.sterna.controller.owner.RangeCommand.BindingPage;
import io.sterna.controller.owner.RangeCommand.FeAttached;
import io.sterna.controller.owner.RangeCommand.FeLost;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.owner.RangeCommand.RangeDescription;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.CatchUpDue;
import io.sterna.controller.southbound.SessionCommand.FeedFrames;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressRangeTest {
  private static final ActorTestKit KIT = OwnersOfTests.kit();
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final FeId FE3 = new FeId("fe3");
  private static final Duration TERM = Duration.ofSeconds(1);
  private static final String PERSISTENCE_ID = "range|" + RANGE;
  private static final int LOG_STASH =
      KIT.system().settings().config().getInt("akka.persistence.typed.stash-capacity");

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final EpochsOfTests epochs = new EpochsOfTests();
  private final AtomicLong nanos = new AtomicLong();
  private final TestProbe<Sessions.Command> sessions = KIT.createTestProbe();
  private final TestProbe<SessionCommand> fe1 = KIT.createTestProbe();
  private final TestProbe<SessionCommand> fe2 = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void emptyJournal() {
    journal.clearAll();
  }

  @Test
  void aClaimIsAnsweredAndFedToEveryElement() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement first = attach(range, FE1, fe1);
    FollowingElement second = attach(range, FE2, fe2);
    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    ClaimAccepted answer = (ClaimAccepted) answers(fe1, 1).get(0);
    assertEquals(1, answer.binding().version());
    first.follow();
    second.follow();
    assertEquals(1, first.position.revision());
    assertEquals(first.position, second.position);
  }

  @Test
  void nothingIsToldBeforeItIsCommitted() {
    ActorRef<RangeCommand> range = activeRange();
    attach(range, FE1, fe1);
    journal.failNextPersisted(PERSISTENCE_ID);
    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));

    // The write failed: the log ends, and the claimant is told to try again.
    assertEquals(RejectReason.UNAVAILABLE, ((ClaimRejected) answers(fe1, 1).get(0)).reason());
    assertEquals(List.of(), list(range));
    // The row may still arrive: it must not find anybody writing in its epoch.
    assertEquals(2, describe(range).epoch());
  }

  @Test
  void claimsThatArriveDuringACommitShareOneRow() {
    ActorRef<RangeCommand> range = activeRange();
    int rowsBefore = journal.persistedInStorage(PERSISTENCE_ID).size();
    for (int host = 1; host <= 200; host++) {
      range.tell(new RegisterBinding(FE1, claim(host, host, 0), fe1.getRef()));
    }
    assertTrue(answers(fe1, 200).stream().allMatch(ClaimAccepted.class::isInstance));

    assertEquals(200, list(range).size());
    int rows = journal.persistedInStorage(PERSISTENCE_ID).size() - rowsBefore;
    assertTrue(rows < 150, rows + " rows for 200 claims");
  }

  @Test
  void aNewOwnerHasANewEpochAndForgetsNothing() {
    ActorRef<RangeCommand> first = activeRange();
    first.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    answers(fe1, 1);
    RangeDescription before = describe(first);
    KIT.stop(first);

    ActorRef<RangeCommand> second = activeRange();

    assertEquals(before.epoch() + 1, describe(second).epoch());
    assertEquals(before.revision(), describe(second).revision());
    assertEquals(1, list(second).size());
  }

  @Test
  void anElementThatFollowedTheOldOwnerContinuesWithADelta() {
    ActorRef<RangeCommand> first = activeRange();
    FollowingElement follower = attach(first, FE1, fe1);
    first.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    answers(fe1, 1);
    follower.follow();
    KIT.stop(first);

    ActorRef<RangeCommand> second = activeRange();
    second.tell(new FeAttached(FE1, fe1.getRef(), Optional.empty()));

    Delta delta = (Delta) follower.follow();
    assertEquals(List.of(), delta.changes());
    assertEquals(describe(second).epoch(), delta.position().epoch());
  }

  @Test
  void anElementThatIsNewGetsASnapshotAndThenDeltas() {
    ActorRef<RangeCommand> range = activeRange();
    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    answers(fe1, 1);

    FollowingElement late = attach(range, FE2, fe2);
    assertEquals(1, late.position.revision());
    range.tell(new RegisterBinding(FE1, claim(2, 12, 0), fe1.getRef()));

    assertTrue(late.follow() instanceof Delta);
    assertEquals(2, late.position.revision());
  }

  @Test
  void anElementThatReturnsAfterAShortCutGetsOnlyWhatItMissed() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement follower = attach(range, FE2, fe2);
    RangePosition leftAt = follower.position;
    range.tell(new RangeCommand.FeDetached(FE2, fe2.getRef()));
    for (int host = 1; host <= 3; host++) {
      range.tell(new RegisterBinding(FE1, claim(host, host, 0), fe1.getRef()));
      answers(fe1, 1);
    }

    range.tell(new FeAttached(FE2, fe2.getRef(), Optional.of(leftAt)));

    List<SouthboundMessage> missed =
        FollowingElement.messages(fe2.expectMessageClass(FeedFrames.class).frames());
    assertEquals(1, missed.size());
    assertEquals(3, ((Delta) missed.get(0)).changes().size());
    assertEquals(leftAt.hash(), ((Delta) missed.get(0)).fromHash());
  }

  @Test
  void anElementThatMissedMoreWaitsForItsTurnAndGetsTheLatestOfEachAddress() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement follower = attach(range, FE2, fe2);
    range.tell(new RangeCommand.FeDetached(FE2, fe2.getRef()));
    for (int host = 1; host <= 20; host++) {
      range.tell(new RegisterBinding(FE1, claim(host, host, 0), fe1.getRef()));
      answers(fe1, 1);
    }
    range.tell(new FeAttached(FE2, fe2.getRef(), Optional.of(follower.position)));
    CatchUpDue due = fe2.expectMessageClass(CatchUpDue.class);
    assertEquals(20, due.bindings(), "no more than there are");
    assertTrue(due.urgent(), "it changed a moment ago");
    range.tell(new RegisterBinding(FE3, claim(21, 20, 1), fe1.getRef()));
    answers(fe1, 1);
    fe2.expectNoMessage(Duration.ofMillis(50));

    range.tell(new RangeCommand.FeCatchesUp(FE2, fe2.getRef()));

    Delta delta = (Delta) follower.follow();
    assertEquals(20, delta.changes().size());
    assertEquals(2, delta.changes().get(19).version());
  }

  @Test
  void anElementThatIsLostGetsASnapshot() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement follower = attach(range, FE1, fe1);
    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    answers(fe1, 1);
    follower.follow();

    range.tell(new FeLost(FE1, fe1.getRef()));

    Snapshot snapshot = (Snapshot) follower.follow();
    assertEquals(1, snapshot.bindings().size());
  }

  @Test
  void manyReadsDuringASlowWriteCostNobodyASnapshot() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement follower = attach(range, FE1, fe1);
    TestProbe<BindingPage> reader = KIT.createTestProbe();
    CompletableFuture<Void> writing = new CompletableFuture<>();
    CompletableFuture<Void> mayWrite = new CompletableFuture<>();
    journal.withPolicy(new SlowJournal(writing, mayWrite));
    try {
      range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
      writing.join();
      for (int read = 0; read < LOG_STASH; read++) {
        range.tell(new ListBindings(Optional.empty(), 1, reader.getRef()));
      }
      range.tell(new FeLost(FE1, fe1.getRef()));
      fe1.expectMessageClass(CatchUpDue.class);
      range.tell(new RangeCommand.FeCatchesUp(FE1, fe1.getRef()));
      // Whatever the range hands on to its log, it has handed on when it answers this.
      describe(range);
    } finally {
      mayWrite.complete(null);
      journal.resetPolicy();
    }
    answers(fe1, 1);

    assertTrue(follower.follow() instanceof Snapshot);
    assertEquals(1, follower.position.revision());
    assertEquals(1, reader.receiveMessage().bindings().size(), "reads what is committed");
  }

  @Test
  void nothingIsAcknowledgedThatASuccessorMayNotKnow() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement follower = attach(range, FE1, fe1);
    epochs.answerLater();
    nanos.addAndGet(2 * TERM.toNanos());

    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    epochs.awaitQuestion();
    journal.expectNextPersistedClass(PERSISTENCE_ID, RangeActivated.class);
    journal.expectNextPersistedClass(PERSISTENCE_ID, RangeCommitted.class);
    fe1.expectNoMessage(Duration.ofMillis(200));
    epochs.answer(true);

    assertTrue(answers(fe1, 1).get(0) instanceof ClaimAccepted);
    follower.follow();
  }

  @Test
  void anOwnerThatHasASuccessorAcknowledgesNothingAndRetires() {
    ActorRef<RangeCommand> range = claimedAfterTheTerm();
    var read = OwnersOfTests.ask(KIT, range, IpAddress.parse("10.10.1.11"));
    epochs.answer(false);

    assertThrows(ExecutionException.class, () -> read.get(20, TimeUnit.SECONDS));
    ClaimRejected answer = (ClaimRejected) answers(fe1, 1).get(0);
    assertEquals(RejectReason.UNAVAILABLE, answer.reason());
    range.tell(new RegisterBinding(FE1, claim(2, 11, 0), fe1.getRef()));
    answer = (ClaimRejected) answers(fe1, 1).get(0);
    assertEquals(RejectReason.UNAVAILABLE, answer.reason());
    fe1.expectNoMessage(Duration.ofMillis(50));
    // Started again, it would take the range back.
    KIT.createTestProbe().expectTerminated(range, TERM.multipliedBy(15));
  }

  @Test
  void anOwnerWhoseLogFailsTakesNothingFromASuccessor() {
    ActorRef<RangeCommand> range = activeRange();
    epochs.answerLater();
    journal.failNextPersisted(PERSISTENCE_ID);
    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    answers(fe1, 1);
    epochs.awaitQuestion();
    epochs.answer(false);
    range.tell(new RegisterBinding(FE1, claim(2, 11, 0), fe1.getRef()));
    assertTrue(answers(fe1, 1).get(0) instanceof ClaimRejected);
  }

  @Test
  void aQuestionThatCassandraDoesNotAnswerIsAskedAgain() {
    claimedAfterTheTerm();
    epochs.fail();
    epochs.awaitQuestion();
    epochs.answer(true);

    assertTrue(answers(fe1, 1).get(0) instanceof ClaimAccepted);
  }

  @Test
  void aSuccessorWaitsUntilTheEarlierOwnersTermIsOver() {
    epochs.notVacant();
    KIT.spawn(AddressRange.create(RANGE, services()));
    sessions.expectNoMessage(TERM.dividedBy(2));
    sessions.expectMessageClass(Sessions.RangeActive.class);
  }

  @Test
  void whoLeavesReleasesItsEpoch() {
    ActorRef<RangeCommand> range = activeRange();
    range.tell(RangeCommand.HandOff.INSTANCE);
    KIT.createTestProbe().expectTerminated(range);
    assertEquals(List.of(1L), epochs.released());
  }

  @Test
  void whoLeavesBeforeItHasAnEpochWantsNone() {
    epochs.grantLater();
    ActorRef<RangeCommand> range = KIT.spawn(AddressRange.create(RANGE, services()));
    TestProbe<Object> probe = KIT.createTestProbe();
    probe.awaitAssert(
        () -> {
          assertTrue(epochs.isWanted());
          return true;
        });
    range.tell(RangeCommand.HandOff.INSTANCE);
    probe.expectTerminated(range);
    assertFalse(epochs.isWanted());
    assertEquals(List.of(), epochs.released());
  }

  @Test
  void aCongestedElementGetsTheLatestOfEachAddressInOneDelta() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement slow = attach(range, FE1, fe1);
    FollowingElement fast = attach(range, FE2, fe2);
    range.tell(new RangeCommand.FeCongested(FE1, fe1.getRef()));
    range.tell(new RegisterBinding(FE3, claim(98, 13, 7), fe2.getRef()));
    answers(fe2, 1);
    fast.follow();
    for (int move = 0; move < 20; move++) {
      int host = 11 + move % 2;
      FeId fe = move / 2 % 2 == 0 ? FE2 : FE3;
      range.tell(new RegisterBinding(fe, claim(move, host, move / 2), fe2.getRef()));
      answers(fe2, 1);
      fast.follow();
    }
    // A refusal is a row, too, without a change.
    range.tell(new RegisterBinding(FE2, claim(99, 11, 0), fe2.getRef()));
    answers(fe2, 1);
    fast.follow();
    fe1.expectNoMessage(Duration.ofMillis(50));

    range.tell(new RangeCommand.FeDrained(FE1, fe1.getRef()));

    Delta delta = (Delta) slow.follow();
    assertEquals(2, delta.changes().size());
    assertEquals(List.of(10L, 10L), delta.changes().stream().map(Binding::version).toList());
    assertEquals(fast.position, slow.position);
  }

  @Test
  void anElementThatIsTooFarBehindGetsASnapshotWhenItHasRead() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement slow = attach(range, FE1, fe1);
    range.tell(new RangeCommand.FeCongested(FE1, fe1.getRef()));
    int addresses = 1100;
    for (int i = 0; i < addresses; i++) {
      IpAddress address = IpAddress.ofV4(0x0a0a_0000 + i);
      Claim claim = new Claim(i, address, MAC, 0, Evidence.GRATUITOUS_ARP);
      range.tell(new RegisterBinding(FE2, claim, fe2.getRef()));
    }
    answers(fe2, addresses);
    assertFalse(fe1.expectMessageClass(CatchUpDue.class).urgent());
    range.tell(new RegisterBinding(FE3, claim(addresses, 11, 1), fe2.getRef()));
    assertTrue(fe1.expectMessageClass(CatchUpDue.class).urgent(), "something happens meanwhile");
    answers(fe2, 1);
    fe1.expectNoMessage(Duration.ofMillis(50));

    range.tell(new RangeCommand.FeDrained(FE1, fe1.getRef()));
    range.tell(new RangeCommand.FeCatchesUp(FE1, fe1.getRef()));

    assertTrue(slow.follow() instanceof Snapshot);
    assertEquals(addresses + 1, slow.position.revision());
  }

  @Test
  void theElementThatAnAddressLeftIsToldAtOnce() {
    ActorRef<RangeCommand> range = activeRange();
    FollowingElement source = attach(range, FE1, fe1);
    FollowingElement target = attach(range, FE2, fe2);
    bindAtFirst(range, source, target);

    range.tell(new RegisterBinding(FE2, claim(2, 11, 1), fe2.getRef()));
    answers(fe2, 1);

    assertTrue(source.follow() instanceof Delta);
    target.follow();
    assertEquals(target.position, source.position);
  }

  /** A range that was asked for a change when its tenure was over, and asks for its epoch. */
  private ActorRef<RangeCommand> claimedAfterTheTerm() {
    ActorRef<RangeCommand> range = activeRange();
    attach(range, FE1, fe1);
    epochs.answerLater();
    nanos.addAndGet(2 * TERM.toNanos());
    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    epochs.awaitQuestion();
    return range;
  }

  private void bindAtFirst(
      ActorRef<RangeCommand> range, FollowingElement source, FollowingElement target) {
    range.tell(new RegisterBinding(FE1, claim(1, 11, 0), fe1.getRef()));
    answers(fe1, 1);
    source.follow();
    target.follow();
  }

  private ActorRef<RangeCommand> activeRange() {
    ActorRef<RangeCommand> range = KIT.spawn(AddressRange.create(RANGE, services()));
    sessions.expectMessageClass(Sessions.RangeActive.class);
    return range;
  }

  private RangeServices services() {
    return OwnersOfTests.services(100, TERM, epochs, sessions, nanos::get);
  }

  private FollowingElement attach(
      ActorRef<RangeCommand> range, FeId fe, TestProbe<SessionCommand> probe) {
    FollowingElement follower = new FollowingElement(range, RANGE, fe, probe);
    range.tell(new FeAttached(fe, probe.getRef(), Optional.of(RangePosition.unknown(RANGE))));
    assertTrue(follower.follow() instanceof Snapshot);
    return follower;
  }

  private static RangeDescription describe(ActorRef<RangeCommand> range) {
    return OwnersOfTests.describe(KIT, range);
  }

  private List<?> list(ActorRef<RangeCommand> range) {
    return OwnersOfTests.list(KIT, range).bindings();
  }

  private static Claim claim(long id, int host, long seen) {
    return new Claim(id, IpAddress.parse("10.10.1." + host), MAC, seen, Evidence.GRATUITOUS_ARP);
  }

  /** A journal whose writes take as long as the test wants. */
  private record SlowJournal(CompletableFuture<Void> writing, CompletableFuture<Void> mayWrite)
      implements ProcessingPolicy<JournalOperation> {
    @Override
    public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
      if (operation instanceof WriteEvents) {
        writing.complete(null);
        // Unlike other ways to wait, this one lends the dispatcher another thread.
        mayWrite.join();
      }
      return ProcessingSuccess.getInstance();
    }
  }
}
