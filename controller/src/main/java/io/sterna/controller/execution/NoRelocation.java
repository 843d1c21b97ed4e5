package io.sterna.controller.execution;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.sterna.controller.execution.RelocationCommand.ApprovePlan;
import io.sterna.controller.execution.RelocationCommand.ListPlans;
import io.sterna.controller.execution.RelocationCommand.PlanChanged;
import io.sterna.controller.execution.RelocationCommand.PlanListing;
import io.sterna.controller.execution.RelocationCommand.PlanPage;
import io.sterna.controller.execution.RelocationCommand.ProposePlan;
import io.sterna.controller.execution.RelocationCommand.RejectPlan;
import io.sterna.controller.execution.RelocationCommand.ShowPlan;
import io.sterna.controller.execution.RelocationCommand.StopPlan;
import java.util.List;
import java.util.Optional;

/** Answers where relocation is off. */
public final class NoRelocation {
  private NoRelocation() {}

  /** The behaviour. */
  public static Behavior<RelocationCommand> create() {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof ListPlans ask) {
            ask.replyTo().tell(new PlanListing(List.of()));
          } else if (message instanceof ShowPlan ask) {
            ask.replyTo().tell(new PlanPage(Optional.empty(), List.of()));
          } else if (message instanceof ProposePlan wish) {
            refuse(wish.replyTo());
          } else if (message instanceof ApprovePlan wish) {
            refuse(wish.replyTo());
          } else if (message instanceof RejectPlan wish) {
            refuse(wish.replyTo());
          } else if (message instanceof StopPlan wish) {
            refuse(wish.replyTo());
          }
          return Behaviors.same();
        });
  }

  private static void refuse(ActorRef<PlanChanged> who) {
    who.tell(
        new PlanChanged(
            Optional.empty(), false, "relocation is off: sterna.controller.relocation.enabled"));
  }
}
