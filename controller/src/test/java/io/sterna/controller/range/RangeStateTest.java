package io.sterna.controller.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RangeStateTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");

  private final RangeState state = new RangeState(RANGE);

  @Test
  void theFirstClaimBindsWithVersionOne() {
    assertEquals(accepted(FE1, 1), decideAndApply(claim(FE1, 0)));
    assertEquals(Optional.of(new Binding(VM, FE1, MAC, 1)), state.binding(VM));
    assertEquals(1, state.revision());
  }

  @Test
  void aClaimThatSawTheCurrentVersionMovesTheAddress() {
    decideAndApply(claim(FE1, 0));

    assertEquals(accepted(FE2, 2), decideAndApply(claim(FE2, 1)));
  }

  @Test
  void aLateAnnouncementFromTheOldSiteCannotPullTheVmBack() {
    decideAndApply(claim(FE1, 0));
    decideAndApply(claim(FE2, 1));

    assertEquals(new Decision.Rejected(RejectReason.STALE, 2), decideAndApply(claim(FE1, 1)));
    assertEquals(FE2, state.binding(VM).orElseThrow().fe());
  }

  @Test
  void aRepeatedClaimIsAcceptedAndCommitsNothing() {
    decideAndApply(claim(FE1, 0));

    Batch again = state.decide(List.of(claim(FE1, 0)));

    assertEquals(List.of(accepted(FE1, 1)), again.decisions());
    assertTrue(again.entries().isEmpty());
  }

  @Test
  void aVersionThatWasNeverCommittedIsRefused() {
    assertEquals(
        new Decision.Rejected(RejectReason.FROM_THE_FUTURE, 0), decideAndApply(claim(FE1, 7)));
  }

  @Test
  void anAddressOfAnotherRangeIsRefused() {
    Claim foreign = new Claim(1, IpAddress.parse("10.10.16.1"), MAC, 0, Evidence.GRATUITOUS_ARP);

    assertEquals(
        new Decision.Rejected(RejectReason.NOT_MOBILE, 0),
        decideAndApply(new ClaimRequest(FE1, foreign)));
  }

  @Test
  void refusalsAreCommittedWithoutARevision() {
    decideAndApply(claim(FE1, 0));
    decideAndApply(claim(FE2, 1));
    long before = state.revision();

    Batch batch = state.decide(List.of(claim(FE1, 1)));

    assertTrue(batch.entries().get(0) instanceof Entry.Refused);
    assertEquals(List.of(), batch.changes());
    state.apply(state.seal(batch, 1, 0));
    assertEquals(before, state.revision());
  }

  @Test
  void aBatchDecidesEachClaimAfterTheOneBefore() {
    Batch batch = state.decide(List.of(claim(FE1, 0), claim(FE2, 1), claim(FE1, 1)));

    assertEquals(
        List.of(accepted(FE1, 1), accepted(FE2, 2), new Decision.Rejected(RejectReason.STALE, 2)),
        batch.decisions());
    assertEquals(List.of(new Binding(VM, FE2, MAC, 2)), batch.changes());
  }

  @Test
  void pagesAreInOrderAndContinueAfterAnAddress() {
    for (int i = 30; i > 0; i--) {
      decideAndApply(
          new ClaimRequest(
              FE1, new Claim(i, IpAddress.parse("10.10.2." + i), MAC, 0, Evidence.GRATUITOUS_ARP)));
    }

    List<Binding> first = state.page(Optional.empty(), 20);
    List<Binding> second = state.page(Optional.of(first.get(19).address()), 20);

    List<Binding> both = new ArrayList<>(first);
    both.addAll(second);
    assertEquals(state.bindings(), both);
  }

  @Test
  void aLateRowOfAnEarlierOwnerIsTakenBackWhicheverComesFirst() {
    decideAndApply(claim(FE1, 0));
    RangeState successor = RangeState.of(RANGE, state.toSnapshot());
    RangeEvent late = state.seal(state.decide(List.of(claim(FE2, 1))), 1, 0);
    RangeEvent taken = successor.activate(2, new ControllerId("c2"), 0);
    RangeState lateFirst = RangeState.of(RANGE, state.toSnapshot());

    for (RangeEvent row : List.of(late, taken)) {
      lateFirst.apply(row);
    }
    for (RangeEvent row : List.of(taken, late)) {
      successor.apply(row);
    }

    assertEquals(successor.toSnapshot(), lateFirst.toSnapshot());
    assertEquals(taken.hash(), lateFirst.hash());
    assertEquals(FE1, lateFirst.binding(VM).orElseThrow().fe());
  }

  @Test
  void aRowCountsAfterAllIfALaterOwnerHadReadIt() {
    decideAndApply(claim(FE1, 0));
    RangeState reader = RangeState.of(RANGE, state.toSnapshot());
    RangeEvent read = state.seal(state.decide(List.of(claim(FE2, 1))), 1, 0);
    RangeEvent arrivedLate = state.activate(2, new ControllerId("c2"), 0);
    reader.apply(read);
    RangeEvent taken = reader.activate(3, new ControllerId("c3"), 0);
    reader.apply(taken);

    for (RangeEvent row : List.of(arrivedLate, read, taken)) {
      state.apply(row);
    }

    assertEquals(reader.toSnapshot(), state.toSnapshot());
    assertEquals(FE2, state.binding(VM).orElseThrow().fe());
  }

  /** Rows of three owners at once, as a replay reads them: the highest epoch decides. */
  @Test
  void twoRowsAreTakenBack() {
    decideAndApply(claim(FE1, 0));
    RangeState second = RangeState.of(RANGE, state.toSnapshot());
    RangeState third = RangeState.of(RANGE, state.toSnapshot());
    RangeEvent read = state.seal(state.decide(List.of(claim(FE2, 1))), 1, 0);
    RangeEvent other = third.activate(2, new ControllerId("c2"), 0);
    second.apply(read);
    third.apply(other);
    RangeEvent behindRead = second.activate(3, new ControllerId("c3"), 0);
    RangeEvent behindOther = third.activate(4, new ControllerId("c4"), 0);
    third.apply(behindOther);

    for (RangeEvent row : List.of(other, read, behindRead, behindOther)) {
      state.apply(row);
    }

    assertEquals(third.toSnapshot(), state.toSnapshot());
    assertEquals(FE1, state.binding(VM).orElseThrow().fe());
  }

  /** Whatever is claimed: versions grow by one a change, and replay gives the same state. */
  @Property(tries = 200)
  void versionsGrowByOneAndReplayIsExact(@ForAll("batches") List<List<ClaimRequest>> batches) {
    RangeState live = new RangeState(RANGE);
    RangeState replayed = new RangeState(RANGE);
    Map<IpAddress, Long> versions = new HashMap<>();
    live.apply(live.activate(1, new ControllerId("c1"), 0));
    replayed.apply(replayed.activate(1, new ControllerId("c1"), 0));
    for (List<ClaimRequest> claims : batches) {
      Batch batch = live.decide(claims);
      if (batch.entries().isEmpty()) {
        continue;
      }
      for (Entry entry : batch.entries()) {
        if (entry instanceof Entry.Bound bound) {
          long before = versions.getOrDefault(bound.binding().address(), 0L);
          assertEquals(before + 1, bound.binding().version());
          versions.put(bound.binding().address(), before + 1);
        }
      }
      var row = live.seal(batch, 1, 0);
      assertEquals(Optional.empty(), Chain.fault(replayed.hash(), row));
      live.apply(row);
      replayed.apply(row);
    }
    assertEquals(live.toSnapshot(), replayed.toSnapshot());
    assertEquals(live.toSnapshot(), RangeState.of(RANGE, live.toSnapshot()).toSnapshot());
    assertEquals(live.revision(), versions.values().stream().mapToLong(v -> v).sum());
  }

  @Provide
  Arbitrary<List<List<ClaimRequest>>> batches() {
    Arbitrary<ClaimRequest> claims =
        Combinators.combine(
                Arbitraries.of(FE1, FE2, new FeId("fe3")),
                Arbitraries.integers().between(1, 5),
                Arbitraries.longs().between(0, 4),
                Arbitraries.of(Evidence.values()))
            .as(
                (fe, host, seen, evidence) ->
                    new ClaimRequest(
                        fe,
                        new Claim(host, IpAddress.parse("10.10.3." + host), MAC, seen, evidence)));
    return claims.list().ofMinSize(1).ofMaxSize(8).list().ofMaxSize(12);
  }

  private Decision decideAndApply(ClaimRequest request) {
    Batch batch = state.decide(List.of(request));
    if (!batch.entries().isEmpty()) {
      state.apply(state.seal(batch, 1, 0));
    }
    return batch.decisions().get(0);
  }

  private static ClaimRequest claim(FeId fe, long seenVersion) {
    return new ClaimRequest(fe, new Claim(1, VM, MAC, seenVersion, Evidence.GRATUITOUS_ARP));
  }

  private static Decision accepted(FeId fe, long version) {
    return new Decision.Accepted(new Binding(VM, fe, MAC, version));
  }
}
