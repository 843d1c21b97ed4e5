package io.sterna.bench.peers;

import io.sterna.lab.LabException;

/** What went wrong first on any thread. Thread-safe. */
final class FirstFailure {
  private String reason = "";

  /** Something went wrong. */
  synchronized void report(String what) {
    if (reason.isEmpty()) {
      reason = what;
    }
  }

  /**
   * @throws LabException if anything went wrong
   */
  synchronized void check() throws LabException {
    if (!reason.isEmpty()) {
      throw new LabException(reason);
    }
  }
}
