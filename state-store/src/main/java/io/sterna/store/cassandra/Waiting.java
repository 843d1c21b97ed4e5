package io.sterna.store.cassandra;

import java.time.Duration;

/** Something that is waited for: for how long at most, and who is told meanwhile. */
final class Waiting {
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);

  private final Duration bound;
  private final LocalCassandra.Progress progress;
  private final String what;
  private final long beginNanos = System.nanoTime();
  private Duration nextReport = BETWEEN_REPORTS;

  Waiting(Duration bound, LocalCassandra.Progress progress, String what) {
    this.bound = bound;
    this.progress = progress;
    this.what = what;
  }

  /** Whether the bound is reached; reports progress once a second. */
  boolean isOver() {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - beginNanos);
    if (elapsed.compareTo(nextReport) >= 0) {
      progress.waitingFor(what, elapsed);
      nextReport = elapsed.plus(BETWEEN_REPORTS);
    }
    return elapsed.compareTo(bound) >= 0;
  }
}
