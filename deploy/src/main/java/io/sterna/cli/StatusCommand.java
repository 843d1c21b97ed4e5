package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sterna status}: the whole network at a glance. */
@Command(
    name = "status",
    description = {
      "The whole network at a glance.",
      "Health, controllers, ranges with their owners, forwarding elements. P99 MS of a range: 99 %% of",
      "its changes took no longer from committed to installed at every element, as elements report it.",
      "Exit status 1 if something is degraded."
    },
    footer = {
      "",
      "Examples:",
      "  sterna status",
      "  sterna status --api http://10.0.0.5:8080 --output json"
    })
final class StatusCommand implements Callable<Integer> {
  private static final int HASH_CHARACTERS = 12;

  private final ApiCommand api;

  StatusCommand(ApiCommand api) {
    this.api = api;
  }

  @Override
  public Integer call() throws OperationFailedException {
    api.refuseCsv();
    ApiClient client = api.client();
    ObjectNode all = Json.MAPPER.createObjectNode();
    all.set("health", client.health());
    all.set("members", client.members().path("members"));
    all.set("ranges", client.ranges().path("ranges"));
    all.set("forwardingElements", client.forwardingElements().path("forwardingElements"));
    String silent = silent(all.path("forwardingElements"));
    JsonNode health = all.path("health");
    if (!silent.isEmpty() && health instanceof ObjectNode object) {
      // The controllers are well without elements; the network is not.
      object.put("status", "degraded");
      object.withObject("checks").put("forwarding-elements", "no session: " + silent);
    }
    if (api.json()) {
      Json.print(all, api.out());
    } else {
      print(all, api.out());
    }
    boolean healthy = all.path("health").path("status").asText("").equals("ok");
    return healthy ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private static String silent(JsonNode elements) {
    List<String> silent = new ArrayList<>();
    for (JsonNode each : elements) {
      if (!each.path("connected").asBoolean()) {
        silent.add(each.path("id").asText(""));
      }
    }
    return String.join(", ", silent);
  }

  private static void print(ObjectNode all, PrintWriter out) {
    out.println("health: " + Json.cell(all.path("health"), "status"));
    all.path("health")
        .path("checks")
        .properties()
        .forEach(check -> out.println("  " + check.getKey() + ": " + check.getValue().asText("")));
    out.println();
    members(all.path("members")).print(out);
    out.println();
    ranges(all.path("ranges")).print(out);
    out.println();
    FeCommand.table(all.path("forwardingElements")).print(out);
  }

  private static Table members(JsonNode members) {
    Table table = new Table("CONTROLLER", "ADDRESS", "STATUS", "REACHABLE", "OLDEST");
    for (JsonNode each : members) {
      table.row(
          Json.cell(each, "id"),
          Json.cell(each, "address"),
          Json.cell(each, "status"),
          Json.cell(each, "reachable"),
          Json.cell(each, "oldest"));
    }
    return table;
  }

  private static Table ranges(JsonNode ranges) {
    Table table =
        new Table(
            "RANGE",
            "OWNER",
            "EPOCH",
            "REVISION",
            "BINDINGS",
            "INACTIVE",
            "DAMPED",
            "P99 MS",
            "HASH");
    for (JsonNode each : ranges) {
      table.row(
          Json.cell(each, "range"),
          Json.cell(each, "owner"),
          Json.cell(each, "epoch"),
          Json.cell(each, "revision"),
          Json.cell(each, "bindings"),
          Json.cell(each, "inactive"),
          Json.cell(each, "damped"),
          milliseconds(each.path("convergence").path("p99Ms")),
          shortened(Json.cell(each, "hash")));
    }
    return table;
  }

  private static String milliseconds(JsonNode value) {
    return value.isNumber() ? "%.1f".formatted(value.asDouble()) : "-";
  }

  /** Enough to compare by eye; JSON has all of it. */
  private static String shortened(String hash) {
    return hash.substring(0, Math.min(hash.length(), HASH_CHARACTERS));
  }
}
