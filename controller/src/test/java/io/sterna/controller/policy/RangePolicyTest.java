package io.sterna.controller.policy;

import static io.sterna.controller.policy.Policies.FE1;
import static io.sterna.controller.policy.Policies.FE2;
import static io.sterna.controller.policy.Policies.FE3;
import static io.sterna.controller.policy.Policies.SITE1;
import static io.sterna.controller.policy.Policies.SITE2;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.policy.PolicySettings.KnownVm;
import io.sterna.controller.range.Batch;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Decision;
import io.sterna.controller.range.RangeState;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.RangeCommitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Policies together with the state that asks them. */
class RangePolicyTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress SECOND = IpAddress.parse("10.10.1.12");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final MacAddress OTHER_MAC = MacAddress.parse("02:aa:00:00:00:12");
  private static final long S = 1_000_000_000;

  private final List<Entry> journal = new ArrayList<>();
  private RangeState state = new RangeState(RANGE);
  private RangePolicy policy = Policies.everythingAllowed();
  private long now;

  @Test
  void onlyKnownVmsAtTheirSitesWithTheirMacs() {
    use(
        Policies.known(
            Map.of(
                VM, new KnownVm(Optional.of(MAC), Set.of(SITE1)),
                SECOND, new KnownVm(Optional.empty(), Set.of()))));
    assertEquals(RejectReason.UNKNOWN_VM, refusal(FE1, IpAddress.parse("10.10.1.13"), MAC));
    assertEquals(RejectReason.WRONG_MAC, refusal(FE1, VM, OTHER_MAC));
    assertEquals(RejectReason.FORBIDDEN_SITE, refusal(FE3, VM, MAC));
    assertEquals(RejectReason.FORBIDDEN_SITE, refusal(new FeId("fe9"), VM, MAC));
    assertEquals(1, accepted(FE1, VM, MAC).version());
    assertEquals(1, accepted(FE3, SECOND, OTHER_MAC).version());
    assertEquals(
        List.of(
            RejectReason.UNKNOWN_VM,
            RejectReason.WRONG_MAC,
            RejectReason.FORBIDDEN_SITE,
            RejectReason.FORBIDDEN_SITE),
        reasonsOnRecord());
  }

  @Test
  void noHardwareAddressAndAGroupAreNobodys() {
    assertEquals(RejectReason.WRONG_MAC, refusal(FE1, VM, MacAddress.NONE));
    assertEquals(RejectReason.WRONG_MAC, refusal(FE1, VM, MacAddress.parse("01:00:5e:00:00:01")));
  }

  @Test
  void aFullSiteTakesNobodyButWhoIsThere() {
    use(Policies.capacity(Map.of(SITE1, 1)));
    accepted(FE1, VM, MAC);
    assertEquals(RejectReason.SITE_FULL, refusal(FE1, SECOND, OTHER_MAC));
    accepted(FE2, VM, MAC);
    accepted(FE3, SECOND, OTHER_MAC);
    accepted(FE3, VM, MAC);
    accepted(FE1, SECOND, OTHER_MAC);
    assertEquals(Map.of(SITE1, 1, SITE2, 1), policy.siteCounts());
  }

  @Test
  void aFullRangeTakesNoAddressThatItNeverHeld() {
    policy = new RangePolicy(Policies.OPEN, site -> 0, 1);
    accepted(FE1, VM, MAC);
    assertEquals(RejectReason.RANGE_FULL, refusal(FE1, SECOND, OTHER_MAC));
    accepted(FE2, VM, MAC);
    policy = new RangePolicy(Policies.OPEN, site -> 0, 1);
    policy.begin(state.bindings());
    assertEquals(RejectReason.RANGE_FULL, refusal(FE1, SECOND, OTHER_MAC));
    accepted(FE1, VM, MAC);
  }

  @Test
  void whatOtherRangesHaveAtASiteCountsToo() {
    Map<SiteId, Integer> elsewhere = new HashMap<>(Map.of(SITE1, 1));
    policy =
        new RangePolicy(
            Policies.capacity(Map.of(SITE1, 2)), site -> elsewhere.getOrDefault(site, 0));
    accepted(FE1, VM, MAC);
    assertEquals(RejectReason.SITE_FULL, refusal(FE1, SECOND, OTHER_MAC));
    elsewhere.clear();
    accepted(FE1, SECOND, OTHER_MAC);
  }

  @Test
  void whatTheRangeHoldsWhenItBeginsCounts() {
    accepted(FE1, VM, MAC);
    use(Policies.capacity(Map.of(SITE1, 1)));
    assertEquals(RejectReason.SITE_FULL, refusal(FE1, SECOND, OTHER_MAC));
  }

  @Test
  void whoIsDampedStaysAndIsStillThere() {
    use(Policies.damping(2, Duration.ofSeconds(10), Duration.ofSeconds(30)));
    accepted(FE1, VM, MAC);
    accepted(FE2, VM, MAC);
    accepted(FE2, VM, OTHER_MAC);
    assertEquals(RejectReason.DAMPED, refusal(FE1, VM, MAC));
    assertEquals(3, accepted(FE2, VM, OTHER_MAC).version(), "it stands where it is");
    assertEquals(1, policy.dampedCount());
    assertEquals(30 * S, policy.sweepInNanos());
    assertEquals(List.of(Note.DAMPED), notes());

    now += 30 * S;
    perform(Chore.Sweep.INSTANCE);
    assertEquals(List.of(Note.DAMPED, Note.DAMPING_OVER), notes());
    assertEquals(Long.MAX_VALUE, policy.sweepInNanos());
    accepted(FE1, VM, MAC);
  }

  @Test
  void aPlanMovesWhoeverMovedTooOftenAndItsMovesDoNotCount() {
    use(Policies.damping(1, Duration.ofSeconds(1000), Duration.ofSeconds(30)));
    accepted(FE1, VM, MAC);
    perform(new Chore.NoteMigration(VM, FE1, FE2));
    accepted(FE2, VM, MAC);
    accepted(FE1, VM, MAC);
    accepted(FE3, VM, MAC);
    accepted(FE2, VM, MAC);
    assertEquals(RejectReason.DAMPED, refusal(FE3, VM, MAC), "a plan does not move it there");
    accepted(FE1, VM, MAC);
    now += 60 * S;
    perform(Chore.Sweep.INSTANCE);
    accepted(FE2, VM, MAC);
    assertEquals(RejectReason.DAMPED, refusal(FE1, VM, MAC), "the plan's word is old");
  }

  @Test
  void aFullSiteTakesWhomAPlanBrings() {
    use(Policies.capacity(Map.of(SITE2, 1)));
    accepted(FE1, VM, MAC);
    accepted(FE3, SECOND, OTHER_MAC);
    assertEquals(RejectReason.SITE_FULL, refusal(FE3, VM, MAC));
    perform(new Chore.NoteMigration(VM, FE1, FE3));
    accepted(FE3, VM, MAC);
    assertEquals(2, policy.siteCounts().get(SITE2));
  }

  @Test
  void migrationsAreRememberedForAWhileAndNotWithoutEnd() {
    Migrations migrations = new Migrations();
    for (int i = 0; i <= Migrations.MAX; i++) {
      migrations.said(IpAddress.parse("10.10.%d.%d".formatted(i / 256, i % 256)), FE1, FE2, i);
    }
    assertEquals(Migrations.MAX, migrations.count());
    assertFalse(migrations.concern(IpAddress.parse("10.10.0.0"), FE1, 0));
    assertTrue(migrations.concern(IpAddress.parse("10.10.0.1"), FE1, 0));
    assertFalse(migrations.concern(IpAddress.parse("10.10.0.1"), FE3, 0));
    migrations.said(VM, FE1, FE2, 61 * S);
    assertEquals(1, migrations.count());
  }

  @Test
  void anOperatorLetsItMoveAgain() {
    use(Policies.damping(1, Duration.ofSeconds(10), Duration.ofSeconds(30)));
    accepted(FE1, VM, MAC);
    accepted(FE2, VM, MAC);
    refusal(FE1, VM, MAC);
    perform(new Chore.ClearDamping(VM, Policies.ORDER));
    assertEquals(new Entry.Cleared(VM, Policies.ORDER, 2), last());
    accepted(FE1, VM, MAC);
    int before = journal.size();
    perform(new Chore.ClearDamping(SECOND, Policies.ORDER));
    assertEquals(before, journal.size(), "nothing to clear");
  }

  @Test
  void aStaleClaimIsStaleAndDampsNobody() {
    use(Policies.damping(1, Duration.ofSeconds(10), Duration.ofSeconds(30)));
    accepted(FE1, VM, MAC);
    accepted(FE2, VM, MAC);
    assertEquals(
        RejectReason.STALE, ((Decision.Rejected) decide(FE1, VM, MAC, 1, Evidence.RARP)).reason());
    assertEquals(0, policy.dampedCount());
  }

  @Test
  void anElementThatFloodsFillsNoJournal() {
    use(Policies.audit(2, 3));
    accepted(FE1, VM, MAC);
    for (int claim = 0; claim < 1000; claim++) {
      decide(FE2, VM, MAC, 7, Evidence.RARP);
    }
    decide(FE3, VM, MAC, 7, Evidence.RARP);
    assertEquals(3 + 1, reasonsOnRecord().size(), "each element has a share of its own");
    assertEquals(S, policy.sweepInNanos());
    perform(Chore.Sweep.INSTANCE);
    assertEquals(new Entry.RefusalsOmitted(FE2, 997), last());
    assertEquals(Long.MAX_VALUE, policy.sweepInNanos());
    now += S;
    for (int claim = 0; claim < 3; claim++) {
      decide(FE2, VM, MAC, 7, Evidence.RARP);
    }
    assertEquals(3 + 1 + 2, reasonsOnRecord().size());
  }

  @Test
  void refusalsBeforeTheRangeAreOnRecord() {
    ClaimRequest request = new ClaimRequest(FE1, new Claim(1, VM, MAC, 0, Evidence.RARP));
    perform(new Chore.NoteRefusals(request, RejectReason.RATE_LIMITED, 41));
    assertEquals(List.of(RejectReason.RATE_LIMITED), reasonsOnRecord());
    perform(Chore.Sweep.INSTANCE);
    assertEquals(new Entry.RefusalsOmitted(FE1, 41), last());
  }

  @Test
  void aSilentVmIsInactiveUntilItIsHeard() {
    accepted(FE1, VM, MAC);
    assertEquals(bound(1), silent(FE1, 1));
    assertEquals(bound(1), silent(FE1, 1));
    assertTrue(policy.isSilent(VM));
    assertEquals(List.of(Note.SILENT), notes(), "said again, it is no news");
    accepted(FE1, VM, MAC);
    assertFalse(policy.isSilent(VM));
    assertEquals(List.of(Note.SILENT, Note.HEARD_AGAIN), notes());
    assertEquals(1, state.revision(), "the binding stands all the time");
  }

  @Test
  void onlyTheElementOfTheVmAndOnlyOfTheVersionThatStands() {
    accepted(FE1, VM, MAC);
    accepted(FE2, VM, MAC);
    assertEquals(new Decision.Rejected(RejectReason.STALE, 2), silent(FE1, 1));
    assertEquals(new Decision.Rejected(RejectReason.NOT_ATTACHED, 2), silent(FE1, 2));
    assertEquals(new Decision.Rejected(RejectReason.STALE, 2), silent(FE2, 1));
    assertEquals(new Decision.Rejected(RejectReason.FROM_THE_FUTURE, 2), silent(FE2, 3));
    assertFalse(policy.isSilent(VM));
    assertEquals(0, policy.silentCount());
  }

  @Test
  void aMoveEndsSilence() {
    accepted(FE1, VM, MAC);
    silent(FE1, 1);
    accepted(FE2, VM, MAC);
    assertEquals(0, policy.silentCount());
  }

  @Test
  void whoIsSilentForTooLongIsReleasedAndKeepsItsVersion() {
    use(Policies.release(Duration.ofSeconds(100), Duration.ofSeconds(40)));
    accepted(FE1, VM, MAC);
    for (int report = 0; report < 4; report++) {
      assertEquals(bound(1), silent(FE1, 1));
      now += 33 * S;
    }
    Binding left = ((Decision.Accepted) silent(FE1, 1)).binding();
    assertEquals(new Binding(VM, FE1, MacAddress.NONE, 2), left);
    assertEquals(new Entry.Released(MAC, left, Evidence.PROBE_UNANSWERED, FE1, 1), last());
    assertEquals(2, state.revision());
    assertEquals(0, state.size());
    assertEquals(List.of(), state.page(Optional.empty(), 10));
    assertEquals(0, policy.silentCount());

    // What was seen before the release, or before everything, cannot win.
    assertEquals(
        new Decision.Rejected(RejectReason.STALE, 2),
        decide(FE1, VM, MAC, 1, Evidence.GRATUITOUS_ARP));
    assertEquals(
        new Decision.Rejected(RejectReason.STALE, 2),
        decide(FE2, VM, MAC, 0, Evidence.GRATUITOUS_ARP));
    assertEquals(new Decision.Rejected(RejectReason.NOT_ATTACHED, 2), silent(FE1, 2));
    assertEquals(3, accepted(FE2, VM, MAC).version());
    assertEquals(1, state.size());
  }

  @Test
  void reportsFarApartDoNotAddUp() {
    use(Policies.release(Duration.ofSeconds(100), Duration.ofSeconds(40)));
    accepted(FE1, VM, MAC);
    for (int report = 0; report < 10; report++) {
      assertEquals(bound(1), silent(FE1, 1));
      now += 41 * S;
    }
  }

  @Test
  void withoutATimeNobodyIsReleased() {
    accepted(FE1, VM, MAC);
    for (int report = 0; report < 10_000; report++) {
      assertEquals(bound(1), silent(FE1, 1));
      now += 60 * S;
    }
    assertEquals(List.of(Note.SILENT), notes());
  }

  @Test
  void silenceThatNobodyConfirmsLapses() {
    accepted(FE1, VM, MAC);
    silent(FE1, 1);
    assertEquals(300 * S, policy.sweepInNanos());
    now += 300 * S;
    perform(Chore.Sweep.INSTANCE);
    assertTrue(policy.isSilent(VM));
    now++;
    perform(Chore.Sweep.INSTANCE);
    assertFalse(policy.isSilent(VM));
    assertEquals(List.of(Note.SILENT, Note.SILENCE_LAPSED), notes());
  }

  @Test
  void aReleasedAddressMakesRoomAtItsSite() {
    policy =
        new RangePolicy(
            new PolicySettings(
                Optional.empty(),
                Policies.release(Duration.ofNanos(1), Duration.ofSeconds(40)).silence(),
                Map.of(),
                Map.of(SITE1, 1),
                Policies.OPEN.sites(),
                0,
                Policies.OPEN.audit()),
            site -> 0);
    accepted(FE1, VM, MAC);
    silent(FE1, 1);
    now++;
    silent(FE1, 1);
    assertEquals(0, policy.siteCounts().get(SITE1));
    accepted(FE2, SECOND, OTHER_MAC);
  }

  /** Whatever is claimed and reported: versions grow by one, and a replay gives the same state. */
  @Property(tries = 200)
  void releasesReplayExactly(@ForAll("reports") List<ClaimRequest> requests) {
    state = new RangeState(RANGE);
    use(Policies.release(Duration.ofSeconds(3), Duration.ofSeconds(5)));
    RangeState replayed = new RangeState(RANGE);
    Map<IpAddress, Long> versions = new HashMap<>();
    for (ClaimRequest request : requests) {
      now += S;
      Batch batch = state.decide(List.of(request), policy.at(now), List.of());
      for (Binding change : batch.changes()) {
        assertEquals(versions.getOrDefault(change.address(), 0L) + 1, change.version());
        versions.put(change.address(), change.version());
      }
      if (!batch.entries().isEmpty()) {
        RangeCommitted row = state.seal(batch, 1, 0);
        state.apply(row);
        replayed.apply(row);
      }
    }
    assertEquals(state.toSnapshot(), replayed.toSnapshot());
    assertEquals(state.size(), RangeState.of(RANGE, replayed.toSnapshot()).size());
    assertEquals(state.size(), state.bindings().stream().filter(b -> !b.isReleased()).count());
    assertEquals(state.revision(), versions.values().stream().mapToLong(v -> v).sum());
  }

  @Provide
  Arbitrary<List<ClaimRequest>> reports() {
    return Combinators.combine(
            Arbitraries.of(FE1, FE2),
            Arbitraries.integers().between(1, 2),
            Arbitraries.longs().between(0, 6),
            Arbitraries.of(
                Evidence.PROBE_UNANSWERED, Evidence.PROBE_UNANSWERED, Evidence.GRATUITOUS_ARP))
        .as(
            (fe, host, seen, evidence) ->
                new ClaimRequest(
                    fe, new Claim(1, IpAddress.parse("10.10.2." + host), MAC, seen, evidence)))
        .list()
        .ofMaxSize(100);
  }

  /** Whatever is claimed, a site never has more VMs than it may, and its count is exact. */
  @Property(tries = 200)
  void aSiteIsNeverTooFull(@ForAll("requests") List<ClaimRequest> requests) {
    state = new RangeState(RANGE);
    use(Policies.capacity(Map.of(SITE1, 2, SITE2, 3)));
    for (ClaimRequest request : requests) {
      decide(
          request.fe(),
          request.claim().address(),
          MAC,
          version(request.claim().address()),
          request.claim().evidence());
      Map<SiteId, Integer> counts = new HashMap<>();
      for (Binding binding : state.page(Optional.empty(), 100)) {
        counts.merge(binding.fe().equals(FE3) ? SITE2 : SITE1, 1, Integer::sum);
      }
      policy
          .siteCounts()
          .forEach((site, count) -> assertEquals(counts.getOrDefault(site, 0), count));
      assertTrue(counts.getOrDefault(SITE1, 0) <= 2, counts::toString);
      assertTrue(counts.getOrDefault(SITE2, 0) <= 3, counts::toString);
    }
  }

  @Provide
  Arbitrary<List<ClaimRequest>> requests() {
    return Combinators.combine(Arbitraries.of(FE1, FE2, FE3), Arbitraries.integers().between(1, 8))
        .as(
            (fe, host) ->
                new ClaimRequest(
                    fe,
                    new Claim(
                        1, IpAddress.parse("10.10.2." + host), MAC, 0, Evidence.GRATUITOUS_ARP)))
        .list()
        .ofMaxSize(60);
  }

  private void use(PolicySettings settings) {
    policy = new RangePolicy(settings, site -> 0);
    policy.begin(state.bindings());
  }

  private void perform(Chore chore) {
    journal.addAll(policy.perform(List.of(chore), now));
  }

  private Binding accepted(FeId fe, IpAddress address, MacAddress mac) {
    Decision decision = decide(fe, address, mac, version(address), Evidence.GRATUITOUS_ARP);
    assertTrue(decision instanceof Decision.Accepted, decision::toString);
    return ((Decision.Accepted) decision).binding();
  }

  private RejectReason refusal(FeId fe, IpAddress address, MacAddress mac) {
    Decision decision = decide(fe, address, mac, version(address), Evidence.GRATUITOUS_ARP);
    assertTrue(decision instanceof Decision.Rejected, decision::toString);
    return ((Decision.Rejected) decision).reason();
  }

  private Decision silent(FeId fe, long seen) {
    return decide(fe, VM, MAC, seen, Evidence.PROBE_UNANSWERED);
  }

  private static Decision bound(long version) {
    return new Decision.Accepted(new Binding(VM, FE1, MAC, version));
  }

  private Decision decide(
      FeId fe, IpAddress address, MacAddress mac, long seen, Evidence evidence) {
    ClaimRequest request = new ClaimRequest(fe, new Claim(1, address, mac, seen, evidence));
    Batch batch = state.decide(List.of(request), policy.at(now), List.of());
    if (!batch.entries().isEmpty()) {
      state.apply(state.seal(batch, 1, 0));
      journal.addAll(batch.entries());
    }
    return batch.decisions().get(0);
  }

  private long version(IpAddress address) {
    return state.binding(address).map(Binding::version).orElse(0L);
  }

  private List<Note> notes() {
    return journal.stream()
        .filter(Entry.Noted.class::isInstance)
        .map(entry -> ((Entry.Noted) entry).what())
        .toList();
  }

  private List<RejectReason> reasonsOnRecord() {
    return journal.stream()
        .filter(Entry.Refused.class::isInstance)
        .map(entry -> ((Entry.Refused) entry).reason())
        .toList();
  }

  private Entry last() {
    return journal.get(journal.size() - 1);
  }
}
