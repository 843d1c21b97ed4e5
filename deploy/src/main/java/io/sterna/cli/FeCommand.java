package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.protocol.FeId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sterna fe}: the role with {@code --config}, else questions about forwarding elements. */
@Command(
    name = "fe",
    description = {
      "Run a forwarding element, or ask about them.",
      "The role needs root: it writes routes and listens to announcements. When it stops, devices and routes",
      "stay, so that VMs stay reachable until it is back. To retire an element remove them, see the README."
    },
    footer = {
      "",
      "Examples:",
      "  sterna fe --config /etc/sterna/fe.conf",
      "  sterna fe list",
      "  sterna fe show fe1 --output json"
    })
final class FeCommand implements Callable<Integer> {
  private final ApiCommand api;
  private final Roles roles;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "Run the role with this file.")
  private @Nullable Path config;

  FeCommand(ApiCommand api, Roles roles) {
    this.api = api;
    this.roles = roles;
  }

  @Override
  public Integer call() throws Exception {
    if (config == null) {
      throw new ParameterException(spec.commandLine(), "expected --config FILE, or list or show");
    }
    roles.forwardingElement(config);
    return ExitStatus.DONE;
  }

  @Command(
      name = "list",
      description = "Every forwarding element.",
      footer = {"", "Examples:", "  sterna fe list", "  sterna fe list --output json"})
  int list() throws OperationFailedException {
    api.show(api.client().forwardingElements(), answer -> table(answer.path("forwardingElements")));
    return ExitStatus.DONE;
  }

  @Command(
      name = "show",
      description = {
        "One forwarding element: per range, what is committed and what it has applied.",
        "Exit status 1 if it is unknown."
      },
      footer = {"", "Examples:", "  sterna fe show fe1"})
  int show(@Parameters(paramLabel = "ID", description = "Its name, as in 'fe list'.") FeId id)
      throws OperationFailedException {
    JsonNode fe = api.client().forwardingElement(id.value());
    if (api.csv()) {
      csv(fe).printCsv(api.out());
      return ExitStatus.DONE;
    }
    if (api.json()) {
      Json.print(fe, api.out());
      return ExitStatus.DONE;
    }
    table(List.of(fe)).print(api.out());
    List<String> sessions = new ArrayList<>();
    fe.path("sessions").forEach(each -> sessions.add(each.asText("")));
    api.out().println();
    api.out().println("sessions: " + (sessions.isEmpty() ? "none" : String.join(" ", sessions)));
    api.out().println();
    ranges(fe.path("ranges")).print(api.out());
    return ExitStatus.DONE;
  }

  static Table table(Iterable<JsonNode> elements) {
    Table table = new Table("FE", "SITE", "UNDERLAY", "CONNECTED", "IN-SYNC");
    for (JsonNode each : elements) {
      table.row(
          Json.cell(each, "id"),
          Json.cell(each, "site"),
          Json.cell(each, "underlay"),
          Json.cell(each, "connected"),
          Json.cell(each, "inSync"));
    }
    return table;
  }

  /** One table: the element stands in each row of its ranges. */
  private static Table csv(JsonNode fe) {
    Table table =
        new Table(
            "FE",
            "SITE",
            "UNDERLAY",
            "CONNECTED",
            "IN-SYNC",
            "SESSIONS",
            "RANGE",
            "EPOCH",
            "COMMITTED",
            "APPLIED");
    List<String> sessions = new ArrayList<>();
    fe.path("sessions").forEach(each -> sessions.add(each.asText("")));
    JsonNode ranges = fe.path("ranges");
    for (int i = 0; i < Math.max(1, ranges.size()); i++) {
      JsonNode range = ranges.path(i);
      table.row(
          Json.cell(fe, "id"),
          Json.cell(fe, "site"),
          Json.cell(fe, "underlay"),
          Json.cell(fe, "connected"),
          Json.cell(fe, "inSync"),
          String.join(" ", sessions),
          Json.cell(range, "range"),
          Json.cell(range, "epoch"),
          Json.cell(range, "committedRevision"),
          Json.cell(range, "appliedRevision"));
    }
    return table;
  }

  private static Table ranges(JsonNode ranges) {
    Table table = new Table("RANGE", "EPOCH", "COMMITTED", "APPLIED");
    for (JsonNode each : ranges) {
      table.row(
          Json.cell(each, "range"),
          Json.cell(each, "epoch"),
          Json.cell(each, "committedRevision"),
          Json.cell(each, "appliedRevision"));
    }
    return table;
  }
}
