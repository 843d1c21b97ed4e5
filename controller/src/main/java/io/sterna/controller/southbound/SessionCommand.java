package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.sterna.controller.cluster.ClusterMessage;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage;
import java.util.List;

/** What a {@link Session} understands from the rest of the cluster. */
public sealed interface SessionCommand permits SessionCommand.FromCluster, Session.FromConnection {

  /** From ranges and from the registry of sessions. */
  sealed interface FromCluster extends SessionCommand {}

  /** The range's answers to claims of this element. */
  record ClaimsAnswered(List<SouthboundMessage.FromController> answers)
      implements FromCluster, ClusterMessage {
    public ClaimsAnswered {
      answers = List.copyOf(answers);
    }
  }

  /** Everything that the element reported up to this part is in the traffic matrix. */
  record TrafficCounted(long incarnation, long interval, int part)
      implements FromCluster, ClusterMessage {}

  /** The owner of a range that fed the element from this node has stopped. */
  record OwnerStopped(RangeId range, ActorRef<RangeCommand> owner) implements FromCluster {}

  /**
   * Encoded messages about a range, from its owner on this node: encoded once for all sessions.
   *
   * @param frames whole frames, length prefix included
   * @param answers the range's answers to claims of this element that were decided with it; they go
   *     before it
   */
  record FeedFrames(
      RangeId range,
      ActorRef<RangeCommand> owner,
      ByteString frames,
      List<SouthboundMessage.FromController> answers)
      implements FromCluster {}

  /**
   * The element is behind in a range that its owner on this node feeds to it, and hears nothing of
   * it until its turn to catch up has come ({@link RangeCommand.FeCatchesUp}).
   *
   * @param bindings about how many it lacks
   * @param urgent whether something changes in the range meanwhile
   */
  record CatchUpDue(RangeId range, ActorRef<RangeCommand> owner, int bindings, boolean urgent)
      implements FromCluster {}

  /**
   * What it lacked.
   *
   * @param position where the element is when it has installed it
   * @param frames as in {@link FeedFrames}
   */
  record CatchUpFrames(RangePosition position, ActorRef<RangeCommand> owner, ByteString frames)
      implements FromCluster {}

  /** The controllers of the cluster changed. */
  record MembersChanged(List<ControllerEndpoint> members) implements FromCluster {
    public MembersChanged {
      members = List.copyOf(members);
    }
  }

  /** Its hypervisor is to do something. */
  record MigrationAsked(SouthboundMessage.MigrationCommand command) implements FromCluster {}

  /** The element opened a newer session on this node: this one ends. */
  enum Superseded implements FromCluster {
    INSTANCE
  }
}
