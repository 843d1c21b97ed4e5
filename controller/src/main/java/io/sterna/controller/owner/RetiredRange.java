package io.sterna.controller.owner;

import akka.actor.Status;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.sterna.controller.owner.RangeCommand.BindingsChanged;
import io.sterna.controller.owner.RangeCommand.ChangeBindings;
import io.sterna.controller.owner.RangeCommand.ClearDamping;
import io.sterna.controller.owner.RangeCommand.DescribeRange;
import io.sterna.controller.owner.RangeCommand.FindBinding;
import io.sterna.controller.owner.RangeCommand.HandOff;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * What remains of an owner that has a successor: for a while it refuses claims, and whoever asks it
 * hears at once that it cannot say. Stopped at once, its node would be asked to own the range again
 * and take it from its rightful owner.
 */
final class RetiredRange {
  /**
   * The split-brain resolver has decided by then. Seen on a node that had stood still for 10 s: it
   * found the others unreachable, heard what they had sent before, found them unreachable once
   * more, and ended 6.5 s after it went on. With 5 terms it took its ranges back shortly before
   * that.
   */
  private static final int TERMS = 12;

  private final RangeId range;
  private final ControllerId self;

  private RetiredRange(RangeId range, ControllerId self) {
    this.range = range;
    this.self = self;
  }

  /** Ends by itself some terms later, or when the shard moves. */
  static Behavior<RangeCommand> after(RangeId range, ControllerId self, Duration ownerTerm) {
    RetiredRange retired = new RetiredRange(range, self);
    return Behaviors.withTimers(
        timers -> {
          timers.startSingleTimer(HandOff.INSTANCE, ownerTerm.multipliedBy(TERMS));
          return Behaviors.receive(RangeCommand.class)
              .onMessage(HandOff.class, end -> Behaviors.stopped())
              .onAnyMessage(retired::refuse)
              .build();
        });
  }

  private Behavior<RangeCommand> refuse(RangeCommand asked) {
    if (asked instanceof RegisterBinding claim) {
      ClaimAnswers.unavailable(claim);
    } else if (asked instanceof ChangeBindings changes) {
      changes.replyTo().tell(new BindingsChanged(List.of()));
    } else if (asked instanceof DescribeRange describe) {
      // As a range that is not active yet.
      describe
          .replyTo()
          .tell(
              RangeCounts.NOTHING.describe(
                  self, RangePosition.unknown(range), List.of(), new Convergence().times()));
    } else if (asked instanceof ListBindings list) {
      fail(list.replyTo());
    } else if (asked instanceof FindBinding find) {
      fail(find.replyTo());
    } else if (asked instanceof ClearDamping clear) {
      fail(clear.replyTo());
    }
    return Behaviors.same();
  }

  /** Whoever asks need not wait for what would come to the same. */
  private <T> void fail(ActorRef<T> replyTo) {
    replyTo
        .<Object>unsafeUpcast()
        .tell(
            new Status.Failure(
                new TimeoutException("range " + range + " has another owner than " + self)));
  }
}
