package io.sterna.controller.owner;

import akka.actor.typed.javadsl.ActorContext;
import io.sterna.controller.owner.OwnerEvent.AfterLoss;
import io.sterna.controller.owner.OwnerEvent.EpochProven;
import io.sterna.controller.owner.OwnerEvent.EpochReleased;
import io.sterna.controller.owner.OwnerEvent.EpochTaken;
import io.sterna.controller.owner.OwnerEvent.EpochUnproven;
import io.sterna.controller.owner.OwnerEvent.StartFound;
import io.sterna.controller.owner.OwnerEvent.StartLog;
import io.sterna.controller.owner.OwnerEvent.TakeEpoch;
import io.sterna.controller.owner.OwnerEvent.Unanswered;
import io.sterna.protocol.RangeId;

/** What an owner asks about epochs and snapshots; each answer comes as an {@link OwnerEvent}. */
final class EpochQuestions {
  private final ActorContext<RangeCommand> context;
  private final RangeId range;
  private final RangeServices services;
  private volatile boolean ended;

  /** The questions of this owner. */
  EpochQuestions(ActorContext<RangeCommand> context, RangeId range, RangeServices services) {
    this.context = context;
    this.range = range;
    this.services = services;
  }

  /** Takes the next one. */
  void take() {
    long askedNanos = services.nanoTime().getAsLong();
    context.pipeToSelf(
        services.epochs().acquire(range, services.self(), () -> !ended),
        (taken, failure) ->
            failure == null
                ? new EpochTaken(taken, askedNanos)
                : new Unanswered(TakeEpoch.INSTANCE, "take an epoch", failure));
  }

  /** Where the replay may begin: at a snapshot with a number below this one. */
  void findStart(long below) {
    context.pipeToSelf(
        services.starts().find(range, below),
        (start, failure) ->
            failure == null
                ? new StartFound(start)
                : new Unanswered(StartLog.INSTANCE, "look for snapshots", failure));
  }

  /** Whether this one is the latest, so that the term goes on. */
  void prove(long epoch) {
    long askedNanos = services.nanoTime().getAsLong();
    context.pipeToSelf(
        services.epochs().validate(range, epoch),
        (latest, failure) ->
            failure == null
                ? new EpochProven(epoch, latest, askedNanos)
                : new EpochUnproven(epoch, failure));
  }

  /** Whether this one, whose log failed, is the latest. */
  void proveAfterLoss(long epoch) {
    context.pipeToSelf(
        services.epochs().validate(range, epoch),
        (latest, failure) ->
            failure != null ? AfterLoss.UNKNOWN : latest ? AfterLoss.LATEST : AfterLoss.SUPERSEDED);
  }

  /**
   * The owner has stopped: an epoch that is still being taken must not follow the one that its
   * successor has taken meanwhile.
   */
  void end() {
    ended = true;
  }

  /** Says that nothing will be acknowledged under this one any more. */
  void release(long epoch) {
    context.pipeToSelf(
        services.epochs().release(range, epoch), (done, failure) -> EpochReleased.INSTANCE);
  }
}
