package io.sterna.loadgen.measure;

import org.HdrHistogram.Histogram;

/**
 * How long something took, from the moment it was due: three significant digits, up to five
 * minutes. What takes longer counts as five minutes.
 */
public final class Latency {
  private static final long MAX_NANOS = 300_000_000_000L;
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MS = 1e6;

  private final Histogram nanos = new Histogram(MAX_NANOS, DIGITS);
  private long unfinished;

  /** One more; below 0 counts as 0. */
  public void record(long tookNanos) {
    nanos.recordValue(Math.max(0, Math.min(MAX_NANOS, tookNanos)));
  }

  /** One more that took at least so long, and was not over then. */
  public void recordUnfinished(long tookNanos) {
    record(tookNanos);
    unfinished++;
  }

  /** Forgets what was recorded. */
  public void reset() {
    unfinished = 0;
    nanos.reset();
  }

  /** How many were recorded. */
  public long count() {
    return nanos.getTotalCount();
  }

  /** How many of them took longer than was recorded: nobody saw their end. */
  public long unfinished() {
    return unfinished;
  }

  /** Milliseconds that this percentage took at most; 0 if nothing was recorded. */
  public double percentileMs(double percent) {
    return nanos.getTotalCount() == 0 ? 0 : ms((double) nanos.getValueAtPercentile(percent));
  }

  /** The longest, in milliseconds. */
  public double maxMs() {
    return ms((double) nanos.getMaxValue());
  }

  /** The mean, in milliseconds. */
  public double meanMs() {
    return nanos.getTotalCount() == 0 ? 0 : ms(nanos.getMean());
  }

  private static double ms(double nanos) {
    return nanos / NANOS_PER_MS;
  }
}
