package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.function.Function;

/** What all commands that ask the HTTP API need: where it is, and how answers are shown. */
final class ApiCommand {
  private final GlobalOptions options;
  private final Terminal terminal;

  ApiCommand(GlobalOptions options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  ApiClient client() throws OperationFailedException {
    return new ApiClient(options.api(), options.tokenFile());
  }

  /** Shows an answer as it came, or as the table made of it. */
  void show(JsonNode answer, Function<JsonNode, Table> table) {
    if (options.output() == OutputFormat.JSON) {
      Json.print(answer, terminal.out());
    } else if (options.output() == OutputFormat.CSV) {
      table.apply(answer).printCsv(terminal.out());
    } else {
      table.apply(answer).print(terminal.out());
    }
  }

  /** A word to people beside what is shown; none if it is empty. */
  void note(String text) {
    if (!text.isEmpty()) {
      terminal.err().println(text);
      terminal.err().flush();
    }
  }

  /** A table that is not an answer's: as CSV if that is asked for. */
  void show(Table table) {
    if (options.output() == OutputFormat.CSV) {
      table.printCsv(terminal.out());
    } else {
      table.print(terminal.out());
    }
  }

  boolean csv() {
    return options.output() == OutputFormat.CSV;
  }

  /**
   * For what shows several tables.
   *
   * @throws OperationFailedException if they are to be one
   */
  void refuseCsv() throws OperationFailedException {
    if (csv()) {
      throw OperationFailedException.badUsage(
          "--output csv: these are several tables; --output json has all that is in them");
    }
  }

  boolean json() {
    return options.output() == OutputFormat.JSON;
  }

  PrintWriter out() {
    return terminal.out();
  }
}
