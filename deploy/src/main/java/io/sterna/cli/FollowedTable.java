package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries of the log as they come, in the form that was asked for. How wide columns have to be
 * nobody knows yet: each is as wide as it ever was.
 */
final class FollowedTable {
  /** The columns of the log, whether it is followed or not. */
  static final List<String> HEADER =
      List.of(
          "TIME",
          "WHAT",
          "ADDRESS",
          "FE",
          "FE BEFORE",
          "WHO",
          "FROM",
          "CAUSE",
          "REASON",
          "WHY",
          "VERSION",
          "ID");

  /** What stands in them. */
  static final List<String> FIELDS =
      List.of(
          "at",
          "what",
          "address",
          "fe",
          "previousFe",
          "who",
          "from",
          "cause",
          "reason",
          "why",
          "version",
          "id");

  private static final int[] WIDTHS = {24, 9, 15, 6, 9, 6, 4, 12, 14, 3, 7, 0};

  private final ApiCommand api;
  private final int[] widths = WIDTHS.clone();
  private boolean begun;

  FollowedTable(ApiCommand api) {
    this.api = api;
  }

  void show(JsonNode entry) {
    if (api.json()) {
      api.out().println(entry);
      return;
    }
    begin();
    List<String> cells = new ArrayList<>();
    for (String field : FIELDS) {
      String cell = Json.cell(entry, field);
      cells.add(cell.isEmpty() ? "-" : cell);
    }
    line(cells);
  }

  /** Where to go on after what was shown; for programs. */
  void behind(JsonNode cursor) {
    if (api.json()) {
      api.out().println(cursor);
    } else {
      begin();
    }
    api.out().flush();
  }

  private void begin() {
    if (!begun) {
      begun = true;
      line(HEADER);
    }
  }

  private void line(List<String> cells) {
    if (api.csv()) {
      api.out().println(Table.csv(cells));
      return;
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      widths[i] = Math.max(widths[i], cell.length());
      line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
    }
    api.out().println(line.toString().stripTrailing());
  }
}
