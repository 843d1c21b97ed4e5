package io.sterna.controller.relocation.online;

import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import io.sterna.store.plan.StepEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A plan and what has become of it: what its events say, and nothing else.
 *
 * @param id its name
 * @param proposedAtEpochMillis when it was made
 * @param trigger why it was looked for
 * @param costBefore of everything when it was made
 * @param costAfter of everything after its last step, by the traffic of then
 * @param state what has become of it
 * @param steps in order
 * @param approvedBy who approved it; empty if nobody has
 * @param endedAtEpochMillis 0 before it ended
 * @param reason why it ended, or who asked for that
 */
public record RelocationPlan(
    PlanId id,
    long proposedAtEpochMillis,
    String trigger,
    double costBefore,
    double costAfter,
    PlanState state,
    List<StepStatus> steps,
    String approvedBy,
    long endedAtEpochMillis,
    String reason) {
  /** Copies the steps. */
  public RelocationPlan {
    steps = List.copyOf(steps);
  }

  static RelocationPlan of(PlanEvent.Proposed event) {
    return new RelocationPlan(
        event.plan(),
        event.atEpochMillis(),
        event.trigger(),
        event.costBefore(),
        event.costAfter(),
        PlanState.PROPOSED,
        event.moves().stream().map(StepStatus::waiting).toList(),
        "",
        0,
        "");
  }

  /** The step that is under way. */
  public OptionalInt running() {
    return first(StepStatus.State.RUNNING);
  }

  /** The step that would be begun next. */
  public OptionalInt next() {
    return first(StepStatus.State.WAITING);
  }

  /** How many steps are done. */
  public int done() {
    return (int) steps.stream().filter(each -> each.state() == StepStatus.State.DONE).count();
  }

  private OptionalInt first(StepStatus.State state) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).state() == state) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** Whether nothing was done about any step. */
  boolean isUntouched() {
    return steps.stream().allMatch(each -> each.state() == StepStatus.State.WAITING);
  }

  /** Whether this can happen to it: not, if it was written by a keeper that did not know of all. */
  boolean mayFollow(PlanEvent event) {
    if (!id.equals(event.plan()) || state.isOver()) {
      return false;
    }
    if (event instanceof PlanEvent.Approved) {
      return state == PlanState.PROPOSED;
    }
    if (event instanceof PlanEvent.StepStarted started) {
      return running().isEmpty() && isIn(started.step(), StepStatus.State.WAITING);
    }
    if (event instanceof PlanEvent.StepEnded ended) {
      return ended.end() == StepEnd.SKIPPED
          ? isIn(ended.step(), StepStatus.State.WAITING)
          : isIn(ended.step(), StepStatus.State.RUNNING);
    }
    return !(event instanceof PlanEvent.Proposed);
  }

  private boolean isIn(int step, StepStatus.State wanted) {
    return step < steps.size() && steps.get(step).state() == wanted;
  }

  /** What it is after something has happened to it. */
  RelocationPlan after(PlanEvent event) {
    if (event instanceof PlanEvent.Approved approved) {
      return with(PlanState.APPROVED, steps, approved.by(), 0, reason);
    }
    if (event instanceof PlanEvent.StepStarted started) {
      StepStatus step = steps.get(started.step()).started(started);
      return with(PlanState.EXECUTING, replaced(started.step(), step), approvedBy, 0, reason);
    }
    if (event instanceof PlanEvent.StepEnded ended) {
      StepStatus.State how = StepStatus.State.valueOf(ended.end().name());
      StepStatus step = steps.get(ended.step()).ended(how, event.atEpochMillis(), ended.detail());
      return with(state, replaced(ended.step(), step), approvedBy, 0, reason);
    }
    if (event instanceof PlanEvent.StopRequested stop) {
      return with(PlanState.STOPPING, steps, approvedBy, 0, "by " + stop.by());
    }
    if (event instanceof PlanEvent.Ended ended) {
      return with(
          PlanState.of(ended.end()), steps, approvedBy, event.atEpochMillis(), ended.reason());
    }
    throw new IllegalArgumentException("plan " + id + " is there already");
  }

  private List<StepStatus> replaced(int number, StepStatus step) {
    List<StepStatus> all = new ArrayList<>(steps);
    all.set(number, step);
    return all;
  }

  private RelocationPlan with(
      PlanState now, List<StepStatus> all, String by, long endedAt, String why) {
    return new RelocationPlan(
        id, proposedAtEpochMillis, trigger, costBefore, costAfter, now, all, by, endedAt, why);
  }
}
