package io.sterna.lab;

import java.util.Objects;

/** The lab cannot do what was asked; the message is one line for the person who asked. */
public final class LabException extends Exception {
  /** A reason in one line. */
  public LabException(String message) {
    super(message);
  }

  /** A reason in one line, and what led to it. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The one line; never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
