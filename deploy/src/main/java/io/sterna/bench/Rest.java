package io.sterna.bench;

import io.sterna.lab.LabException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits until Cassandra and controller have come to rest after a load: their compilers still work
 * off for many seconds what a minute of it left them, and whoever asks meanwhile gets one processor
 * instead of two.
 */
final class Rest {
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);
  private static final Duration BOUND = Duration.ofMinutes(2);

  /** Of one processor, in a quiet interval. */
  private static final double BUSY_MAX = 0.15;

  private Rest() {}

  /**
   * Waits.
   *
   * @return for how long
   * @throws LabException if they do not come to rest
   */
  static Duration await(Testbed testbed) throws LabException {
    long began = System.nanoTime();
    Duration used = used(testbed);
    while (true) {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted", e);
      }
      Duration now = used(testbed);
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      if (now.minus(used).toMillis() < BUSY_MAX * LOOK_INTERVAL.toMillis()) {
        return waited;
      }
      if (waited.compareTo(BOUND) > 0) {
        throw new LabException(
            "Cassandra and controller do not come to rest within " + BOUND.toSeconds() + " s");
      }
      used = now;
    }
  }

  private static Duration used(Testbed testbed) {
    return testbed.pids().values().stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }
}
