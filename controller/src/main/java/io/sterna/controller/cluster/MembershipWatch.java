package io.sterna.controller.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent;
import akka.cluster.ClusterEvent.ClusterDomainEvent;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.ControllerEndpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells the sessions of this node when controllers come and go, so that elements can follow.
 *
 * <p>Goes by the events alone: the cluster's state, asked while an event is handled, may not have
 * changed yet, and elements would never hear of a controller that nothing follows.
 *
 * <p>A node that leaves the cluster, or is thrown out of it, hears at its end that all others are
 * removed, one after the other. That is not told: elements would leave controllers that serve.
 */
public final class MembershipWatch {
  private MembershipWatch() {}

  /** Watches for as long as the node is a member. */
  public static Behavior<ClusterDomainEvent> create(ActorRef<Sessions.Command> sessions) {
    return Behaviors.setup(
        context -> {
          // Who is a member already is told as events, too.
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(context.getSelf(), ClusterDomainEvent.class));
          return watching(sessions);
        });
  }

  /** What it does with events. */
  static Behavior<ClusterDomainEvent> watching(ActorRef<Sessions.Command> sessions) {
    Map<UniqueAddress, Member> members = new HashMap<>();
    AtomicReference<List<ControllerEndpoint>> told = new AtomicReference<>(List.of());
    return Behaviors.receive(ClusterDomainEvent.class)
        .onMessageEquals(ClusterEvent.getClusterShuttingDownInstance(), Behaviors::stopped)
        .onMessage(
            MemberEvent.class,
            event -> {
              note(members, event.member());
              List<ControllerEndpoint> now = ControllerDirectory.endpointsOf(members.values());
              if (!now.isEmpty() && !now.equals(told.getAndSet(now))) {
                sessions.tell(new Sessions.ControllersChanged(now));
              }
              return Behaviors.same();
            })
        .onAnyMessage(other -> Behaviors.same())
        .build();
  }

  private static void note(Map<UniqueAddress, Member> members, Member member) {
    if (member.status().equals(MemberStatus.removed())) {
      members.remove(member.uniqueAddress());
    } else {
      members.put(member.uniqueAddress(), member);
    }
  }
}
