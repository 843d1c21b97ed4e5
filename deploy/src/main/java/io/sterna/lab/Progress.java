package io.sterna.lab;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Tells a person what is going on: a line when something begins, and a line every few seconds while
 * it is waited for.
 */
public final class Progress {
  /** What comes sooner is not worth a line. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final PrintStream out;
  private String current = "";
  private long saidNanos;

  /** Lines go to this stream. */
  public Progress(PrintStream out) {
    this.out = out;
  }

  /** Says something once. */
  public synchronized void say(String line) {
    current = "";
    out.println(line);
    out.flush();
  }

  /** Says what is waited for: once it takes long, and again from time to time. */
  public synchronized void waitingFor(String what, Duration elapsed) {
    if (elapsed.compareTo(PATIENCE) < 0) {
      return;
    }
    long nowNanos = System.nanoTime();
    if (what.equals(current) && nowNanos - saidNanos < REPEAT_NANOS) {
      return;
    }
    current = what;
    saidNanos = nowNanos;
    out.println("... waiting for " + what + " (" + elapsed.toSeconds() + " s)");
    out.flush();
  }
}
