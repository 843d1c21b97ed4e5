package io.sterna.controller.owner;

import java.time.Duration;

/**
 * Until when an owner may acknowledge what it committed (DESIGN 4.5). Pure; times are nanoseconds
 * of this machine's monotonic clock.
 *
 * <p>An owner's epoch was the latest at some moment after a validation began. A successor takes the
 * next epoch later than that moment, and reads the journal only {@link #SUCCESSOR_WAITS} terms
 * after it took it. So whatever the owner knew to be in the journal within one term of the
 * validation's beginning, the successor will read: acknowledging that is safe, however long this
 * process stands still in between. Clocks need not agree, only run at about the same speed.
 */
public final class Tenure {
  /** Terms that a successor waits: the surplus covers clocks of different speed. */
  private static final double SUCCESSOR_WAITS = 1.2;

  private final long termNanos;
  private long provenNanos;

  /**
   * A tenure that begins with an epoch.
   *
   * @param acquiredNanos before the epoch was asked for
   */
  public Tenure(Duration term, long acquiredNanos) {
    this.termNanos = term.toNanos();
    this.provenNanos = acquiredNanos;
  }

  /** How long to wait between taking an epoch and reading the journal. */
  public static Duration successorWait(Duration term) {
    return Duration.ofNanos((long) (term.toNanos() * SUCCESSOR_WAITS));
  }

  /** The epoch was still the latest; that was asked at this moment. */
  public void proven(long askedNanos) {
    provenNanos = Math.max(provenNanos, askedNanos);
  }

  /** Whether what is in the journal by now may be acknowledged. */
  public boolean holdsAt(long nowNanos) {
    return nowNanos - provenNanos <= termNanos;
  }

  /** Whether it is time to prove the epoch again, so that nobody has to wait for it. */
  public boolean isDueAt(long nowNanos) {
    return nowNanos - provenNanos > termNanos / 2;
  }
}
