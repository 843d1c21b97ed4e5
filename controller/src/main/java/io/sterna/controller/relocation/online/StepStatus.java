package io.sterna.controller.relocation.online;

import io.sterna.protocol.FeId;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlannedMove;
import java.util.Locale;
import java.util.Optional;

/**
 * A step of a plan, and what has become of it.
 *
 * @param move who moves where, and why
 * @param state what has become of it
 * @param startedAtEpochMillis 0 before it began
 * @param endedAtEpochMillis 0 before it ended
 * @param from the element where its VM ran when it began
 * @param to the element that was to take it
 * @param costBefore of everything, by the traffic when it began; before that, as it was planned
 * @param costAfter the same after it
 * @param detail how it ended, for people
 */
public record StepStatus(
    PlannedMove move,
    State state,
    long startedAtEpochMillis,
    long endedAtEpochMillis,
    Optional<FeId> from,
    Optional<FeId> to,
    double costBefore,
    double costAfter,
    String detail) {
  /** What can become of a step. */
  public enum State {
    /** It was not begun. */
    WAITING,
    /** It is under way. */
    RUNNING,
    /** The VM runs at its new site. */
    DONE,
    /** It does not. */
    FAILED,
    /** It was left out. */
    SKIPPED;

    /** As people read it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static StepStatus waiting(PlannedMove move) {
    return new StepStatus(
        move,
        State.WAITING,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        move.costBefore(),
        move.costAfter(),
        "");
  }

  StepStatus started(PlanEvent.StepStarted event) {
    return new StepStatus(
        move,
        State.RUNNING,
        event.atEpochMillis(),
        0,
        Optional.of(event.from()),
        Optional.of(event.to()),
        event.costBefore(),
        event.costAfter(),
        "");
  }

  StepStatus ended(State how, long atEpochMillis, String why) {
    return new StepStatus(
        move, how, startedAtEpochMillis, atEpochMillis, from, to, costBefore, costAfter, why);
  }
}
