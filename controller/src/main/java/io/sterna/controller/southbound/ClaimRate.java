package io.sterna.controller.southbound;

import io.sterna.controller.policy.TokenBucket;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How often one element may claim, and when a refusal for that is to be put on record: once in a
 * while, with the number of those in between. Thread-safe: sessions of one element may overlap;
 * times are nanoseconds of any clock that does not go back.
 */
final class ClaimRate {
  private static final long NOTE_INTERVAL_NANOS = 1_000_000_000;

  private final @Nullable TokenBucket bucket;
  private long unnoted;
  private long notedNanos;

  /**
   * Nothing claimed yet.
   *
   * @param perSecond the most claims a second, and as many more at once; 0 = any number
   */
  ClaimRate(int perSecond, long nowNanos) {
    this.bucket = perSecond == 0 ? null : new TokenBucket(perSecond, perSecond, nowNanos);
    this.notedNanos = nowNanos - NOTE_INTERVAL_NANOS;
  }

  /** Whether one more claim is one too many. */
  boolean isExceeded(long nowNanos) {
    return bucket != null && !taken(bucket, nowNanos);
  }

  private synchronized boolean taken(TokenBucket from, long nowNanos) {
    return from.take(nowNanos);
  }

  /** A claim was refused: how many before it were not noted; empty = this one is not, either. */
  synchronized OptionalLong refused(long nowNanos) {
    if (nowNanos - notedNanos < NOTE_INTERVAL_NANOS) {
      unnoted++;
      return OptionalLong.empty();
    }
    long before = unnoted;
    unnoted = 0;
    notedNanos = nowNanos;
    return OptionalLong.of(before);
  }
}
