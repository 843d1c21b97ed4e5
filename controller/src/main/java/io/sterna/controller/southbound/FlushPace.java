package io.sterna.controller.southbound;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often the connections of a controller send. One that is busy waits in between: what ranges
 * commit one after the other is one record and one system call here, and one there. The more
 * connections there are and the longer each takes, the longer they wait, up to a limit, so that
 * sending often takes a twentieth of the event loops' time. Thread-safe.
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
   */
  long intervalNanos(long flushNanos) {
    long fair = SHARE * flushNanos * connections.get() / eventLoops;
    return Math.min(INTERVAL_MAX_NANOS, Math.max(INTERVAL_MIN_NANOS, fair));
  }
}
