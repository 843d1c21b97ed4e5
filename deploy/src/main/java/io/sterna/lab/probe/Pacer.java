package io.sterna.lab.probe;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls every flow once a millisecond, on an absolute schedule that no answer, loss or refusal
 * slows down. After a pause of this process it catches up, but with at most {@link #CATCH_UP_MAX}
 * probes: a longer burst would measure socket buffers.
 */
public final class Pacer implements AutoCloseable {
  /** The time between two probes of a flow. */
  public static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int CATCH_UP_MAX = 20;
  private static final long STOP_TIMEOUT_MS = 1_000;

  private final List<ProbeFlow> flows;
  private final Thread thread;
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
      dueNanos = Math.max(dueNanos + INTERVAL_NANOS, nowNanos - CATCH_UP_MAX * INTERVAL_NANOS);
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
