package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.loadgen.replay.Outcome;
import io.sterna.loadgen.replay.Violation;
import io.sterna.replay.ReplayRun;
import io.sterna.replay.ReplaySpool;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;

/** What {@code sterna audit replay} showed. */
final class ReplayReport {
  private final ObjectNode answer;

  ReplayReport(ObjectNode answer) {
    this.answer = answer;
  }

  static ObjectNode answer(
      ReplaySpool spool, long fromMillis, long toMillis, String speed, ReplayRun.Result result) {
    Outcome outcome = result.outcome();
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("from", iso(fromMillis));
    answer.put("to", iso(toMillis));
    answer.put("complete", result.complete());
    answer.put("reached", iso(result.reachedMillis()));
    answer.put("speed", speed);
    answer.put("seconds", result.seconds());
    answer.put("changesPerSecond", outcome.changes() / Math.max(1e-9, result.seconds()));
    answer.put("ranges", spool.ranges().size());
    answer.put("vms", spool.vms().size());
    ArrayNode elements = answer.putArray("elements");
    spool.elements().forEach(each -> elements.add(each.value()));
    answer.put("rows", outcome.rows());
    answer.put("changes", outcome.changes());
    answer.put("moves", outcome.moves());
    answer.put("refusals", outcome.refusals());
    answer.put("takeovers", outcome.takeovers());
    answer.put("dropped", outcome.dropped());
    answer.put("resyncs", outcome.resyncs());
    // Not "checkpoints": those are what was signed.
    answer.put("comparisons", outcome.checkpoints());
    clocks(answer.putObject("clocksBack"), outcome.clocks());
    ObjectNode invariants = answer.putObject("invariants");
    outcome.invariants().forEach(invariants::put);
    ArrayNode violations = answer.putArray("violations");
    outcome.violations().forEach(each -> violation(violations.addObject(), each));
    ArrayNode late = answer.putArray("late");
    outcome.late().forEach(each -> late(late.addObject(), each));
    return answer;
  }

  private static void clocks(ObjectNode view, Outcome.ClocksBack clocks) {
    view.put("rows", clocks.rows());
    if (clocks.range() != null) {
      view.put("mostMillis", clocks.mostMillis());
      view.put("range", clocks.range().toString());
      view.put("row", clocks.row());
    }
  }

  private static void violation(ObjectNode view, Violation violation) {
    view.put("invariant", violation.invariant());
    view.put("at", iso(violation.atEpochMillis()));
    if (violation.range() != null) {
      view.put("range", violation.range().toString());
      view.put("row", violation.row());
      view.put("revision", violation.revision());
    }
    if (violation.address() != null) {
      view.put("address", violation.address().toString());
    }
    if (violation.element() != null) {
      view.put("element", violation.element().value());
    }
    view.put("what", violation.what());
  }

  private static void late(ObjectNode view, Outcome.LateElement late) {
    view.put("element", late.element().value());
    view.put("delayMillis", late.delayMillis());
    view.put("moves", late.moves());
    view.put("windows", late.windows());
    view.put("sumMillis", late.sumMillis());
    view.put("longestMillis", late.longestMillis());
    if (late.longest() != null) {
      view.put("longest", late.longest().toString());
    }
  }

  /** A document, or tables; as CSV the violations only. */
  void show(ApiCommand api) {
    if (api.json()) {
      Json.print(answer, api.out());
      return;
    }
    if (api.csv()) {
      violations().printCsv(api.out());
      return;
    }
    PrintWriter out = api.out();
    sums().print(out);
    out.println();
    invariants().print(out);
    if (!answer.path("violations").isEmpty()) {
      out.println();
      violations().print(out);
    }
    if (!answer.path("late").isEmpty()) {
      out.println();
      late().print(out);
    }
    JsonNode clocks = answer.path("clocksBack");
    if (clocks.path("rows").asLong() > 0) {
      api.note(
          "%s rows are of an owner whose clock was behind that of a row before, by at most %s ms: row %s of %s"
              .formatted(
                  Json.cell(clocks, "rows"),
                  Json.cell(clocks, "mostMillis"),
                  Json.cell(clocks, "row"),
                  Json.cell(clocks, "range")));
    }
    if (!answer.path("complete").asBoolean()) {
      api.note("ended early, at " + Json.cell(answer, "reached"));
    }
  }

  private Table sums() {
    Table table =
        new Table(
            "FROM",
            "TO",
            "RANGES",
            "ELEMENTS",
            "VMS",
            "ROWS",
            "CHANGES",
            "MOVES",
            "REFUSALS",
            "TAKEOVERS",
            "SECONDS",
            "CHANGES/S");
    table.row(
        Json.cell(answer, "from"),
        Json.cell(answer, answer.path("complete").asBoolean() ? "to" : "reached"),
        Json.cell(answer, "ranges"),
        String.valueOf(answer.path("elements").size()),
        Json.cell(answer, "vms"),
        Json.cell(answer, "rows"),
        Json.cell(answer, "changes"),
        Json.cell(answer, "moves"),
        Json.cell(answer, "refusals"),
        Json.cell(answer, "takeovers"),
        "%.2f".formatted(answer.path("seconds").asDouble()),
        String.format(Locale.ROOT, "%.0f", answer.path("changesPerSecond").asDouble()));
    return table;
  }

  private Table invariants() {
    Table table = new Table("INVARIANT", "HOLDS", "VIOLATIONS");
    answer
        .path("invariants")
        .properties()
        .forEach(
            each ->
                table.row(
                    each.getKey(),
                    each.getValue().asLong() == 0 ? "yes" : "no",
                    each.getValue().asText()));
    return table;
  }

  private Table violations() {
    Table table =
        new Table("INVARIANT", "TIME", "RANGE", "ROW", "REVISION", "ADDRESS", "ELEMENT", "WHAT");
    for (JsonNode each : answer.path("violations")) {
      table.row(
          Json.cell(each, "invariant"),
          Json.cell(each, "at"),
          Json.cell(each, "range"),
          Json.cell(each, "row"),
          Json.cell(each, "revision"),
          Json.cell(each, "address"),
          Json.cell(each, "element"),
          Json.cell(each, "what"));
    }
    return table;
  }

  private Table late() {
    Table table =
        new Table("LATE ELEMENT", "MS", "MOVES", "WINDOWS", "MS ALL", "MS LONGEST", "LONGEST");
    for (JsonNode each : answer.path("late")) {
      table.row(
          Json.cell(each, "element"),
          Json.cell(each, "delayMillis"),
          Json.cell(each, "moves"),
          Json.cell(each, "windows"),
          Json.cell(each, "sumMillis"),
          Json.cell(each, "longestMillis"),
          Json.cell(each, "longest"));
    }
    return table;
  }

  private static String iso(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }
}
