package io.sterna.loadgen.link;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Calls somebody at one moment, some 50 microseconds late at most. Thread-safe. */
final class Alarm implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final Runnable ring;
  private final LongSupplier nanoTime;
  private final AtomicLong atNanos = new AtomicLong(NEVER);
  private final Thread thread;
  private volatile boolean closed;

  Alarm(Runnable ring, LongSupplier nanoTime) {
    this.ring = ring;
    this.nanoTime = nanoTime;
    this.thread = new Thread(this::keep, "load-alarm");
    thread.setDaemon(true);
    thread.start();
  }

  /** Replaces the moment. */
  void set(long nanos) {
    // A moment that was set already needs no second wake-up of the other thread.
    long before = atNanos.getAndSet(nanos);
    if (before == NEVER || nanos - before < 0) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void keep() {
    while (!closed) {
      long at = atNanos.get();
      long waitNanos = at == NEVER ? NEVER : at - nanoTime.getAsLong();
      if (waitNanos > 0) {
        LockSupport.parkNanos(this, waitNanos);
      } else if (atNanos.compareAndSet(at, NEVER)) {
        ring.run();
      }
    }
  }
}
