package io.sterna.controller.southbound;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often the connections of a controller send. One waits a little in between: what ranges commit
 * one after the other is one record and one system call here, and one there. With much to send it
 * waits the longer, up to a limit, the more connections there are and the longer each takes, so
 * that sending often takes a twentieth of the event loops' time. Thread-safe.
 */
final class FlushPace {
  static final long INTERVAL_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  static final long INTERVAL_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

  /**
   * What a flush costs beside its bytes, which must be sent anyway: it takes longer if there are
   * many, or if the processor is taken from it, and that says nothing.
   */
  static final long COST_MAX_NANOS = TimeUnit.MICROSECONDS.toNanos(30);

  private static final int SHARE = 20;

  /** What some 190,000 changes a second are: with less, waiting would only be waiting. */
  private static final long BUSY_BYTES_PER_MS = 640;

  private static final long NANOS_PER_MS = 1_000_000;

  private final int eventLoops;
  private final AtomicInteger connections = new AtomicInteger();

  /** Nobody is connected. */
  FlushPace(int eventLoops) {
    this.eventLoops = eventLoops;
  }

  void opened() {
    connections.incrementAndGet();
  }

  void closed() {
    connections.decrementAndGet();
  }

  /**
   * From one flush of a connection to its next.
   *
   * @param flushNanos what one takes, {@link #COST_MAX_NANOS} at most
   * @param bytes that were sent
   * @param sinceNanos in so long
   */
  long intervalNanos(long flushNanos, long bytes, long sinceNanos) {
    if (bytes * NANOS_PER_MS < BUSY_BYTES_PER_MS * sinceNanos) {
      return INTERVAL_MIN_NANOS;
    }
    long fair = SHARE * flushNanos * connections.get() / eventLoops;
    return Math.min(INTERVAL_MAX_NANOS, Math.max(INTERVAL_MIN_NANOS, fair));
  }
}
