package io.sterna.controller.owner;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.sterna.controller.owner.RangeCommand.HandOff;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import java.time.Duration;

/**
 * What remains of an owner that has a successor: it refuses claims for a while. Stopped at once,
 * its node would be asked to own the range again and take it from its rightful owner.
 */
final class RetiredRange {
  /**
   * The split-brain resolver has decided by then. Seen on a node that had stood still for 10 s: it
   * found the others unreachable, heard what they had sent before, found them unreachable once
   * more, and ended 6.5 s after it went on. With 5 terms it took its ranges back shortly before
   * that.
   */
  private static final int TERMS = 12;

  private RetiredRange() {}

  /** Ends by itself some terms later, or when the shard moves. */
  static Behavior<RangeCommand> after(Duration ownerTerm) {
    return Behaviors.withTimers(
        timers -> {
          timers.startSingleTimer(HandOff.INSTANCE, ownerTerm.multipliedBy(TERMS));
          return Behaviors.receive(RangeCommand.class)
              .onMessage(RegisterBinding.class, RetiredRange::refuse)
              .onMessage(HandOff.class, end -> Behaviors.stopped())
              .onAnyMessage(other -> Behaviors.same())
              .build();
        });
  }

  private static Behavior<RangeCommand> refuse(RegisterBinding claim) {
    ClaimAnswers.unavailable(claim);
    return Behaviors.same();
  }
}
