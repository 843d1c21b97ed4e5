package io.sterna.simulation;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.controller.owner.Tenure;
import io.sterna.controller.range.Admission;
import io.sterna.controller.range.Batch;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.controller.range.RangeState;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.store.audit.Placed;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A rule, broken.
 *
 * @param violates the invariants of which one has to be the first that is violated
 */
record Mutant(String name, Rules rules, Set<String> violates) {
  private static final String LOSS = "NoAcknowledgedLoss";
  private static final String STALE = "NoStaleOverwrite";
  private static final String CHAIN = "ChainIntact";
  private static final String CONVERGES = "Converges";
  private static final String OWNER = "SingleOwner";
  private static final String BLACKHOLE = "NoBlackhole";

  /** All of them. */
  static List<Mutant> all() {
    return List.of(
        new Mutant("versions ignored", new VersionsIgnored(), Set.of(STALE)),
        new Mutant(
            "versions that operators saw ignored", new OrdersIgnoreVersions(), Set.of(STALE)),
        new Mutant("acknowledged too early", new AcknowledgedTooEarly(), Set.of(LOSS)),
        new Mutant(
            "epochs ignored", new EpochsIgnored(), Set.of(STALE, CHAIN, CONVERGES, LOSS, OWNER)),
        new Mutant("delta skipped", new DeltaSkipped(), Set.of(CONVERGES, OWNER)),
        new Mutant(
            "successor does not wait",
            new SuccessorDoesNotWait(),
            Set.of(LOSS, STALE, CHAIN, CONVERGES, OWNER)),
        new Mutant(
            "tenure ignored", new TenureIgnored(), Set.of(LOSS, STALE, CHAIN, CONVERGES, OWNER)),
        new Mutant("replay by writer", new ReplayByWriter(), Set.of(LOSS, CHAIN)),
        new Mutant(
            "snapshot believed",
            new SnapshotBelieved(),
            Set.of(LOSS, STALE, CHAIN, CONVERGES, OWNER)),
        new Mutant("restart in old epoch", new RestartInOldEpoch(), Set.of(LOSS, CHAIN)),
        new Mutant("two believe it theirs", new TwoBelieveItTheirs(), Set.of(OWNER)),
        new Mutant("source keeps its route", new SourceKeepsItsRoute(), Set.of(BLACKHOLE)),
        new Mutant("source removes its route", new SourceRemovesItsRoute(), Set.of(BLACKHOLE)),
        new Mutant("target stages nothing", new TargetStagesNothing(), Set.of(BLACKHOLE)));
  }

  @Override
  public String toString() {
    return name;
  }

  /** Whatever a claimant had seen, it is taken to have seen what stands. */
  private static final class VersionsIgnored implements Rules {
    @Override
    public Batch decide(
        RangeState state, Orders orders, List<ClaimRequest> claims, Admission admission) {
      Batch real = state.decide(orders, claims, Admission.OPEN, List.of());
      List<ClaimRequest> kind = claims.stream().map(claim -> lenient(state, claim)).toList();
      Batch lenient = state.decide(orders, kind, Admission.OPEN, List.of());
      // The history says what was really seen.
      return lenient.decisions().equals(real.decisions()) ? real : honest(lenient, claims);
    }

    private static ClaimRequest lenient(RangeState state, ClaimRequest request) {
      Claim claim = request.claim();
      long standing = state.binding(claim.address()).map(Binding::version).orElse(0L);
      return new ClaimRequest(
          request.fe(),
          new Claim(claim.claimId(), claim.address(), claim.mac(), standing, claim.evidence()));
    }

    private static Batch honest(Batch lenient, List<ClaimRequest> claims) {
      return new Batch(
          lenient.ordered(),
          lenient.decisions(),
          lenient.entries().stream().map(entry -> SeenVersions.of(entry, claims)).toList());
    }
  }

  /** What an operator asks for is done whatever happened since he looked. */
  private static final class OrdersIgnoreVersions implements Rules {
    @Override
    public Batch decide(
        RangeState state, Orders orders, List<ClaimRequest> claims, Admission admission) {
      List<OrderedChange> lenient =
          orders.changes().stream().map(change -> lenient(state, change)).toList();
      Batch batch = state.decide(new Orders(orders.order(), lenient), claims, admission, List.of());
      // The history says what was really seen.
      return new Batch(
          batch.ordered(),
          batch.decisions(),
          batch.entries().stream().map(entry -> SeenVersions.of(entry, orders)).toList());
    }

    private static OrderedChange lenient(RangeState state, OrderedChange change) {
      long standing = state.binding(change.address()).map(Binding::version).orElse(0L);
      return new OrderedChange(change.address(), change.fe(), change.mac(), standing);
    }
  }

  /** A claimant is told before its row is written. */
  private static final class AcknowledgedTooEarly implements Rules {
    @Override
    public boolean acknowledgesBeforeCommit() {
      return true;
    }
  }

  /** Neither replay nor elements look at epochs. */
  private static final class EpochsIgnored implements Rules {
    @Override
    public void replay(RangeState state, RangeEvent row) {
      state.apply(following(row, state));
    }

    @Override
    public Delta heard(Delta delta, FeId by, Chance chance) {
      return new Delta(
          delta.fromRevision(), delta.fromHash(), anyEpoch(delta.position()), delta.changes());
    }

    @Override
    public Snapshot heard(Snapshot part) {
      return new Snapshot(anyEpoch(part.position()), part.part(), part.last(), part.bindings());
    }

    private static RangePosition anyEpoch(RangePosition at) {
      return new RangePosition(at.range(), 1, at.revision(), at.hash());
    }

    private static RangeEvent following(RangeEvent row, RangeState state) {
      long epoch = Math.max(row.epoch(), state.epoch());
      if (row instanceof RangeCommitted committed) {
        return new RangeCommitted(
            epoch,
            committed.firstRevision(),
            row.atEpochMillis(),
            committed.entries(),
            state.hash(),
            row.hash());
      }
      RangeActivated activated = (RangeActivated) row;
      return new RangeActivated(
          activated.range(),
          epoch,
          activated.controller(),
          activated.lastRevision(),
          row.atEpochMillis(),
          state.hash(),
          row.hash());
    }
  }

  /** An element misses a change now and then, and believes that it did not. */
  private static final class DeltaSkipped implements Rules {
    @Override
    public Delta heard(Delta delta, FeId by, Chance chance) {
      return chance.in(0.05)
          ? new Delta(delta.fromRevision(), delta.fromHash(), delta.position(), List.of())
          : delta;
    }
  }

  /** Whoever takes an epoch reads at once. */
  private static final class SuccessorDoesNotWait implements Rules {
    @Override
    public Duration successorWait(Duration term) {
      return Duration.ZERO;
    }
  }

  /** An owner acknowledges without asking whether it still is one. */
  private static final class TenureIgnored implements Rules {
    @Override
    public boolean holds(Tenure tenure, long nowNanos) {
      return true;
    }
  }

  /** The journal believes the writer that appears last, as Akka does unless told otherwise. */
  private static final class ReplayByWriter implements Rules {
    @Override
    public boolean filtersReplay() {
      return true;
    }
  }

  /** The newest snapshot begins the replay, whoever wrote it, and whatever its rows follow. */
  private static final class SnapshotBelieved implements Rules {
    @Override
    public boolean stands(long seqNr, RangeSnapshot snapshot, List<Placed> near) {
      return true;
    }

    @Override
    public boolean misses(RangeState replayed) {
      return false;
    }
  }

  /** After a row of unknown fate the same epoch goes on. */
  private static final class RestartInOldEpoch implements Rules {
    @Override
    public boolean restartsInNewEpoch() {
      return false;
    }
  }

  /** Now and then an element takes what is bound to another for its own. */
  private static final class TwoBelieveItTheirs implements Rules {
    @Override
    public Delta heard(Delta delta, FeId by, Chance chance) {
      if (!chance.in(0.05)) {
        return delta;
      }
      List<Binding> own = delta.changes().stream().map(binding -> own(binding, by)).toList();
      return new Delta(delta.fromRevision(), delta.fromHash(), delta.position(), own);
    }

    private static Binding own(Binding binding, FeId by) {
      return binding.isReleased()
          ? binding
          : new Binding(binding.address(), by, binding.mac(), binding.version());
    }
  }

  /** Where a VM was, packets to it go on leaving for the bridge. */
  private static final class SourceKeepsItsRoute implements Rules {
    @Override
    public void put(Map<IpAddress, NextHop> kernel, Route route) {
      kernel.merge(
          route.address(), route.nextHop(), (old, now) -> old instanceof NextHop.Local ? old : now);
    }
  }

  /** Where a VM was, packets to it are dropped; only others send them to where it is. */
  private static final class SourceRemovesItsRoute implements Rules {
    @Override
    public void put(Map<IpAddress, NextHop> kernel, Route route) {
      if (kernel.remove(route.address()) instanceof NextHop.Local
          && route.nextHop() instanceof NextHop.Tunnel) {
        return;
      }
      kernel.put(route.address(), route.nextHop());
    }
  }

  /** Whoever claims goes by its table until it hears of its own binding. */
  private static final class TargetStagesNothing implements Rules {
    @Override
    public boolean stages() {
      return false;
    }
  }
}
