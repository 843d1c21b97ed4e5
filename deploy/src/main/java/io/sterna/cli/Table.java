package io.sterna.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows under a header, each column as wide as its widest cell, two blanks between columns. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(List.of(header));
  }

  /**
   * @throws IllegalArgumentException if there are not as many cells as columns
   */
  void row(String... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException(cells.length + " cells in a table of other width");
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      // An empty cell would let the eye, and awk, slide into the next column.
      row.add(cell.isEmpty() ? "-" : cell);
    }
    rows.add(row);
  }

  void print(PrintWriter out) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }

  /**
   * Comma-separated values (RFC 4180), the header first; an empty cell is a dash as in the table.
   */
  void printCsv(PrintWriter out) {
    rows.forEach(row -> out.println(csv(row)));
    out.flush();
  }

  /** A line of it. */
  static String csv(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (String cell : cells) {
      line.append(line.isEmpty() ? "" : ",");
      boolean quoted = cell.matches("(?s).*[,\"\r\n].*");
      line.append(quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
    }
    return line.toString();
  }
}
