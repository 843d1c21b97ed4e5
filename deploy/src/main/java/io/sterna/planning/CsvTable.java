package io.sterna.planning;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A CSV file with a header row, read row by row; what is wrong is said with its line. */
final class CsvTable {
  /** More would not help anybody. */
  private static final int COMPLAINTS_MAX = 20;

  private final Path file;
  private final List<String> columns;
  private final List<String> optional;
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> complaints = new ArrayList<>();
  private long lastLine;

  CsvTable(Path file, List<String> columns, List<String> optional) {
    this.file = file;
    this.columns = columns;
    this.optional = optional;
  }

  /** Takes one row. */
  @FunctionalInterface
  interface RowReader {
    /**
     * @throws IllegalArgumentException what is wrong with it
     */
    void read(Row row);
  }

  /** One row, by the names of its columns. */
  final class Row {
    private final CsvRecord fields;

    private Row(CsvRecord fields) {
      this.fields = fields;
    }

    String text(String column) {
      Integer place = places.get(column);
      return place == null ? "" : fields.getField(place).strip();
    }

    double number(String column) {
      String text = text(column);
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(column + " '" + text + "' is no number", e);
      }
    }

    long integer(String column) {
      String text = text(column);
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(column + " '" + text + "' is no whole number", e);
      }
    }

    int count(String column) {
      long value = integer(column);
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(column + " is " + value + ", which cannot be");
      }
      return (int) value;
    }

    boolean truth(String column) {
      String text = text(column);
      return switch (text.toLowerCase(java.util.Locale.ROOT)) {
        case "true", "yes", "1" -> true;
        case "false", "no", "0" -> false;
        default ->
            throw new IllegalArgumentException(
                column + " '" + text + "' is neither true nor false");
      };
    }
  }

  /**
   * Reads all rows.
   *
   * @throws BadScenarioException with a line for each row that is wrong
   */
  void read(RowReader reader) throws BadScenarioException {
    try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(file)) {
      boolean isHeader = true;
      for (CsvRecord record : csv) {
        lastLine = record.getStartingLineNumber();
        if (isHeader) {
          readHeader(record);
          isHeader = false;
        } else {
          readRow(record, reader);
        }
        if (complaints.size() >= COMPLAINTS_MAX) {
          complaints.add(file + ": and perhaps more");
          break;
        }
      }
      if (isHeader) {
        complain(1, "there is no header row");
      }
    } catch (NoSuchFileException e) {
      throw new BadScenarioException(file, "does not exist", e);
    } catch (IOException e) {
      throw new BadScenarioException(file, "cannot be read: " + FileReason.why(e), e);
    } catch (UncheckedIOException e) {
      throw new BadScenarioException(
          file, "cannot be read: " + FileReason.why(Objects.requireNonNull(e.getCause())), e);
    } catch (CsvParseException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      complain(lastLine + 1, "from here on it is no CSV: " + cause.getMessage());
    }
    if (!complaints.isEmpty()) {
      throw new BadScenarioException(complaints);
    }
  }

  private void readHeader(CsvRecord header) throws BadScenarioException {
    for (int i = 0; i < header.getFieldCount(); i++) {
      String name = header.getField(i).strip();
      // Some programs begin a file with a mark of its encoding.
      name = i == 0 && name.startsWith("\ufeff") ? name.substring(1) : name;
      if (places.putIfAbsent(name, i) != null) {
        complain(1, "column " + name + " is there twice");
      }
      if (!columns.contains(name) && !optional.contains(name)) {
        complain(1, "unknown column '" + name + "'");
      }
    }
    for (String column : columns) {
      if (!places.containsKey(column)) {
        complain(1, "column " + column + " is missing");
      }
    }
    if (!complaints.isEmpty()) {
      throw new BadScenarioException(complaints);
    }
  }

  private void readRow(CsvRecord record, RowReader reader) {
    if (record.getFieldCount() != places.size()) {
      complain(
          record.getStartingLineNumber(),
          "%d fields, and the header has %d".formatted(record.getFieldCount(), places.size()));
      return;
    }
    try {
      reader.read(new Row(record));
    } catch (IllegalArgumentException e) {
      complain(record.getStartingLineNumber(), String.valueOf(e.getMessage()));
    }
  }

  private void complain(long line, String reason) {
    complaints.add(file + ":" + line + ": " + reason);
  }
}
