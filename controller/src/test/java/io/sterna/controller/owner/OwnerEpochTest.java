package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.FromController;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What answers about an epoch may still arrive while an owner takes the next one. */
class OwnerEpochTest {
  private static final ActorTestKit KIT = OwnersOfTests.kit();
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final FeId FE1 = new FeId("fe1");
  private static final Duration TERM = Duration.ofSeconds(1);
  private static final String PERSISTENCE_ID = "range|" + RANGE;

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final EpochsOfTests epochs = new EpochsOfTests();
  private final AtomicLong nanos = new AtomicLong();
  private final TestProbe<Sessions.Command> sessions = KIT.createTestProbe();
  private final TestProbe<SessionCommand> fe1 = KIT.createTestProbe();
  private final List<ActorRef<RangeCommand>> owners = new ArrayList<>();
  private long lastClaim;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void emptyJournal() {
    journal.clearAll();
  }

  /** An owner of the same range that still writes would leave rows to the next test. */
  @AfterEach
  void stopOwners() {
    owners.forEach(KIT::stop);
  }

  @Test
  void anOwnerDoesNotMistakeItsOwnNextEpochForASuccessors() {
    ActorRef<RangeCommand> range = activeRange();
    claimAccepted(range);
    epochs.grantLater();
    claimWhoseWriteFails(range);
    fe1.awaitAssert(this::secondIsTaken);
    // While it does not know yet that it has the second, it is time to prove the first.
    fe1.expectNoMessage(TERM);
    epochs.grant();

    claimAccepted(range);
    assertEpoch(2, range);
  }

  @Test
  void aQuestionAboutTheEpochBeforeDelaysNothing() {
    ActorRef<RangeCommand> range = activeRange();
    epochs.answerLater();
    claimAccepted(range);
    // About the first epoch, and never answered.
    epochs.awaitQuestion();
    epochs.answerAtOnce();
    claimWhoseWriteFails(range);
    fe1.awaitAssert(() -> assertEpoch(2, range));

    nanos.addAndGet(2 * TERM.toNanos());
    claimAccepted(range);
  }

  @Test
  void anAnswerAboutTheEpochBeforeDoesNotEndAnOwnerThatTakesTheNext() {
    ActorRef<RangeCommand> range = activeRange();
    epochs.answerLater();
    claimAccepted(range);
    epochs.awaitQuestion();
    CompletableFuture<Boolean> first = epochs.question();
    epochs.answerAtOnce();
    epochs.grantLater();
    claimWhoseWriteFails(range);
    fe1.awaitAssert(this::secondIsTaken);
    // The latest is the second, and that is this owner's.
    first.complete(false);
    epochs.grant();

    claimAccepted(range);
    assertEpoch(2, range);
  }

  @Test
  void whoLeavesAndFindsThatItHasASuccessorEndsAtOnce() {
    ActorRef<RangeCommand> range = activeRange();
    epochs.answerLater();
    nanos.addAndGet(2 * TERM.toNanos());
    claim(range);
    epochs.awaitQuestion();
    range.tell(RangeCommand.HandOff.INSTANCE);
    epochs.answer(false);

    assertTrue(answer() instanceof ClaimRejected);
    KIT.createTestProbe().expectTerminated(range, TERM.multipliedBy(3));
  }

  private Done secondIsTaken() {
    assertEquals(2, epochs.last());
    return Done.done();
  }

  private static Done assertEpoch(long epoch, ActorRef<RangeCommand> range) {
    assertEquals(epoch, OwnersOfTests.describe(KIT, range).epoch());
    return Done.done();
  }

  private ActorRef<RangeCommand> activeRange() {
    RangeServices services = OwnersOfTests.services(100, TERM, epochs, sessions, nanos::get);
    ActorRef<RangeCommand> range = KIT.spawn(AddressRange.create(RANGE, services));
    owners.add(range);
    sessions.expectMessageClass(Sessions.RangeActive.class);
    return range;
  }

  private void claimWhoseWriteFails(ActorRef<RangeCommand> range) {
    journal.failNextPersisted(PERSISTENCE_ID);
    claim(range);
    assertTrue(answer() instanceof ClaimRejected);
  }

  private void claimAccepted(ActorRef<RangeCommand> range) {
    claim(range);
    assertTrue(answer() instanceof ClaimAccepted);
  }

  private void claim(ActorRef<RangeCommand> range) {
    long number = ++lastClaim;
    range.tell(
        new RegisterBinding(
            FE1,
            new Claim(
                number,
                IpAddress.parse("10.10.1." + number),
                MacAddress.parse("02:aa:00:00:00:11"),
                0,
                Evidence.GRATUITOUS_ARP),
            fe1.getRef()));
  }

  private FromController answer() {
    return fe1.expectMessageClass(ClaimsAnswered.class, Duration.ofSeconds(10)).answers().get(0);
  }
}
