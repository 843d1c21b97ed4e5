package io.sterna.cli;

/** What was asked for could not be done. The message is one line for the operator. */
public final class OperationFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;

  /** One line, without the name of the program. */
  public OperationFailedException(String message) {
    this(message, ExitStatus.FAILED);
  }

  /** One line, without the name of the program, and what led to it. */
  public OperationFailedException(String message, Throwable cause) {
    super(message, cause);
    this.exitStatus = ExitStatus.FAILED;
  }

  private OperationFailedException(String message, int exitStatus) {
    super(message);
    this.exitStatus = exitStatus;
  }

  /** It cannot be asked for like that: trying again does not help. */
  static OperationFailedException badUsage(String message) {
    return new OperationFailedException(message, ExitStatus.BAD_USAGE);
  }

  int exitStatus() {
    return exitStatus;
  }
}
