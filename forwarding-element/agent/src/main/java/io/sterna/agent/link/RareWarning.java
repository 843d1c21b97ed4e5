package io.sterna.agent.link;

import java.time.Duration;

/**
 * Whether a warning that lasts is to be said: once when it begins, once for each new reason, and
 * now and then while it goes on. Pure; not thread-safe.
 */
final class RareWarning {
  private final long againNanos;
  private String said = "";
  private long saidNanos;

  RareWarning(Duration again) {
    this.againNanos = again.toNanos();
  }

  /**
   * @param isFirst all was well before
   */
  boolean isDue(boolean isFirst, String reason, long nowNanos) {
    boolean due = isFirst || !reason.equals(said) || nowNanos - saidNanos >= againNanos;
    if (due) {
      said = reason;
      saidNanos = nowNanos;
    }
    return due;
  }
}
