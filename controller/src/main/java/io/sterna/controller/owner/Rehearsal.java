package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import io.sterna.protocol.RangeId;
import io.sterna.store.event.RangeEvent;
import java.time.Duration;

/**
 * Reads once what an owner reads when it takes a range over, before anything depends on it: classes
 * are loaded and statements prepared then. A controller that joined without it had the ranges that
 * it was given wait for that for a second. Writes nothing.
 */
public final class Rehearsal {
  /** Nobody is kept from joining for longer: Cassandra may be away. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Range of no installation (RFC 5737): nobody has ever written its journal. */
  private static final RangeId NOBODYS = RangeId.parse("192.0.2.0/24");

  private Rehearsal() {}

  private enum Said {
    EPOCH_READ,
    LATE
  }

  /** Rehearses, then runs something else as a child. */
  public static <T> Behavior<Void> before(Behavior<T> next, String name, Epochs epochs) {
    return Behaviors.<Object>setup(
            context -> {
              context.pipeToSelf(epochs.validate(NOBODYS, 1), (latest, failure) -> Said.EPOCH_READ);
              return Behaviors.withTimers(
                  timers -> {
                    timers.startSingleTimer(Said.LATE, PATIENCE);
                    return Behaviors.receive(Object.class)
                        .onMessageEquals(
                            Said.EPOCH_READ,
                            () -> {
                              ActorRef<Object> log =
                                  context.spawn(Behaviors.setup(c -> new Journal()), "journal");
                              context.watch(log);
                              // Kept back until it has recovered.
                              log.tell(Said.EPOCH_READ);
                              return Behaviors.same();
                            })
                        .onSignal(
                            Terminated.class,
                            read -> {
                              timers.cancel(Said.LATE);
                              return running(context.spawn(next, name));
                            })
                        .onMessageEquals(Said.LATE, () -> running(context.spawn(next, name)))
                        .build();
                  });
            })
        .narrow();
  }

  private static Behavior<Object> running(ActorRef<?> child) {
    return Behaviors.receive(Object.class)
        .onAnyMessage(late -> Behaviors.same())
        .onSignal(
            Terminated.class,
            ended -> ended.getRef().equals(child) ? Behaviors.stopped() : Behaviors.same())
        .build();
  }

  /** Recovers, and ends. */
  private static final class Journal extends EventSourcedBehavior<Object, RangeEvent, String> {
    Journal() {
      super(PersistenceId.of("rehearsal", NOBODYS.toString()));
    }

    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<Object, RangeEvent, String> commandHandler() {
      return newCommandHandlerBuilder().forAnyState().onAnyCommand(end -> Effect().stop());
    }

    @Override
    public EventHandler<String, RangeEvent> eventHandler() {
      return (state, event) -> state;
    }
  }
}
