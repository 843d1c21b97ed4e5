package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.owner.RangeCommand.BindingPage;
import io.sterna.controller.owner.RangeCommand.ClearDamping;
import io.sterna.controller.owner.RangeCommand.Damped;
import io.sterna.controller.owner.RangeCommand.DampingCleared;
import io.sterna.controller.owner.RangeCommand.FoundBinding;
import io.sterna.controller.owner.RangeCommand.NoteRefusals;
import io.sterna.controller.owner.RangeCommand.RangeDescription;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.policy.Policies;
import io.sterna.controller.policy.PolicySettings;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.RangeCommitted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the owner of a range makes of its policy: answers, journal, state and time. */
class OwnerPolicyTest {
  private static final ActorTestKit KIT = OwnersOfTests.kit();
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress VM2 = IpAddress.parse("10.10.1.12");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final Duration TERM = Duration.ofSeconds(1);
  private static final Duration HOLD = Duration.ofMillis(1500);

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final AtomicLong nanos = new AtomicLong();
  private final EpochsOfTests epochs = new EpochsOfTests();
  private final TestProbe<Sessions.Command> sessions = KIT.createTestProbe();
  private final TestProbe<SessionCommand> session = KIT.createTestProbe();
  private final SiteTotals totals = new SiteTotals();
  private PolicySettings policy = Policies.damping(1, Duration.ofSeconds(10), HOLD);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void emptyJournal() {
    journal.clearAll();
  }

  @Test
  void aDampedAddressIsShownAndAnOperatorLetsItMove() {
    ActorRef<RangeCommand> range = damped();
    assertEquals(1, describe(range).dampedCount());
    nanos.addAndGet(HOLD.toNanos() / 4 - 1);
    Damped damped = new Damped(VM, HOLD.toMillis() * 3 / 4 + 1);
    assertEquals(List.of(damped), list(range).damped());
    assertEquals(Optional.of(damped), find(range).damped());

    assertEquals(new DampingCleared(true), clear(range));
    assertEquals(new DampingCleared(false), clear(range));

    assertEquals(0, describe(range).dampedCount());
    assertAccepted(claim(range, Policies.FE1, 2));
    assertEquals(List.of(Note.DAMPED), notes());
    assertTrue(entries().contains(new Entry.Cleared(VM, Policies.ORDER, 2)), "who cleared it");
  }

  @Test
  void dampingEndsWhenTheHoldIsOverWithoutAnyClaim() {
    ActorRef<RangeCommand> range = damped();
    nanos.addAndGet(HOLD.toNanos());

    session.awaitAssert(
        Duration.ofSeconds(5),
        () -> {
          assertEquals(0, describe(range).dampedCount());
          return true;
        });

    assertEquals(List.of(Note.DAMPED, Note.DAMPING_OVER), notes());
  }

  @Test
  void aNewOwnerBeginsWithNobodyDamped() {
    KIT.stop(damped());

    ActorRef<RangeCommand> successor = activeRange();

    assertEquals(0, describe(successor).dampedCount());
    assertAccepted(claim(successor, Policies.FE1, 2));
  }

  @Test
  void refusalsOfASessionAreInTheJournal() {
    ActorRef<RangeCommand> range = activeRange();
    Claim claim = new Claim(9, VM, MAC, 0, Evidence.GRATUITOUS_ARP);
    range.tell(new NoteRefusals(Policies.FE1, claim, RejectReason.RATE_LIMITED, 4));

    session.awaitAssert(
        Duration.ofSeconds(5),
        () -> {
          assertEquals(
              List.of(
                  new Entry.Refused(
                      VM, Policies.FE1, MAC, RejectReason.RATE_LIMITED, Evidence.GRATUITOUS_ARP, 0),
                  new Entry.RefusalsOmitted(Policies.FE1, 4)),
              entries());
          return true;
        });
  }

  @Test
  void whatOthersHaveAtASiteCountsAndWhatIsHereIsTold() {
    policy = Policies.capacity(Map.of(Policies.SITE1, 2));
    RangeId other = RangeId.parse("10.10.16.0/20");
    totals.heard(other, 1, Map.of(Policies.SITE1, 1));
    ActorRef<RangeCommand> range = activeRange();
    assertAccepted(claim(range, Policies.FE1, 0));
    assertEquals(1, totals.elsewhere(other, Policies.SITE1));
    assertEquals(1, totals.own().size());
    Claim second = new Claim(2, VM2, MAC, 0, Evidence.GRATUITOUS_ARP);
    range.tell(new RegisterBinding(Policies.FE1, second, session.getRef()));
    assertEquals(
        new ClaimRejected(2, RejectReason.SITE_FULL, 0),
        session.expectMessageClass(ClaimsAnswered.class).answers().get(0));

    totals.heard(other, 1, Map.of());
    range.tell(new RegisterBinding(Policies.FE1, second, session.getRef()));
    assertAccepted(session.expectMessageClass(ClaimsAnswered.class).answers().get(0));

    KIT.stop(range);
    session.awaitAssert(
        () -> {
          assertEquals(List.of(), totals.own());
          return true;
        });
  }

  private ActorRef<RangeCommand> damped() {
    ActorRef<RangeCommand> range = activeRange();
    assertAccepted(claim(range, Policies.FE1, 0));
    assertAccepted(claim(range, Policies.FE2, 1));
    ClaimRejected refused = (ClaimRejected) claim(range, Policies.FE1, 2);
    assertEquals(new ClaimRejected(2, RejectReason.DAMPED, 2), refused);
    return range;
  }

  private static void assertAccepted(Object answer) {
    assertTrue(answer instanceof ClaimAccepted, answer::toString);
  }

  private Object claim(ActorRef<RangeCommand> range, FeId fe, long seen) {
    Claim claim = new Claim(seen, VM, MAC, seen, Evidence.GRATUITOUS_ARP);
    range.tell(new RegisterBinding(fe, claim, session.getRef()));
    return session.expectMessageClass(ClaimsAnswered.class).answers().get(0);
  }

  private DampingCleared clear(ActorRef<RangeCommand> range) {
    TestProbe<DampingCleared> probe = KIT.createTestProbe();
    range.tell(new ClearDamping(VM, Policies.ORDER, probe.getRef()));
    return probe.receiveMessage();
  }

  private RangeDescription describe(ActorRef<RangeCommand> range) {
    return OwnersOfTests.describe(KIT, range);
  }

  private BindingPage list(ActorRef<RangeCommand> range) {
    return OwnersOfTests.list(KIT, range);
  }

  private FoundBinding find(ActorRef<RangeCommand> range) {
    return OwnersOfTests.find(KIT, range, VM);
  }

  private List<Entry> entries() {
    return journal.persistedInStorage("range|" + RANGE).stream()
        .filter(RangeCommitted.class::isInstance)
        .flatMap(row -> ((RangeCommitted) row).entries().stream())
        .toList();
  }

  private List<Note> notes() {
    return entries().stream()
        .filter(Entry.Noted.class::isInstance)
        .map(entry -> ((Entry.Noted) entry).what())
        .toList();
  }

  private ActorRef<RangeCommand> activeRange() {
    RangeServices services =
        new RangeServices(
            new ControllerId("c1"),
            new ControllerSettings.Ranges(1, 100, 10_000, 50, 1 << 20, 1 << 18, TERM),
            epochs,
            EpochsOfTests.FROM_FIRST_ROW,
            new CommitTurns(1),
            sessions.getRef(),
            policy,
            totals,
            InstantSource.system(),
            nanos::get);
    ActorRef<RangeCommand> range = KIT.spawn(AddressRange.create(RANGE, services));
    sessions.expectMessageClass(Sessions.RangeActive.class);
    return range;
  }
}
