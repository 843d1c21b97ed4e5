package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.store.plan.PlanId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sterna relocation}: plans that move VMs to where their traffic is. */
@Command(
    name = "relocation",
    description = {
      "Plans that move VMs to where their traffic is: the controllers propose them, somebody",
      "approves them, and they are executed step by step. ('sterna plan' tries it on files.)"
    },
    footer = {
      "",
      "Examples:",
      "  sterna relocation list",
      "  sterna relocation show 17",
      "  sterna relocation propose",
      "  sterna relocation approve 17",
      "  sterna relocation stop 17 --output json"
    })
final class RelocationCommand {
  private final ApiCommand api;

  RelocationCommand(ApiCommand api) {
    this.api = api;
  }

  @Command(
      name = "list",
      description = "The latest plans, latest first: what became of them, cost before and after.",
      footer = {
        "",
        "Examples:",
        "  sterna relocation list",
        "  sterna relocation list --output json"
      })
  int list() throws OperationFailedException {
    api.show(api.client().plans(), answer -> plans(answer.path("plans")));
    return ExitStatus.DONE;
  }

  @Command(
      name = "show",
      description = {
        "A plan and its steps: who moves where and why, cost before and after, what became of it.",
        "Exit status 1 if there is no such plan."
      },
      footer = {"", "Examples:", "  sterna relocation show 17"})
  int show(@Parameters(paramLabel = "ID", description = "The plan's number.") PlanId id)
      throws OperationFailedException {
    JsonNode plan = api.client().plan(id.number());
    if (!api.json() && !api.csv()) {
      plans(List.of(plan)).print(api.out());
      api.out().println();
    }
    api.show(plan, answer -> steps(answer.path("steps")));
    return ExitStatus.DONE;
  }

  @Command(
      name = "propose",
      description = {
        "Have a plan looked for now, however little it gains. Exit status 1 if no move pays, or",
        "another plan is open."
      },
      footer = {"", "Examples:", "  sterna relocation propose"})
  int propose() throws OperationFailedException {
    return changed(api.client().proposePlan(user()));
  }

  @Command(
      name = "approve",
      description = "Let a proposed plan be executed. Each step is checked once more before.",
      footer = {"", "Examples:", "  sterna relocation approve 17"})
  int approve(@Parameters(paramLabel = "ID", description = "The plan's number.") PlanId id)
      throws OperationFailedException {
    return changed(api.client().changePlan(id.number(), "approve", user()));
  }

  @Command(
      name = "reject",
      description = "Do not execute a proposed plan.",
      footer = {"", "Examples:", "  sterna relocation reject 17"})
  int reject(@Parameters(paramLabel = "ID", description = "The plan's number.") PlanId id)
      throws OperationFailedException {
    return changed(api.client().changePlan(id.number(), "reject", user()));
  }

  @Command(
      name = "stop",
      description = {
        "End a plan. The step that is under way is cancelled, if it is not too late, else finished;",
        "what was moved stays where it is."
      },
      footer = {"", "Examples:", "  sterna relocation stop 17"})
  int stop(@Parameters(paramLabel = "ID", description = "The plan's number.") PlanId id)
      throws OperationFailedException {
    return changed(api.client().changePlan(id.number(), "stop", user()));
  }

  private int changed(JsonNode plan) {
    api.show(plan, answer -> plans(List.of(answer)));
    return ExitStatus.DONE;
  }

  /** Written down with what was asked: for people, not proven. */
  private static String user() {
    String name = System.getProperty("user.name", "");
    return name.isBlank() ? "operator" : name;
  }

  private static Table plans(Iterable<JsonNode> plans) {
    Table table =
        new Table(
            "PLAN",
            "STATE",
            "PROPOSED",
            "TRIGGER",
            "STEPS",
            "DONE",
            "COST BEFORE",
            "COST AFTER",
            "APPROVED BY",
            "REASON");
    for (JsonNode each : plans) {
      table.row(
          Json.cell(each, "id"),
          Json.cell(each, "state"),
          time(each, "proposedAtMillis"),
          Json.cell(each, "trigger"),
          Json.cell(each, "stepCount"),
          Json.cell(each, "done"),
          cost(each, "costBefore"),
          cost(each, "costAfter"),
          Json.cell(each, "approvedBy"),
          Json.cell(each, "reason"));
    }
    return table;
  }

  private static Table steps(Iterable<JsonNode> steps) {
    Table table =
        new Table(
            "STEP",
            "VM",
            "FROM",
            "TO",
            "MIB",
            "STATE",
            "COST BEFORE",
            "COST AFTER",
            "WHY",
            "DETAIL");
    for (JsonNode each : steps) {
      table.row(
          Json.cell(each, "step"),
          Json.cell(each, "vm"),
          Json.cell(each, "from"),
          Json.cell(each, "to"),
          Json.cell(each, "memoryMib"),
          Json.cell(each, "state"),
          cost(each, "costBefore"),
          cost(each, "costAfter"),
          Json.cell(each, "reason"),
          Json.cell(each, "detail"));
    }
    return table;
  }

  private static String cost(JsonNode object, String field) {
    return "%.6g".formatted(object.path(field).asDouble());
  }

  private static String time(JsonNode object, String field) {
    long millis = object.path(field).asLong();
    return millis == 0
        ? ""
        : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
