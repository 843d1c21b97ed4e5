package io.sterna.controller.policy;

/**
 * Lets so many through a second, and some more at once. Not thread-safe; times are nanoseconds of
 * any clock that does not go back.
 */
public final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perNano;
  private final double burst;
  private double tokens;
  private long filledNanos;

  /**
   * A full bucket.
   *
   * @param perSecond how many come a second
   * @param burst how many there are at most
   */
  public TokenBucket(int perSecond, int burst, long nowNanos) {
    this.perNano = perSecond / NANOS_PER_SECOND;
    this.burst = burst;
    this.tokens = burst;
    this.filledNanos = nowNanos;
  }

  /** Takes one, if there is one. */
  public boolean take(long nowNanos) {
    tokens = Math.min(burst, tokens + (nowNanos - filledNanos) * perNano);
    filledNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
