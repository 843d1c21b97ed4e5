package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent.MemberRemoved;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import io.sterna.controller.RangeMap;
import java.time.Duration;

/**
 * Keeps every range active: after a failover a range serves again without waiting for a claim. Only
 * the leader of the cluster wakes, so the cost does not grow with the controllers.
 *
 * <p>When a member is removed it wakes at once, and some times soon after: sharding and this actor
 * hear of it in any order, and what comes before sharding has heard goes to the dead one.
 */
public final class RangeWaker {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Duration SOON = Duration.ofMillis(100);
  private static final int SOON_TIMES = 10;

  private RangeWaker() {}

  /** What it hears. */
  enum Reason {
    REGULAR,
    MEMBER_GONE,
    SOON
  }

  /** Wakes every range now and then, and when a controller is gone. */
  public static Behavior<Void> create(RangeMap ranges, RangeOwners owners) {
    return Behaviors.<Object>setup(
            context -> {
              Cluster cluster = Cluster.get(context.getSystem());
              ActorRef<MemberRemoved> removed =
                  context.messageAdapter(MemberRemoved.class, event -> Reason.MEMBER_GONE);
              cluster.subscriptions().tell(Subscribe.create(removed, MemberRemoved.class));
              Runnable wake = () -> wakeIfLeader(cluster, ranges, owners);
              return Behaviors.withTimers(timers -> waking(timers, wake));
            })
        .narrow();
  }

  /** What it does, whatever waking is. */
  static Behavior<Object> waking(TimerScheduler<Object> timers, Runnable wake) {
    timers.startTimerWithFixedDelay(Reason.REGULAR, INTERVAL);
    int[] soon = {0};
    return Behaviors.receive(Object.class)
        .onMessageEquals(
            Reason.REGULAR,
            () -> {
              wake.run();
              return Behaviors.same();
            })
        .onMessageEquals(
            Reason.MEMBER_GONE,
            () -> {
              wake.run();
              soon[0] = SOON_TIMES;
              timers.startSingleTimer(Reason.SOON, SOON);
              return Behaviors.same();
            })
        .onMessageEquals(
            Reason.SOON,
            () -> {
              wake.run();
              if (--soon[0] > 0) {
                timers.startSingleTimer(Reason.SOON, SOON);
              }
              return Behaviors.same();
            })
        .build();
  }

  private static void wakeIfLeader(Cluster cluster, RangeMap ranges, RangeOwners owners) {
    if (!cluster.selfMember().address().equals(cluster.state().getLeader())) {
      return;
    }
    RangeCommand wake = new RangeCommand.Wake();
    ranges.ranges().forEach(range -> owners.tell(range, wake));
  }
}
