package io.sterna.controller.execution;

import akka.actor.typed.ActorRef;
import io.sterna.controller.cluster.ClusterMessage;
import io.sterna.protocol.FeId;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.store.plan.PlanId;
import java.util.List;
import java.util.Optional;

/** What a {@link RelocationActor} understands, and what it answers. */
public sealed interface RelocationCommand
    permits RelocationCommand.FromCluster, RelocationActor.Private {
  /** So many steps fit a message between controllers. */
  int STEPS_MAX = 500;

  /** From anywhere in the cluster. */
  sealed interface FromCluster extends RelocationCommand, ClusterMessage {}

  /**
   * An element's hypervisor has come further.
   *
   * @param fe the element, as its certificate says
   */
  record MigrationReported(FeId fe, MigrationReport report) implements FromCluster {}

  /** Which plans are there? */
  record ListPlans(ActorRef<PlanListing> replyTo) implements FromCluster {}

  /** One plan, with its steps from this one on. */
  record ShowPlan(PlanId plan, int firstStep, ActorRef<PlanPage> replyTo) implements FromCluster {}

  /**
   * Look for a plan now, however little it gains.
   *
   * @param by who wants it
   */
  record ProposePlan(String by, ActorRef<PlanChanged> replyTo) implements FromCluster {}

  /** Let it be executed. */
  record ApprovePlan(PlanId plan, String by, ActorRef<PlanChanged> replyTo)
      implements FromCluster {}

  /** Do not. */
  record RejectPlan(PlanId plan, String by, ActorRef<PlanChanged> replyTo) implements FromCluster {}

  /** Make no further step, and cancel the one under way if it is not too late. */
  record StopPlan(PlanId plan, String by, ActorRef<PlanChanged> replyTo) implements FromCluster {}

  /** Latest first. */
  record PlanListing(List<PlanSummary> plans) implements ClusterMessage {
    public PlanListing {
      plans = List.copyOf(plans);
    }
  }

  /** The answer; empty: no such plan. Further steps, if it has more, are another page. */
  record PlanPage(Optional<PlanSummary> plan, List<StepView> steps) implements ClusterMessage {
    public PlanPage {
      steps = List.copyOf(steps);
    }
  }

  /**
   * The answer to a wish.
   *
   * @param plan as it is now, if the wish was granted
   * @param unknown whether there is no such plan
   * @param refusal why it was not granted; empty if it was
   */
  record PlanChanged(Optional<PlanSummary> plan, boolean unknown, String refusal)
      implements ClusterMessage {}

  /**
   * A plan without its steps, as people read it.
   *
   * @param id its number
   * @param state what has become of it
   * @param trigger why it was looked for
   * @param proposedAtMillis when it was made
   * @param endedAtMillis when it ended; 0 if it has not
   * @param costBefore of everything, when it was made
   * @param costAfter of everything after its last step, by the traffic of then
   * @param stepCount how many steps it has
   * @param done how many of them are done
   * @param approvedBy who approved it; empty if nobody has
   * @param reason why it ended, or what it waits for, or how far its step is
   */
  record PlanSummary(
      long id,
      String state,
      String trigger,
      long proposedAtMillis,
      long endedAtMillis,
      double costBefore,
      double costAfter,
      int stepCount,
      int done,
      String approvedBy,
      String reason)
      implements ClusterMessage {}

  /**
   * A step, as people read it.
   *
   * @param step its number, from 1
   * @param vm who moves
   * @param from the site where it is
   * @param to the site where it is to be
   * @param memoryMib what is copied
   * @param state what has become of it
   * @param costBefore of everything, by the traffic when it began; before that, as it was planned
   * @param costAfter the same after it
   * @param reason why it moves
   * @param detail how it ended
   * @param startedAtMillis 0 if it has not begun
   * @param endedAtMillis 0 if it has not ended
   */
  record StepView(
      int step,
      String vm,
      String from,
      String to,
      long memoryMib,
      String state,
      double costBefore,
      double costAfter,
      String reason,
      String detail,
      long startedAtMillis,
      long endedAtMillis)
      implements ClusterMessage {}
}
