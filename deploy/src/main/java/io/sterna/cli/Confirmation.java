package io.sterna.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Asks whoever sits in front of the command. */
interface Confirmation {
  /** What he answers; empty if nobody is there. */
  Optional<String> ask(String question);

  /** By standard input, if that is a terminal. */
  static Confirmation ofPerson(Terminal terminal) {
    return question -> {
      if (!isTerminal()) {
        return Optional.empty();
      }
      terminal.err().print(question);
      terminal.err().flush();
      try {
        String line =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return Optional.ofNullable(line).map(String::strip);
      } catch (IOException e) {
        return Optional.empty();
      }
    };
  }

  /** Newer versions of Java have a console even where there is none: the kernel knows. */
  private static boolean isTerminal() {
    try {
      String input = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
      return input.startsWith("/dev/pts/") || input.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
