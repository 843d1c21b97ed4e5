package io.sterna.controller.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.ControllerEndpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Tells the sessions of this node when controllers come and go, so that elements can follow. */
public final class MembershipWatch {
  private MembershipWatch() {}

  /** Watches for as long as the node runs. */
  public static Behavior<MemberEvent> create(
      ControllerDirectory directory, ActorRef<Sessions.Command> sessions) {
    return Behaviors.setup(
        context -> {
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(context.getSelf(), MemberEvent.class));
          AtomicReference<List<ControllerEndpoint>> told = new AtomicReference<>(List.of());
          return Behaviors.receive(MemberEvent.class)
              .onAnyMessage(
                  event -> {
                    List<ControllerEndpoint> now = directory.endpoints();
                    if (!now.isEmpty() && !now.equals(told.getAndSet(now))) {
                      sessions.tell(new Sessions.ControllersChanged(now));
                    }
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
