package io.sterna.planning;

import java.nio.file.Path;
import java.util.List;

/** A scenario folder of which no plan can be made. */
public final class BadScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Lines of {@code file:line: what is wrong}. */
  BadScenarioException(List<String> complaints) {
    super(String.join(System.lineSeparator(), complaints));
  }

  BadScenarioException(Path file, String reason, Throwable cause) {
    super(file + ": " + reason, cause);
  }
}
