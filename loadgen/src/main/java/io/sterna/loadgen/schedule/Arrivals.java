package io.sterna.loadgen.schedule;

import java.util.SplittableRandom;

/**
 * When events are due: a Poisson process, as independent VMs make one. Nothing that happens during
 * the run changes these times.
 */
public final class Arrivals {
  private static final double NANOS_PER_SECOND = 1e9;

  private final SplittableRandom random;
  private final double gapNanos;
  private double dueNanos;

  /**
   * @param perSecond the mean rate
   */
  public Arrivals(double perSecond, long seed) {
    this.random = new SplittableRandom(seed);
    this.gapNanos = NANOS_PER_SECOND / perSecond;
    advance();
  }

  /** When the next event is due, in nanoseconds from the beginning. */
  public long dueNanos() {
    return (long) dueNanos;
  }

  /** Goes on to the event after it. */
  public void advance() {
    dueNanos -= Math.log(1 - random.nextDouble()) * gapNanos;
  }
}
