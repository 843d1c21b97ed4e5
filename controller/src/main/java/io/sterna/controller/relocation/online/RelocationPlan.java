package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.model.Scenario;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.OperationId;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import io.sterna.store.plan.StepEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final int BASE = 36;

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

  /**
   * What its running step asks elements for: of the same name whoever asks, and of no other plan
   * that ever had this number.
   */
  public Migration migration() {
    int number = running().orElseThrow();
    StepStatus step = steps.get(number);
    String made = Long.toString(proposedAtEpochMillis, BASE);
    return new Migration(
        new OperationId("p%s-%d-%s".formatted(id, number + 1, made)),
        step.move().vm(),
        step.from().orElseThrow(),
        step.to().orElseThrow());
  }

  /**
   * The step that was done last, if the network does not show its VM where it is: it announces
   * itself there, and then the network shows it, a moment later.
   */
  Optional<StepStatus> unsettled(Scenario scenario) {
    Optional<StepStatus> last =
        steps.stream()
            .filter(each -> each.state() == StepStatus.State.DONE)
            .reduce((one, other) -> other);
    Map<IpAddress, Integer> numbers = last.isEmpty() ? Map.of() : Work.numbers(scenario);
    return last.filter(
        step -> {
          Integer number = numbers.get(step.move().vm());
          return number != null
              && !scenario.endpoints().get(number).site().equals(step.move().to());
        });
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
