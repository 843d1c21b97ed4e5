package io.sterna.cli;

import java.io.Console;
import java.util.Optional;

/** Asks whoever sits in front of the command. */
interface Confirmation {
  /** What he answers; empty if nobody is there. */
  Optional<String> ask(String question);

  /** By the terminal of the process, if it has one. */
  static Confirmation ofPerson(Terminal terminal) {
    return question -> {
      Console console = System.console();
      if (console == null) {
        return Optional.empty();
      }
      terminal.err().print(question);
      terminal.err().flush();
      return Optional.ofNullable(console.readLine()).map(String::strip);
    };
  }
}
