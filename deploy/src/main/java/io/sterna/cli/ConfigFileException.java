package io.sterna.cli;

import io.sterna.loadgen.scenario.ScenarioException;
import java.nio.file.Path;

/** A configuration file is bad. The message is one line: {@code file: key: reason}. */
public final class ConfigFileException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigFileException(Path file, String reason, Throwable cause) {
    super(file + ": " + oneLine(reason), cause);
  }

  ConfigFileException(Path file, String reason) {
    super(file + ": " + oneLine(reason));
  }

  ConfigFileException(Path file, String key, String reason) {
    super(file + ": " + key + ": " + oneLine(reason));
  }

  ConfigFileException(Path file, String key, String reason, Throwable cause) {
    super(file + ": " + key + ": " + oneLine(reason), cause);
  }

  ConfigFileException(ScenarioException scenario) {
    super(scenario.getMessage(), scenario);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
