package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a restore as they come, whatever their number: the first of them as a table, all of
 * them as JSON. What JSON shows is one document, whose list is {@code changes}.
 */
final class RestoreList {
  /** What a line is to people. */
  interface Columns {
    Table header();

    /** Adds a line; false = people need not see it. */
    boolean add(Table table, JsonNode line);
  }

  /** A change that would be made. */
  static final Columns PLANNED =
      new Columns() {
        @Override
        public Table header() {
          return new Table("ADDRESS", "FE NOW", "FE THEN", "MAC THEN", "VERSION", "RANGE");
        }

        @Override
        public boolean add(Table table, JsonNode line) {
          table.row(
              Json.cell(line, "address"),
              Json.cell(line.path("from"), "fe"),
              Json.cell(line.path("to"), "fe"),
              Json.cell(line.path("to"), "mac"),
              Json.cell(line, "expectedVersion"),
              Json.cell(line, "range"));
          return true;
        }
      };

  /** A change that was refused. */
  static final Columns REFUSED =
      new Columns() {
        @Override
        public Table header() {
          return new Table("ADDRESS", "OUTCOME", "REASON", "VERSION", "RANGE");
        }

        @Override
        public boolean add(Table table, JsonNode line) {
          if (!line.path("outcome").asText().equals("refused")) {
            return false;
          }
          String message = Json.cell(line, "message");
          table.row(
              Json.cell(line, "address"),
              Json.cell(line, "outcome"),
              Json.cell(line, "reason") + (message.isEmpty() ? "" : ": " + message),
              Json.cell(line, "version"),
              Json.cell(line, "range"));
          return true;
        }
      };

  private final ApiCommand api;
  private final int shownMax;
  private final @Nullable Columns columns;
  private int progressEvery;
  private long count;
  private int shown;
  private @Nullable JsonNode last;

  /** Asks and gives the lines of the answer to somebody. */
  interface Question {
    void ask(ApiClient.Lines lines) throws OperationFailedException;
  }

  /**
   * @param shownMax of a table; there is no limit to JSON
   */
  RestoreList(ApiCommand api, int shownMax, @Nullable Columns columns) {
    this.api = api;
    this.shownMax = shownMax;
    this.columns = columns;
  }

  /** Only the last line matters. */
  static RestoreList silent(ApiCommand api) {
    return new RestoreList(api, 0, null);
  }

  /** Says how far it is each time so many lines have come. */
  RestoreList withProgress(int every) {
    progressEvery = every;
    return this;
  }

  /**
   * Shows what comes.
   *
   * @param end the line that has to be the last
   * @return that line
   * @throws OperationFailedException if it does not come
   */
  JsonNode read(Question question, Predicate<JsonNode> end) throws OperationFailedException {
    Table table = columns == null ? null : columns.header();
    question.ask(line -> take(line, end, table));
    JsonNode found = last;
    if (found == null) {
      throw new OperationFailedException("the answer broke off after " + count + " changes");
    }
    if (columns != null && api.json()) {
      api.out().print(count == 0 ? "{\"changes\":[" : "");
      String rest = found.toString().substring(1);
      api.out().println("],\"" + (found.has("plan") ? "planned" : "sum") + "\":{" + rest + "}");
      api.out().flush();
    } else if (table != null && shown > 0) {
      api.show(table);
      if (count > shown && shown == shownMax) {
        api.note("only the first " + shown + " are shown; --output json shows all");
      }
    }
    return found;
  }

  private void take(JsonNode line, Predicate<JsonNode> end, @Nullable Table table)
      throws OperationFailedException {
    JsonNode error = line.path("error");
    if (error.isObject()) {
      throw new OperationFailedException(Json.cell(error, "message"));
    }
    if (end.test(line)) {
      last = line;
      return;
    }
    if (columns != null && api.json()) {
      api.out().print(count == 0 ? "{\"changes\":[" : ",");
      api.out().println(line);
    } else if (columns != null && table != null && shown < shownMax) {
      shown += columns.add(table, line) ? 1 : 0;
    }
    count++;
    if (progressEvery > 0 && count % progressEvery == 0) {
      api.note(count + " changes so far");
    }
  }
}
