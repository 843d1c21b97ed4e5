package io.sterna.controller.relocation.search;

import java.util.function.LongSupplier;

/**
 * When a search has to end at the latest. How far it goes is bounded by its work, so that the same
 * seed gives the same plan; a deadline only cuts it short.
 */
public final class Deadline {
  private final LongSupplier nanos;
  private final long atNanos;
  private boolean passed;

  private Deadline(LongSupplier nanos, long atNanos) {
    this.nanos = nanos;
    this.atNanos = atNanos;
  }

  /** None. */
  public static Deadline never() {
    return new Deadline(() -> 0, Long.MAX_VALUE);
  }

  /**
   * At a reading of this clock.
   *
   * @param nanos a clock that never goes back, like {@code System::nanoTime}
   * @param atNanos its reading
   */
  public static Deadline at(LongSupplier nanos, long atNanos) {
    return new Deadline(nanos, atNanos);
  }

  /** One before this: this share of the time that is left now. */
  Deadline after(double share) {
    if (atNanos == Long.MAX_VALUE) {
      return never();
    }
    long now = nanos.getAsLong();
    return new Deadline(nanos, now + (long) (share * (atNanos - now)));
  }

  /** Looks at the clock. */
  boolean isOver() {
    passed |= atNanos != Long.MAX_VALUE && nanos.getAsLong() - atNanos >= 0;
    return passed;
  }

  /** Whether a search has been cut short. */
  public boolean hasPassed() {
    return passed;
  }
}
