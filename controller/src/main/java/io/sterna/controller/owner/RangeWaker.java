package io.sterna.controller.owner;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import io.sterna.controller.RangeMap;
import java.time.Duration;

/**
 * Keeps every range active: after a failover a range serves again without waiting for a claim. Only
 * the leader of the cluster wakes, so the cost does not grow with the controllers.
 */
public final class RangeWaker {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private RangeWaker() {}

  private enum Tick {
    INSTANCE
  }

  /** Wakes every range now and then. */
  public static Behavior<Void> create(RangeMap ranges, RangeOwners owners) {
    return Behaviors.<Object>setup(
            context -> {
              Cluster cluster = Cluster.get(context.getSystem());
              return Behaviors.withTimers(
                  timers -> {
                    timers.startTimerWithFixedDelay(Tick.INSTANCE, INTERVAL);
                    return Behaviors.receive(Object.class)
                        .onMessageEquals(
                            Tick.INSTANCE,
                            () -> {
                              if (cluster
                                  .selfMember()
                                  .address()
                                  .equals(cluster.state().getLeader())) {
                                wakeAll(ranges, owners);
                              }
                              return Behaviors.same();
                            })
                        .build();
                  });
            })
        .narrow();
  }

  private static void wakeAll(RangeMap ranges, RangeOwners owners) {
    RangeCommand wake = new RangeCommand.Wake();
    ranges.ranges().forEach(range -> owners.tell(range, wake));
  }
}
