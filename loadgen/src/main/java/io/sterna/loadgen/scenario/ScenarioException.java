package io.sterna.loadgen.scenario;

import java.nio.file.Path;

/** A scenario is bad. The message is one line: {@code file: key: reason}. */
public final class ScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  ScenarioException(Path file, String key, String reason) {
    super(file + ": " + (key.isEmpty() ? "" : key + ": ") + oneLine(reason));
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
