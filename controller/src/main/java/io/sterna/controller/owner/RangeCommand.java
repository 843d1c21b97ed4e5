package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import io.sterna.controller.cluster.ClusterMessage;
import io.sterna.controller.range.Orders;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.event.Order;
import java.util.List;
import java.util.Optional;

/** What an {@link AddressRange} understands. */
public sealed interface RangeCommand
    permits RangeCommand.Wake,
        RangeCommand.RegisterBinding,
        RangeCommand.ListBindings,
        RangeCommand.FindBinding,
        RangeCommand.DescribeRange,
        RangeCommand.FeAttached,
        RangeCommand.FeDetached,
        RangeCommand.FesApplied,
        RangeCommand.FeLost,
        RangeCommand.FeCatchesUp,
        RangeCommand.FeCongested,
        RangeCommand.FeDrained,
        RangeCommand.HandOff,
        RangeCommand.Housekeeping,
        OwnerEvent {

  /** Activates the range where it is not active yet: ranges serve without waiting for traffic. */
  record Wake() implements RangeCommand, ClusterMessage {}

  /**
   * Decide this claim; the answer goes to the session that brought it.
   *
   * @param fe the claimant, as its certificate says
   */
  record RegisterBinding(FeId fe, Claim claim, ActorRef<SessionCommand> replyTo)
      implements RangeCommand, ClusterMessage {}

  /**
   * Bindings in order of address.
   *
   * @param after the last address of the page before; empty = from the start
   * @param limit the most bindings of the page
   */
  record ListBindings(Optional<IpAddress> after, int limit, ActorRef<BindingPage> replyTo)
      implements RangeCommand, ClusterMessage {}

  /**
   * One page; fewer bindings than the limit mean that it is the last.
   *
   * @param silent the addresses of the page whose VMs do not answer
   * @param damped those of the page that may not move
   */
  record BindingPage(
      RangeId range, List<Binding> bindings, List<IpAddress> silent, List<Damped> damped)
      implements ClusterMessage {
    public BindingPage {
      bindings = List.copyOf(bindings);
      silent = List.copyOf(silent);
      damped = List.copyOf(damped);
    }
  }

  /**
   * An address may not move. The time is what is left, and not until when: the clock that counts it
   * is the owner's alone.
   *
   * @param forMs how long yet; 0 = it is over any moment
   */
  record Damped(IpAddress address, long forMs) implements ClusterMessage {}

  /** The binding of one address. */
  record FindBinding(IpAddress address, ActorRef<FoundBinding> replyTo)
      implements RangeCommand, ClusterMessage {}

  /**
   * The answer; empty = not bound.
   *
   * @param silent whether the VM does not answer
   * @param damped there if the address may not move
   */
  record FoundBinding(Optional<Binding> binding, boolean silent, Optional<Damped> damped)
      implements ClusterMessage {}

  /** What a range does beside deciding claims; committed with the next batch. */
  sealed interface Housekeeping extends RangeCommand
      permits ClearDamping, ChangeBindings, NoteRefusals, NoteMigration, OwnerEvent.Sweep {}

  /** Let an address move again. */
  record ClearDamping(IpAddress address, Order order, ActorRef<DampingCleared> replyTo)
      implements Housekeeping, ClusterMessage {}

  /** Change bindings as an operator asks. */
  record ChangeBindings(Orders orders, ActorRef<BindingsChanged> replyTo)
      implements Housekeeping, ClusterMessage {}

  /**
   * The answer, when it is committed.
   *
   * @param results one a change, in order; none if nobody can decide now, or nobody knows whether
   *     it was committed: then it can be asked for again
   */
  record BindingsChanged(List<ChangeResult> results) implements ClusterMessage {
    public BindingsChanged {
      results = List.copyOf(results);
    }
  }

  /**
   * What became of a change.
   *
   * @param refusal empty = it is as was asked for
   * @param version of the address now
   * @param made whether it was not so already
   */
  record ChangeResult(Optional<RejectReason> refusal, long version, boolean made)
      implements ClusterMessage {}

  /** The answer, when it is committed; false = the address could move. */
  record DampingCleared(boolean wasDamped) implements ClusterMessage {}

  /**
   * Claims of an element were refused before they came to the range.
   *
   * @param claim one of them
   * @param omitted how many more
   */
  record NoteRefusals(FeId fe, Claim claim, RejectReason reason, long omitted)
      implements Housekeeping, ClusterMessage {}

  /**
   * A plan has an address moved. Said again every few seconds while that lasts: nobody answers, and
   * what is lost is said again.
   */
  record NoteMigration(IpAddress address, FeId from, FeId to)
      implements Housekeeping, ClusterMessage {}

  /** Who owns the range, how far it is, and how far each forwarding element has followed. */
  record DescribeRange(ActorRef<RangeDescription> replyTo)
      implements RangeCommand, ClusterMessage {}

  /**
   * The answer.
   *
   * @param silentCount how many bindings are those of VMs that do not answer
   * @param dampedCount how many addresses may not move
   */
  record RangeDescription(
      RangeId range,
      ControllerId owner,
      long epoch,
      long revision,
      ChainHash hash,
      int bindingCount,
      int silentCount,
      int dampedCount,
      List<FeProgress> followers,
      ConvergenceTimes convergence)
      implements ClusterMessage {
    public RangeDescription {
      followers = List.copyOf(followers);
    }
  }

  /**
   * How long changes took from committed to installed at every element that follows, while this
   * owner was active; the time for which elements collect their reports is in it.
   *
   * @param changes that every follower has installed
   * @param givenUp changes that were not waited for to the end: an element left, or hangs
   */
  record ConvergenceTimes(long changes, long givenUp, double p50Ms, double p99Ms, double maxMs)
      implements ClusterMessage {}

  /**
   * What one forwarding element has installed of a range.
   *
   * @param epoch the epoch it has heard of; 0 = nothing installed yet
   */
  record FeProgress(FeId fe, long epoch, long revision) implements ClusterMessage {}

  /**
   * An element has a session on this node.
   *
   * @param position where it is in this range; empty = it moved on since it said so
   */
  record FeAttached(FeId fe, ActorRef<SessionCommand> session, Optional<RangePosition> position)
      implements RangeCommand {}

  /** The session ended. */
  record FeDetached(FeId fe, ActorRef<SessionCommand> session) implements RangeCommand {}

  /** Elements have installed more of the range; in the order in which they said so. */
  record FesApplied(List<Installed> reports) implements RangeCommand {
    public FesApplied {
      reports = List.copyOf(reports);
    }
  }

  /**
   * The element has installed everything up to this position.
   *
   * @param saidNanos when it said so, by the clock of the range
   */
  record Installed(
      FeId fe, ActorRef<SessionCommand> session, RangePosition position, long saidNanos) {}

  /** The element lost the thread and needs a snapshot. */
  record FeLost(FeId fe, ActorRef<SessionCommand> session) implements RangeCommand {}

  /** The element's turn to catch up with the range has come. */
  record FeCatchesUp(FeId fe, ActorRef<SessionCommand> session) implements RangeCommand {}

  /** The element reads slower than it is fed: nothing more until {@link FeDrained}. */
  record FeCongested(FeId fe, ActorRef<SessionCommand> session) implements RangeCommand {}

  /** The element has read nearly everything that was sent. */
  record FeDrained(FeId fe, ActorRef<SessionCommand> session) implements RangeCommand {}

  /** The shard moves to another controller. */
  enum HandOff implements RangeCommand {
    INSTANCE
  }
}
