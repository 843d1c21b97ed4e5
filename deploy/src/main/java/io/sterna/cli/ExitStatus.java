package io.sterna.cli;

/** What the process reports when it ends. */
final class ExitStatus {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

  private ExitStatus() {}
}
