package io.sterna.controller.policy;

import static io.sterna.controller.policy.Policies.FE1;
import static io.sterna.controller.policy.Policies.FE2;
import static io.sterna.controller.policy.Policies.FE3;
import static io.sterna.controller.policy.Policies.ORDER;
import static io.sterna.controller.policy.Policies.SITE1;
import static io.sterna.controller.policy.Policies.SITE2;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.policy.PolicySettings.KnownVm;
import io.sterna.controller.range.Batch;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Decision;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.controller.range.RangeState;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What operators ask for, decided by versions and what policy has to say about it. */
class OrdersOfOperatorsTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress SECOND = IpAddress.parse("10.10.1.12");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final MacAddress OTHER_MAC = MacAddress.parse("02:aa:00:00:00:12");

  private final RangeState state = new RangeState(RANGE);
  private final List<Entry> journal = new ArrayList<>();
  private RangePolicy policy = Policies.everythingAllowed();

  @Test
  void whoSawWhatStandsChangesItAndEachChangeIsOneVersion() {
    assertEquals(accepted(VM, FE1, MAC, 1), order(bind(VM, FE1, 0)));
    assertEquals(accepted(VM, FE2, MAC, 2), order(bind(VM, FE2, 1)));
    assertEquals(accepted(VM, FE2, MacAddress.NONE, 3), order(release(VM, 2)));
    assertEquals(accepted(VM, FE1, MAC, 4), order(bind(VM, FE1, 3)));
    assertEquals(4, state.revision());
    assertEquals(
        List.of(
            new Entry.Assigned(new Binding(VM, FE1, MAC, 1), ORDER, 0, null),
            new Entry.Assigned(new Binding(VM, FE2, MAC, 2), ORDER, 1, FE1),
            new Entry.Withdrawn(MAC, new Binding(VM, FE2, MacAddress.NONE, 3), ORDER, 2),
            new Entry.Assigned(new Binding(VM, FE1, MAC, 4), ORDER, 3, null)),
        journal);
  }

  @Test
  void whoSawAnotherVersionIsRefusedAndThatIsOnRecord() {
    claim(FE1, VM, 0);
    claim(FE2, VM, 1);
    journal.clear();
    assertEquals(rejected(RejectReason.STALE, 2), order(bind(VM, FE3, 1)));
    assertEquals(rejected(RejectReason.STALE, 2), order(release(VM, 1)));
    assertEquals(rejected(RejectReason.FROM_THE_FUTURE, 2), order(bind(VM, FE3, 3)));
    assertEquals(2, state.revision(), "nothing changed");
    assertEquals(new Entry.Declined(VM, FE3, MAC, RejectReason.STALE, ORDER, 1), journal.get(0));
    assertEquals(
        new Entry.Declined(VM, null, MacAddress.NONE, RejectReason.STALE, ORDER, 1),
        journal.get(1));
  }

  @Test
  void whatIsSoAlreadyChangesNothingWhateverWasSeen() {
    claim(FE1, VM, 0);
    journal.clear();
    assertEquals(accepted(VM, FE1, MAC, 1), order(bind(VM, FE1, 0)));
    order(release(VM, 1));
    journal.clear();
    assertEquals(accepted(VM, FE1, MacAddress.NONE, 2), order(release(VM, 7)));
    assertEquals(rejected(RejectReason.NOT_ATTACHED, 0), order(release(SECOND, 0)));
    assertEquals(1, journal.size());
  }

  @Test
  void aVmThatSpeaksClaimsItsPlaceAgain() {
    claim(FE1, VM, 0);
    order(bind(VM, FE2, 1));
    assertEquals(rejected(RejectReason.STALE, 2), claim(FE1, VM, 1), "what it saw before");
    assertEquals(accepted(VM, FE1, MAC, 3), claim(FE1, VM, 2));
    order(release(VM, 3));
    assertEquals(accepted(VM, FE1, MAC, 5), claim(FE1, VM, 4));
  }

  @Test
  void inOneBatchWhatIsOrderedComesFirst() {
    claim(FE1, VM, 0);
    Claim late = new Claim(1, VM, MAC, 1, Evidence.GRATUITOUS_ARP);
    Batch batch =
        state.decide(
            new Orders(ORDER, List.of(bind(VM, FE2, 1), bind(VM, FE3, 2), bind(VM, FE1, 2))),
            List.of(new ClaimRequest(FE3, late)),
            policy.at(0),
            List.of());
    assertEquals(
        List.of(
            accepted(VM, FE2, MAC, 2), accepted(VM, FE3, MAC, 3), rejected(RejectReason.STALE, 3)),
        batch.ordered());
    assertEquals(List.of(accepted(VM, FE3, MAC, 3)), batch.decisions(), "it is there by now");
    assertEquals(List.of(new Binding(VM, FE3, MAC, 3)), batch.changes());
  }

  @Test
  void theInventoryAndTheKnownVmsHoldForOperatorsToo() {
    use(
        Policies.known(
            Map.of(
                VM, new KnownVm(Optional.of(MAC), Set.of(SITE1)),
                SECOND, new KnownVm(Optional.empty(), Set.of()))));
    assertEquals(rejected(RejectReason.UNKNOWN_FE, 0), order(bind(VM, new FeId("fe9"), 0)));
    assertEquals(rejected(RejectReason.FORBIDDEN_SITE, 0), order(bind(VM, FE3, 0)));
    assertEquals(
        rejected(RejectReason.WRONG_MAC, 0), order(new OrderedChange(VM, FE1, OTHER_MAC, 0)));
    assertEquals(
        rejected(RejectReason.WRONG_MAC, 0),
        order(new OrderedChange(SECOND, FE1, MacAddress.NONE, 0)));
    assertEquals(
        rejected(RejectReason.UNKNOWN_VM, 0), order(bind(IpAddress.parse("10.10.1.13"), FE1, 0)));
    assertEquals(
        rejected(RejectReason.NOT_MOBILE, 0), order(bind(IpAddress.parse("10.11.0.1"), FE1, 0)));
    assertEquals(accepted(VM, FE1, MAC, 1), order(bind(VM, FE1, 0)));
  }

  @Test
  void anOperatorIsNeitherDampedNorCountedAndTheAddressStaysDamped() {
    use(Policies.damping(1, Duration.ofSeconds(10), Duration.ofSeconds(30)));
    claim(FE1, VM, 0);
    order(bind(VM, FE2, 1));
    order(bind(VM, FE1, 2));
    assertEquals(0, policy.dampedCount());
    claim(FE2, VM, 3);
    assertEquals(rejected(RejectReason.DAMPED, 4), claim(FE1, VM, 4));
    assertEquals(accepted(VM, FE3, MAC, 5), order(bind(VM, FE3, 4)));
    assertEquals(rejected(RejectReason.DAMPED, 5), claim(FE1, VM, 5));
    policy.perform(List.of(new Chore.ClearDamping(VM, ORDER)), 0);
    assertEquals(accepted(VM, FE1, MAC, 6), claim(FE1, VM, 5));
  }

  @Test
  void aFullRangeHasNoRoomForOrdersEither() {
    policy = new RangePolicy(Policies.OPEN, site -> 0, 1);
    assertEquals(accepted(VM, FE1, MAC, 1), order(bind(VM, FE1, 0)));
    assertEquals(rejected(RejectReason.RANGE_FULL, 0), order(bind(SECOND, FE2, 0)));
    assertEquals(rejected(RejectReason.RANGE_FULL, 0), claim(FE1, SECOND, 0));
    order(release(VM, 1));
    assertEquals(accepted(VM, FE2, MAC, 3), order(bind(VM, FE2, 2)));
  }

  @Test
  void aFullSiteHasRoomForOrdersWhichAreCounted() {
    use(Policies.capacity(Map.of(SITE1, 1, SITE2, 1)));
    claim(FE1, VM, 0);
    assertEquals(accepted(SECOND, FE2, MAC, 1), order(bind(SECOND, FE2, 0)));
    assertEquals(Map.of(SITE1, 2), policy.siteCounts());
    order(release(SECOND, 1));
    order(bind(VM, FE3, 1));
    assertEquals(1, policy.siteCounts().getOrDefault(SITE2, 0));
    assertEquals(0, policy.siteCounts().getOrDefault(SITE1, 0));
  }

  @Test
  void claimsAndOrdersInAnyOrderReplayToTheSameState() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      RangeState live = new RangeState(RANGE);
      RangeState replayed = new RangeState(RANGE);
      Map<IpAddress, Long> versions = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        List<OrderedChange> changes = new ArrayList<>();
        List<ClaimRequest> claims = new ArrayList<>();
        for (int j = random.nextInt(4); j >= 0; j--) {
          IpAddress address = IpAddress.parse("10.10.2." + random.nextInt(4));
          long seen = versions.getOrDefault(address, 0L) - random.nextInt(2);
          FeId fe = List.of(FE1, FE2, FE3).get(random.nextInt(3));
          if (random.nextBoolean()) {
            boolean free = random.nextInt(3) == 0;
            changes.add(free ? release(address, seen) : bind(address, fe, seen));
          } else {
            Claim claim = new Claim(1, address, MAC, Math.max(0, seen), Evidence.RARP);
            claims.add(new ClaimRequest(fe, claim));
          }
        }
        changes.removeIf(change -> change.seenVersion() < 0);
        Batch batch = live.decide(new Orders(ORDER, changes), claims, policy.at(0), List.of());
        if (batch.entries().isEmpty()) {
          continue;
        }
        for (Entry entry : batch.entries()) {
          if (entry instanceof Entry.Change change) {
            Binding binding = change.binding();
            long before = versions.getOrDefault(binding.address(), 0L);
            assertEquals(before + 1, binding.version(), "seed " + seed);
            assertEquals(before, change.seenVersion(), "seed " + seed);
            versions.put(binding.address(), binding.version());
          }
        }
        var row = live.seal(batch, 1, 0);
        assertEquals(Optional.empty(), Chain.fault(replayed.hash(), row));
        live.apply(row);
        replayed.apply(row);
      }
      assertEquals(live.toSnapshot(), replayed.toSnapshot(), "seed " + seed);
      assertTrue(live.revision() > 20, "seed " + seed);
    }
  }

  private void use(PolicySettings settings) {
    policy = new RangePolicy(settings, site -> 0);
  }

  private static OrderedChange bind(IpAddress address, FeId fe, long seen) {
    return new OrderedChange(address, fe, MAC, seen);
  }

  private static OrderedChange release(IpAddress address, long seen) {
    return new OrderedChange(address, null, MacAddress.NONE, seen);
  }

  private Decision order(OrderedChange change) {
    Orders orders = new Orders(ORDER, List.of(change));
    Batch batch = state.decide(orders, List.of(), policy.at(0), List.of());
    commit(batch);
    return batch.ordered().get(0);
  }

  private Decision claim(FeId fe, IpAddress address, long seen) {
    Claim claim = new Claim(1, address, MAC, seen, Evidence.GRATUITOUS_ARP);
    Batch batch = state.decide(List.of(new ClaimRequest(fe, claim)), policy.at(0), List.of());
    commit(batch);
    return batch.decisions().get(0);
  }

  private void commit(Batch batch) {
    if (!batch.entries().isEmpty()) {
      state.apply(state.seal(batch, 1, 0));
      journal.addAll(batch.entries());
    }
  }

  private static Decision accepted(IpAddress address, FeId fe, MacAddress mac, long version) {
    return new Decision.Accepted(new Binding(address, fe, mac, version));
  }

  private static Decision rejected(RejectReason reason, long version) {
    return new Decision.Rejected(reason, version);
  }
}
