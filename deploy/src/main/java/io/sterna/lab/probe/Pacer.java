package io.sterna.lab.probe;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls every flow once a millisecond, on an absolute schedule that no answer, loss or refusal
 * slows down. What a pause of this process made it miss it skips, and counts: sent in a burst
 * afterwards, those probes would count one moment many times.
 */
public final class Pacer implements AutoCloseable {
  /** The time between two probes of a flow. */
  public static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long STOP_TIMEOUT_MS = 1_000;

  private final List<ProbeFlow> flows;
  private final Thread thread;
  private final AtomicLong skipped = new AtomicLong();
  private volatile boolean stopped;

  private Pacer(List<ProbeFlow> flows) {
    this.flows = List.copyOf(flows);
    this.thread = new Thread(this::run, "probe-pacer");
    thread.setDaemon(true);
  }

  /** Starts to send. */
  public static Pacer start(List<? extends ProbeFlow> flows) {
    Pacer pacer = new Pacer(List.copyOf(flows));
    pacer.thread.start();
    return pacer;
  }

  /** How many milliseconds had no probe, because this process was not running. */
  public long skippedCount() {
    return skipped.get();
  }

  private void run() {
    long dueNanos = System.nanoTime();
    while (!stopped) {
      long nowNanos = System.nanoTime();
      if (nowNanos - dueNanos < 0) {
        LockSupport.parkNanos(dueNanos - nowNanos);
        continue;
      }
      for (ProbeFlow flow : flows) {
        flow.send(System.nanoTime());
      }
      long missed = (System.nanoTime() - dueNanos) / INTERVAL_NANOS;
      skipped.addAndGet(missed);
      dueNanos += (missed + 1) * INTERVAL_NANOS;
    }
  }

  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      thread.join(STOP_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
