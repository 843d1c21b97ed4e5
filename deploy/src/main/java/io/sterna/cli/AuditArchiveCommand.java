package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sterna audit archive}: old rows go from the journal to files. */
@Command(
    name = "archive",
    description = {
      "Move old rows from the journal to compressed files in the folder of the controller that is asked",
      "(audit.archive.folder), and show what was moved. Each file is read back and checked before the first",
      "of its rows is removed. All other commands read files and journal as one. Of each range the rows",
      "before the older of its two newest snapshots may go, if the record is whole up to there.",
      "Goes on at the controller if this command is ended. Exit status 1 if a range could not be archived."
    },
    footer = {
      "",
      "Examples:",
      "  sterna audit archive --older-than 90d --dry-run",
      "  sterna audit archive --older-than 90d",
      "  sterna audit archive --status --output json"
    })
final class AuditArchiveCommand implements Callable<Integer> {
  private static final long LOOK_EVERY_MILLIS = 500;

  private final ApiCommand api;

  @Option(
      names = "--older-than",
      converter = ArgumentTypes.Time.class,
      paramLabel = "AGE",
      description = "Only rows older than this: 12h, 90d. Default: audit.archive.older-than.")
  @Nullable String olderThan;

  @Option(names = "--dry-run", description = "Only say what would be moved.")
  boolean dryRun;

  @Option(names = "--status", description = "Begin nothing: show the newest run, or how far it is.")
  boolean statusOnly;

  AuditArchiveCommand(ApiCommand api) {
    this.api = api;
  }

  @Override
  public Integer call() throws OperationFailedException {
    JsonNode status =
        statusOnly ? api.client().audit("archive", Map.of()) : await(api.client().archive(asked()));
    api.show(status, AuditArchiveCommand::table);
    spared(status)
        .forEach((why, ranges) -> api.note(ranges + " ranges have none to archive: " + why));
    long rows = 0;
    long wrong = 0;
    for (JsonNode each : status.path("outcomes")) {
      rows += each.path("rows").asLong();
      wrong += each.path("wrong").asText().isEmpty() ? 0 : 1;
    }
    String failure = status.path("failure").asText();
    api.note(
        "%s%s: %d of %d ranges, %d rows %s%s"
            .formatted(
                status.path("phase").asText(),
                asker(status),
                status.path("rangesDone").asLong(),
                status.path("ranges").asLong(),
                rows,
                status.path("dryRun").asBoolean() ? "would be archived" : "were archived",
                failure.isEmpty() ? "" : "; " + failure));
    return failure.isEmpty() && wrong == 0 ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private static String asker(JsonNode status) {
    String by = Json.cell(status, "by");
    String from = Json.cell(status, "from");
    return by.isEmpty() ? "" : ", asked by " + by + (from.isEmpty() ? "" : " from " + from);
  }

  private Map<String, String> asked() {
    Map<String, String> asked = new TreeMap<>();
    if (olderThan != null) {
      asked.put("older-than", olderThan);
    }
    asked.put("dry-run", String.valueOf(dryRun));
    return asked;
  }

  private JsonNode await(JsonNode begun) throws OperationFailedException {
    JsonNode status = begun;
    long told = 0;
    while (status.path("phase").asText().equals("running")) {
      long done = status.path("rangesDone").asLong();
      if (done > told) {
        told = done;
        api.note("%d of %d ranges".formatted(done, status.path("ranges").asLong()));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OperationFailedException("interrupted; the controller goes on", e);
      }
      status = api.client().audit("archive", Map.of());
    }
    return status;
  }

  /** Nothing was to be done there: one line for all of them says why. */
  private static boolean isSpared(JsonNode outcome) {
    return outcome.path("rows").asLong() == 0 && Json.cell(outcome, "wrong").isEmpty();
  }

  private static Map<String, Long> spared(JsonNode status) {
    Map<String, Long> ranges = new TreeMap<>();
    for (JsonNode each : status.path("outcomes")) {
      if (isSpared(each)) {
        String note = Json.cell(each, "note");
        ranges.merge(note.isEmpty() ? "no row is old enough" : note, 1L, Long::sum);
      }
    }
    return ranges;
  }

  private static Table table(JsonNode status) {
    Table table =
        new Table("RANGE", "ROWS", "BYTES", "FILES", "FILE BYTES", "ARCHIVED TO", "REMARK");
    for (JsonNode each : status.path("outcomes")) {
      String wrong = Json.cell(each, "wrong");
      if (isSpared(each)) {
        continue;
      }
      table.row(
          Json.cell(each, "range"),
          Json.cell(each, "rows"),
          Json.cell(each, "rowBytes"),
          Json.cell(each, "files"),
          Json.cell(each, "fileBytes"),
          Json.cell(each, "archivedTo"),
          wrong.isEmpty() ? Json.cell(each, "note") : wrong);
    }
    return table;
  }
}
