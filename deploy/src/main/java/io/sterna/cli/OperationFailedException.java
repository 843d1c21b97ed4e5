package io.sterna.cli;

/** What was asked for could not be done. The message is one line for the operator. */
public final class OperationFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** One line, without the name of the program. */
  public OperationFailedException(String message) {
    super(message);
  }

  /** One line, without the name of the program, and what led to it. */
  public OperationFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
