package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.protocol.IpAddress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sterna traffic}: who sends how much to whom. */
@Command(
    name = "traffic",
    description = {
      "Who sends how much to whom, as the hosts count it.",
      "Rates are of IP packets and fade with traffic.time-constant of the controllers."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  sterna traffic links",
      "  sterna traffic top --limit 50 --sort packets",
      "  sterna traffic vm 10.10.1.11 --output json"
    })
final class TrafficCommand {
  private final ApiCommand api;

  /** As the API names them. */
  enum LinkSort {
    mbps,
    load,
    name
  }

  /** As the API names them. */
  enum PairSort {
    mbps,
    packets
  }

  TrafficCommand(ApiCommand api) {
    this.api = api;
  }

  /** Which pairs, and in which order. */
  static final class PairChoice {
    @Option(
        names = "--limit",
        converter = ArgumentTypes.PairCount.class,
        defaultValue = "20",
        paramLabel = "N",
        description = "The most pairs, up to 1000. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
        names = "--sort",
        defaultValue = "mbps",
        paramLabel = "KEY",
        description = "mbps or packets. Default: ${DEFAULT-VALUE}.")
    private PairSort sort = PairSort.mbps;

    Map<String, String> filter() {
      return Map.of("limit", String.valueOf(limit), "sort", sort.name());
    }
  }

  @Command(
      name = "links",
      description = {
        "What goes between the data centers, and who reports it.",
        "MBPS: what VMs at one send to VMs at the other. CARRIED: what the link between the two carries,",
        "by the path of least RTT, with what only passes there; LOAD: its part of the capacity. Both need",
        "sterna.controller.network."
      },
      footer = {
        "",
        "Examples:",
        "  sterna traffic links",
        "  sterna traffic links --sort load --output json"
      })
  int links(
      @Option(
              names = "--sort",
              defaultValue = "mbps",
              paramLabel = "KEY",
              description = "mbps, load or name. Default: ${DEFAULT-VALUE}.")
          LinkSort sort)
      throws OperationFailedException {
    api.refuseCsv();
    JsonNode answer = api.client().traffic("links", Map.of("sort", sort.name()));
    if (api.json()) {
      Json.print(answer, api.out());
      return ExitStatus.DONE;
    }
    PrintWriter out = api.out();
    out.printf(
        Locale.ROOT,
        "collected by %s since %s: %s Mbit/s in all, %s of it in small pairs that are not listed%n",
        Json.cell(answer, "collector"),
        Json.cell(answer, "since"),
        rate(answer.path("total"), "mbps"),
        rate(answer.path("unlisted"), "mbps"));
    out.println();
    elements(answer.path("elements")).print(out);
    out.println();
    links(answer.path("links")).print(out);
    return ExitStatus.DONE;
  }

  @Command(
      name = "top",
      description = "The pairs that send most; a block like 198.51.100.0/24 are clients outside.",
      footer = {
        "",
        "Examples:",
        "  sterna traffic top",
        "  sterna traffic top --limit 100 --sort packets --output json"
      })
  int top(@Mixin PairChoice choice) throws OperationFailedException {
    api.show(api.client().traffic("top", choice.filter()), answer -> pairs(answer.path("pairs")));
    return ExitStatus.DONE;
  }

  @Command(
      name = "vm",
      description = {
        "What one virtual machine sends and gets, and whom it talks with.",
        "Exit status 1 if nothing was heard of it."
      },
      footer = {
        "",
        "Examples:",
        "  sterna traffic vm 10.10.1.11",
        "  sterna traffic vm fd0a:10::111 --limit 5"
      })
  int vm(
      @Parameters(paramLabel = "ADDRESS", description = "IPv4 or IPv6.") IpAddress address,
      @Mixin PairChoice choice)
      throws OperationFailedException {
    api.refuseCsv();
    JsonNode answer = api.client().trafficOf(address.toString(), choice.filter());
    if (api.json()) {
      Json.print(answer, api.out());
      return ExitStatus.DONE;
    }
    Table table =
        new Table("ADDRESS", "SITE", "SENT MBPS", "PACKETS/S", "RECEIVED MBPS", "PACKETS/S");
    table.row(
        Json.cell(answer, "address"),
        Json.cell(answer, "site"),
        rate(answer.path("sent"), "mbps"),
        rate(answer.path("sent"), "packetsPerSec"),
        rate(answer.path("received"), "mbps"),
        rate(answer.path("received"), "packetsPerSec"));
    table.print(api.out());
    api.out().println();
    pairs(answer.path("peers")).print(api.out());
    return ExitStatus.DONE;
  }

  private static Table elements(JsonNode elements) {
    Table table = new Table("FE", "SITE", "REPORTS", "SECONDS AGO", "BYTES", "PACKETS");
    for (JsonNode each : elements) {
      boolean heard = each.path("heard").asBoolean();
      table.row(
          Json.cell(each, "fe"),
          Json.cell(each, "site"),
          Json.cell(each, "heard"),
          heard ? "%.1f".formatted(each.path("secondsAgo").asDouble()) : "",
          Json.cell(each, "bytes"),
          Json.cell(each, "packets"));
    }
    return table;
  }

  private static Table links(JsonNode links) {
    Table table = new Table("FROM", "TO", "MBPS", "PACKETS/S", "CARRIED", "CAPACITY", "LOAD");
    for (JsonNode each : links) {
      table.row(
          Json.cell(each, "from"),
          Json.cell(each, "to"),
          rate(each, "mbps"),
          rate(each, "packetsPerSec"),
          rate(each, "carriedMbps"),
          Json.cell(each, "capacityMbps"),
          each.path("load").isNumber()
              ? "%.1f %%".formatted(100 * each.path("load").asDouble())
              : "");
    }
    return table;
  }

  private static Table pairs(JsonNode pairs) {
    Table table = new Table("SOURCE", "SITE", "DESTINATION", "SITE", "MBPS", "PACKETS/S");
    for (JsonNode each : pairs) {
      table.row(
          Json.cell(each, "source"),
          Json.cell(each, "sourceSite"),
          Json.cell(each, "destination"),
          Json.cell(each, "destinationSite"),
          rate(each, "mbps"),
          rate(each, "packetsPerSec"));
    }
    return table;
  }

  /** Three digits behind the point; empty if it is not there. */
  private static String rate(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isNumber() ? String.format(Locale.ROOT, "%.3f", value.asDouble()) : "";
  }
}
