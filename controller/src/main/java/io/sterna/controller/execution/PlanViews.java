package io.sterna.controller.execution;

import io.sterna.controller.execution.RelocationCommand.PlanSummary;
import io.sterna.controller.execution.RelocationCommand.StepView;
import io.sterna.controller.relocation.online.Relocation;
import io.sterna.controller.relocation.online.RelocationPlan;
import io.sterna.controller.relocation.online.StepStatus;
import io.sterna.store.plan.PlannedMove;
import java.util.ArrayList;
import java.util.List;

/** Plans as people read them. */
final class PlanViews {
  private PlanViews() {}

  /**
   * A plan.
   *
   * @param progress how far its step is; empty if none is under way
   */
  static PlanSummary summary(Relocation relocation, RelocationPlan plan, String progress) {
    boolean isOpen = !plan.state().isOver();
    String now = progress.isEmpty() ? relocation.waitsFor() : progress;
    return new PlanSummary(
        plan.id().number(),
        plan.state().toString(),
        plan.trigger(),
        plan.proposedAtEpochMillis(),
        plan.endedAtEpochMillis(),
        plan.costBefore(),
        plan.costAfter(),
        plan.steps().size(),
        plan.done(),
        plan.approvedBy(),
        isOpen && plan.reason().isEmpty() ? now : plan.reason());
  }

  /** A page of its steps. */
  static List<StepView> steps(RelocationPlan plan, int first) {
    List<StepView> views = new ArrayList<>();
    int end = Math.min(plan.steps().size(), first + RelocationCommand.STEPS_MAX);
    for (int i = Math.max(0, first); i < end; i++) {
      StepStatus step = plan.steps().get(i);
      PlannedMove move = step.move();
      views.add(
          new StepView(
              i + 1,
              move.vm().toString(),
              move.from().value(),
              move.to().value(),
              move.memoryMib(),
              step.state().toString(),
              step.costBefore(),
              step.costAfter(),
              move.reason(),
              step.detail(),
              step.startedAtEpochMillis(),
              step.endedAtEpochMillis()));
    }
    return views;
  }
}
