package io.sterna.store.plan;

import io.sterna.protocol.FeId;
import java.util.List;

/** Something that happened to a plan. */
public sealed interface PlanEvent {
  /** Which plan. */
  PlanId plan();

  /** When, by the clock of the controller that wrote it. */
  long atEpochMillis();

  /**
   * It was made.
   *
   * @param trigger why it was looked for
   * @param costBefore of everything as it was
   * @param costAfter of everything after its last step
   * @param moves its steps, in order
   */
  record Proposed(
      PlanId plan,
      long atEpochMillis,
      String trigger,
      double costBefore,
      double costAfter,
      List<PlannedMove> moves)
      implements PlanEvent {
    /** The most steps of one plan: its event is one row of the journal. */
    public static final int MOVES_MAX = 2_000;

    /**
     * @throws IllegalArgumentException if it has no step, or too many
     */
    public Proposed {
      moves = List.copyOf(moves);
      if (moves.isEmpty() || moves.size() > MOVES_MAX) {
        throw new IllegalArgumentException("a plan of " + moves.size() + " steps");
      }
    }
  }

  /**
   * It may be executed.
   *
   * @param by who says so
   */
  record Approved(PlanId plan, long atEpochMillis, String by) implements PlanEvent {}

  /**
   * A step is under way from now on, whatever becomes of who wrote this.
   *
   * @param step its number, from 0
   * @param from the element where the VM runs
   * @param to the element where it is to run
   * @param costBefore of everything, by the newest traffic
   * @param costAfter of everything once it is done, by the newest traffic
   */
  record StepStarted(
      PlanId plan,
      long atEpochMillis,
      int step,
      FeId from,
      FeId to,
      double costBefore,
      double costAfter)
      implements PlanEvent {}

  /**
   * A step is over.
   *
   * @param step its number, from 0
   * @param detail for people
   */
  record StepEnded(PlanId plan, long atEpochMillis, int step, StepEnd end, String detail)
      implements PlanEvent {}

  /**
   * It is to end before its next step.
   *
   * @param by who says so
   */
  record StopRequested(PlanId plan, long atEpochMillis, String by) implements PlanEvent {}

  /**
   * It is over.
   *
   * @param reason for people
   */
  record Ended(PlanId plan, long atEpochMillis, PlanEnd end, String reason) implements PlanEvent {}
}
