package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code sterna audit verify} found, for people. */
final class AuditReport {
  private final JsonNode answer;

  AuditReport(JsonNode answer) {
    this.answer = answer;
  }

  int show(ApiCommand api) {
    long faults = answer.path("checkpoints").path("faults").size();
    long rows = 0;
    long files = 0;
    for (JsonNode range : answer.path("ranges")) {
      faults += range.path("faultCount").asLong();
      rows += range.path("intactRows").asLong();
      files += range.path("archives").asLong();
    }
    if (answer.path("ranges").isEmpty()) {
      api.note("no range was checked");
    }
    api.show(answer, each -> faults(each));
    JsonNode checkpoints = answer.path("checkpoints");
    if (checkpoints.hasNonNull("holds")) {
      api.note("the export holds ranges of " + checkpoints.path("holds").asText() + " only");
    }
    boolean unchecked = checkpoints.hasNonNull("note");
    String sum =
        "%d rows of %d ranges are intact, %d archive files, %s; %s"
            .formatted(
                rows,
                answer.path("ranges").size(),
                files,
                unchecked
                    ? "checkpoints were " + checkpoints.path("note").asText()
                    : checkpoints.path("count").asLong() + " checkpoints",
                wrong(faults, unchecked));
    api.note(sum);
    // That nothing was looked at is no proof that all is well.
    return faults == 0 && !answer.path("ranges").isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private static String wrong(long faults, boolean unchecked) {
    if (faults > 0) {
      return faults + " faults";
    }
    return unchecked ? "nothing else is wrong" : "nothing is wrong";
  }

  private static Table faults(JsonNode answer) {
    Table table = new Table("RANGE", "FAULT", "ROWS", "REVISIONS", "WHY");
    for (JsonNode each : answer.path("checkpoints").path("faults")) {
      table.row("", "checkpoint", "", "", each.asText());
    }
    if (answer.path("checkpoints").hasNonNull("note")) {
      String note = answer.path("checkpoints").path("note").asText();
      table.row("", "(not checked)", "", "", "checkpoints were " + note);
    }
    for (JsonNode range : answer.path("ranges")) {
      for (JsonNode fault : range.path("faults")) {
        table.row(
            Json.cell(range, "range"),
            Json.cell(fault, "kind"),
            span(fault, "firstRow", "lastRow"),
            span(fault, "firstRevision", "lastRevision"),
            Json.cell(fault, "reason"));
      }
    }
    return table;
  }

  private static String span(JsonNode fault, String first, String last) {
    long from = fault.path(first).asLong();
    long to = fault.path(last).asLong();
    return to <= from ? String.valueOf(from) : from + "-" + to;
  }
}
