package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import io.sterna.controller.owner.RangeCommand.BindingsChanged;
import io.sterna.controller.owner.RangeCommand.ChangeBindings;
import io.sterna.controller.owner.RangeCommand.ChangeResult;
import io.sterna.controller.owner.RangeCommand.FoundBinding;
import io.sterna.controller.owner.RangeCommand.RangeDescription;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.policy.Policies;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeCommitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the owner of a range makes of what operators ask for. */
class OwnerOrdersTest {
  private static final ActorTestKit KIT = OwnersOfTests.kit();
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final int BATCH_LIMIT = 2000;

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final TestProbe<Sessions.Command> sessions = KIT.createTestProbe();
  private final TestProbe<SessionCommand> session = KIT.createTestProbe();
  private final TestProbe<BindingsChanged> operator = KIT.createTestProbe();
  private final EpochsOfTests epochs = new EpochsOfTests();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void emptyJournal() {
    journal.clearAll();
  }

  @Test
  void changesAreCommittedAndAnsweredOneByOne() {
    ActorRef<RangeCommand> range = activeRange();
    claim(range, Policies.FE1, VM, 0);
    assertTrue(answers() > 0);

    order(
        range,
        List.of(
            bind(VM, Policies.FE2, 1),
            bind(VM, Policies.FE2, 1),
            bind(VM, Policies.FE3, 1),
            new OrderedChange(address(5), null, MacAddress.NONE, 0)));

    assertEquals(
        List.of(
            new ChangeResult(Optional.empty(), 2, true),
            new ChangeResult(Optional.empty(), 2, true),
            new ChangeResult(Optional.of(RejectReason.STALE), 2, false),
            new ChangeResult(Optional.of(RejectReason.NOT_ATTACHED), 0, false)),
        operator.receiveMessage().results());
    assertEquals(2, describe(range).revision());
    assertEquals(Optional.of(new Binding(VM, Policies.FE2, MAC, 2)), find(range).binding());
    assertEquals(
        new Entry.Assigned(new Binding(VM, Policies.FE2, MAC, 2), Policies.ORDER, 1, Policies.FE1),
        entries().get(1));
    order(range, List.of(bind(VM, Policies.FE2, 1)));
    assertEquals(
        List.of(new ChangeResult(Optional.empty(), 2, false)),
        operator.receiveMessage().results(),
        "asked for again: it is so already");
  }

  /** Whatever waits for a row, no row gets too long and everybody is answered. */
  @Test
  void ordersAndClaimsShareRows() {
    ActorRef<RangeCommand> range = activeRange();
    for (int i = 0; i < 3 * BATCH_LIMIT; i++) {
      claim(range, Policies.FE1, address(i), 7);
    }
    for (int i = 0; i < 6; i++) {
      List<OrderedChange> changes = new ArrayList<>();
      for (int j = 0; j < Orders.CHANGES_MAX; j++) {
        changes.add(bind(address(i * Orders.CHANGES_MAX + j), Policies.FE2, 0));
      }
      order(range, changes);
    }

    for (int i = 0; i < 6; i++) {
      List<ChangeResult> results = operator.receiveMessage(Duration.ofSeconds(20)).results();
      assertEquals(Orders.CHANGES_MAX, results.size());
      assertTrue(results.stream().allMatch(ChangeResult::made));
    }
    for (int answered = 0; answered < 3 * BATCH_LIMIT; ) {
      answered += answers();
    }
    assertEquals(6 * Orders.CHANGES_MAX, describe(range).revision());
    assertTrue(rows().stream().allMatch(row -> row.entries().size() <= 4096));
  }

  @Test
  void whoDoesNotWaitForAnswersIsSentAway() {
    ActorRef<RangeCommand> range = KIT.spawn(AddressRange.create(RANGE, services()));
    for (int i = 0; i < 20; i++) {
      order(range, List.of(bind(address(i), Policies.FE1, 0)));
    }
    int made = 0;
    int away = 0;
    for (int i = 0; i < 20; i++) {
      boolean none = operator.receiveMessage(Duration.ofSeconds(10)).results().isEmpty();
      made += none ? 0 : 1;
      away += none ? 1 : 0;
    }
    assertTrue(made >= 8 && away >= 1, made + " made, " + away + " sent away");
    assertEquals(made, describe(range).revision());
  }

  private static IpAddress address(int i) {
    return IpAddress.ofV4((10 << 24) + (10 << 16) + i % 4096);
  }

  private static OrderedChange bind(IpAddress address, FeId fe, long seen) {
    return new OrderedChange(address, fe, MAC, seen);
  }

  private void order(ActorRef<RangeCommand> range, List<OrderedChange> changes) {
    range.tell(new ChangeBindings(new Orders(Policies.ORDER, changes), operator.getRef()));
  }

  private void claim(ActorRef<RangeCommand> range, FeId fe, IpAddress address, long seen) {
    Claim claim = new Claim(1, address, MAC, seen, Evidence.GRATUITOUS_ARP);
    range.tell(new RegisterBinding(fe, claim, session.getRef()));
  }

  private int answers() {
    return session
        .expectMessageClass(ClaimsAnswered.class, Duration.ofSeconds(20))
        .answers()
        .size();
  }

  private RangeDescription describe(ActorRef<RangeCommand> range) {
    return OwnersOfTests.describe(KIT, range);
  }

  private FoundBinding find(ActorRef<RangeCommand> range) {
    return OwnersOfTests.find(KIT, range, VM);
  }

  private List<RangeCommitted> rows() {
    return journal.persistedInStorage("range|" + RANGE).stream()
        .filter(RangeCommitted.class::isInstance)
        .map(RangeCommitted.class::cast)
        .toList();
  }

  private List<Entry> entries() {
    return rows().stream().flatMap(row -> row.entries().stream()).toList();
  }

  private ActorRef<RangeCommand> activeRange() {
    ActorRef<RangeCommand> range = KIT.spawn(AddressRange.create(RANGE, services()));
    sessions.expectMessageClass(Sessions.RangeActive.class);
    return range;
  }

  private RangeServices services() {
    return OwnersOfTests.services(
        BATCH_LIMIT, Duration.ofSeconds(1), epochs, sessions, System::nanoTime);
  }
}
