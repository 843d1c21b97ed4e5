package io.sterna.simulation;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.controller.owner.Tenure;
import io.sterna.controller.range.Admission;
import io.sterna.controller.range.Batch;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Orders;
import io.sterna.controller.range.RangeState;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.store.audit.Placed;
import io.sterna.store.audit.ShortCut;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The rules of the design, each where the simulation follows it; a mutant breaks one. */
interface Rules {
  /** The design. Where the product does not follow it yet, the module's DESIGN.md says so. */
  Rules REAL = new Rules() {};

  default Batch decide(
      RangeState state, Orders orders, List<ClaimRequest> claims, Admission admission) {
    return state.decide(orders, claims, admission, List.of());
  }

  default boolean acknowledgesBeforeCommit() {
    return false;
  }

  /** Whether the journal discards rows by the order in which their writers appear. */
  default boolean filtersReplay() {
    return false;
  }

  /** Whether a log that begins again, because a row's fate is unknown, takes another epoch. */
  default boolean restartsInNewEpoch() {
    return true;
  }

  /** Whether a replay may begin at a snapshot. */
  default boolean stands(long seqNr, RangeSnapshot snapshot, List<Placed> near) {
    return ShortCut.stands(seqNr, snapshot, near);
  }

  /** Whether a replay that began at a snapshot has to begin earlier. */
  default boolean misses(RangeState replayed) {
    return replayed.missesRows();
  }

  /** A snapshot is written each time so many rows are: few, so that replays begin there. */
  default int snapshotEvery() {
    return 4;
  }

  default void replay(RangeState state, RangeEvent row) {
    state.apply(row);
  }

  default boolean holds(Tenure tenure, long nowNanos) {
    return tenure.holdsAt(nowNanos);
  }

  default Duration successorWait(Duration term) {
    return Tenure.successorWait(term);
  }

  /** What an element makes of a delta before it looks at it. */
  default Delta heard(Delta delta, FeId by, Chance chance) {
    return delta;
  }

  default Snapshot heard(Snapshot part) {
    return part;
  }

  /** Whether a claimant delivers what comes through tunnels before its claim is decided. */
  default boolean stages() {
    return true;
  }

  /** What becomes of a kernel's table. */
  default void put(Map<IpAddress, NextHop> kernel, Route route) {
    kernel.put(route.address(), route.nextHop());
  }
}
