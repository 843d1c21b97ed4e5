package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sterna vm}: where virtual machines are attached. */
@Command(
    name = "vm",
    description = "Where virtual machines are attached.",
    footer = {
      "",
      "Examples:",
      "  sterna vm list",
      "  sterna vm list --prefix 10.10.16.0/20 --output json",
      "  sterna vm show 10.10.1.11",
      "  sterna vm clear-damping 10.10.1.11"
    })
final class VmCommand {
  private final ApiCommand api;

  /** As the API names them. */
  enum State {
    active,
    inactive,
    damped
  }

  VmCommand(ApiCommand api) {
    this.api = api;
  }

  @Command(
      name = "list",
      description = "Every known virtual machine.",
      footer = {
        "",
        "Examples:",
        "  sterna vm list --fe fe2",
        "  sterna vm list --prefix fd0a:10::/112",
        "  sterna vm list --state damped --limit 20"
      })
  int list(
      @Option(
              names = "--prefix",
              paramLabel = "PREFIX",
              description = "Only addresses in this prefix.")
          @Nullable IpPrefix prefix,
      @Option(names = "--fe", paramLabel = "ID", description = "Only those attached to this one.")
          @Nullable FeId fe,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = {
                "Only those in this state: active, inactive (the VM does not answer)",
                "or damped (it moved too often and stays where it is)."
              })
          @Nullable State state,
      @Option(
              names = "--limit",
              converter = ArgumentTypes.Count.class,
              paramLabel = "N",
              description = "The first N by address. Default: all.")
          @Nullable Integer limit)
      throws OperationFailedException {
    Map<String, String> filter = new HashMap<>();
    if (limit != null) {
      filter.put("limit", String.valueOf(limit));
    }
    if (prefix != null) {
      filter.put("prefix", prefix.toString());
    }
    if (fe != null) {
      filter.put("fe", fe.value());
    }
    if (state != null) {
      filter.put("state", state.name());
    }
    JsonNode found = api.client().bindings(filter);
    if (fe != null && found.path("bindings").isEmpty()) {
      api.note(Inventory.note(api.client(), fe.value(), null));
    }
    api.show(found, answer -> table(answer.path("bindings")));
    return ExitStatus.DONE;
  }

  @Command(
      name = "show",
      description = {
        "One virtual machine. Exit status 1 if it is unknown.",
        "Of one that is damped, STATE says in how long it may move again by itself."
      },
      footer = {"", "Examples:", "  sterna vm show 10.10.1.11", "  sterna vm show fd0a:10::111"})
  int show(@Parameters(paramLabel = "ADDRESS", description = "IPv4 or IPv6.") IpAddress address)
      throws OperationFailedException {
    api.show(api.client().binding(address.toString()), answer -> table(List.of(answer)));
    return ExitStatus.DONE;
  }

  @Command(
      name = "clear-damping",
      description = {
        "Let an address move again that moved too often and is damped.",
        "Exit status 1 if it is not damped."
      },
      footer = {
        "",
        "Examples:",
        "  sterna vm clear-damping 10.10.1.11",
        "  sterna vm clear-damping 10.10.1.11 --why 'its switch was replaced'"
      })
  int clearDamping(
      @Parameters(paramLabel = "ADDRESS", description = "IPv4 or IPv6.") IpAddress address,
      @Option(
              names = "--why",
              converter = ArgumentTypes.Why.class,
              defaultValue = "",
              paramLabel = "TEXT",
              description = "Put on record with it: one line, 200 characters at most.")
          String why)
      throws OperationFailedException {
    api.show(
        api.client().clearDamping(address.toString(), why),
        answer -> {
          Table table = new Table("ADDRESS", "RANGE");
          table.row(Json.cell(answer, "address"), Json.cell(answer, "range"));
          return table;
        });
    return ExitStatus.DONE;
  }

  private static Table table(Iterable<JsonNode> bindings) {
    Table table = new Table("ADDRESS", "FE", "SITE", "MAC", "VERSION", "STATE", "RANGE");
    for (JsonNode each : bindings) {
      table.row(
          Json.cell(each, "address"),
          Json.cell(each, "fe"),
          Json.cell(each, "site"),
          Json.cell(each, "mac"),
          Json.cell(each, "version"),
          state(each),
          Json.cell(each, "range"));
    }
    return table;
  }

  /** And how long yet, if it passes by itself. */
  private static String state(JsonNode binding) {
    JsonNode seconds = binding.path("dampedForSeconds");
    String state = Json.cell(binding, "state");
    return seconds.isNumber() ? state + ", free in " + seconds.asText() + " s" : state;
  }
}
