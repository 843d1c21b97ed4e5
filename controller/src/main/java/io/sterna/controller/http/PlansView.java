package io.sterna.controller.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.sterna.controller.execution.RelocationCommand;
import io.sterna.controller.execution.RelocationCommand.ApprovePlan;
import io.sterna.controller.execution.RelocationCommand.ListPlans;
import io.sterna.controller.execution.RelocationCommand.PlanChanged;
import io.sterna.controller.execution.RelocationCommand.PlanListing;
import io.sterna.controller.execution.RelocationCommand.PlanPage;
import io.sterna.controller.execution.RelocationCommand.PlanSummary;
import io.sterna.controller.execution.RelocationCommand.ProposePlan;
import io.sterna.controller.execution.RelocationCommand.RejectPlan;
import io.sterna.controller.execution.RelocationCommand.ShowPlan;
import io.sterna.controller.execution.RelocationCommand.StepView;
import io.sterna.controller.execution.RelocationCommand.StopPlan;
import io.sterna.store.plan.PlanId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The plans of the cluster: asks who keeps them. */
public final class PlansView {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** A search takes a while. */
  private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(12);

  private final ActorSystem<?> system;
  private final ActorRef<RelocationCommand> relocation;

  /** Asks wherever in the cluster it is. */
  public PlansView(ActorSystem<?> system, ActorRef<RelocationCommand> relocation) {
    this.system = system;
    this.relocation = relocation;
  }

  /** A plan with all its steps. */
  record WholePlan(@JsonUnwrapped PlanSummary plan, List<StepView> steps) {}

  CompletionStage<PlanListing> list() {
    return ask(ListPlans::new, TIMEOUT);
  }

  /** Page by page; empty if there is none. */
  CompletionStage<Optional<WholePlan>> show(PlanId id) {
    return page(id, new ArrayList<>());
  }

  private CompletionStage<Optional<WholePlan>> page(PlanId id, List<StepView> before) {
    CompletionStage<PlanPage> page =
        ask(replyTo -> new ShowPlan(id, before.size(), replyTo), TIMEOUT);
    return page.thenCompose(
        found -> {
          before.addAll(found.steps());
          boolean isAll =
              found.plan().isEmpty()
                  || found.steps().isEmpty()
                  || before.size() >= found.plan().get().stepCount();
          return isAll
              ? CompletableFuture.completedFuture(
                  found.plan().map(plan -> new WholePlan(plan, before)))
              : page(id, before);
        });
  }

  CompletionStage<PlanChanged> propose(String by) {
    return ask(replyTo -> new ProposePlan(by, replyTo), SEARCH_TIMEOUT);
  }

  CompletionStage<PlanChanged> approve(PlanId id, String by) {
    return ask(replyTo -> new ApprovePlan(id, by, replyTo), TIMEOUT);
  }

  CompletionStage<PlanChanged> reject(PlanId id, String by) {
    return ask(replyTo -> new RejectPlan(id, by, replyTo), TIMEOUT);
  }

  CompletionStage<PlanChanged> stop(PlanId id, String by) {
    return ask(replyTo -> new StopPlan(id, by, replyTo), TIMEOUT);
  }

  private <T> CompletionStage<T> ask(
      Function<ActorRef<T>, RelocationCommand> message, Duration timeout) {
    return AskPattern.ask(relocation, message, timeout, system.scheduler());
  }
}
