package io.sterna.loadgen.scenario;

/**
 * How many VMs announce themselves.
 *
 * @param perSecond events per second; infinite = as many as the windows of the elements allow
 */
public record ArrivalRate(double perSecond) {
  /** As fast as the windows of the elements allow. */
  public static final ArrivalRate MAX = new ArrivalRate(Double.POSITIVE_INFINITY);

  /**
   * @throws IllegalArgumentException unless it is above 0
   */
  public ArrivalRate {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("a rate is above 0, not " + perSecond);
    }
  }

  /** Whether windows, not a clock, decide when the next event happens. */
  public boolean isMax() {
    return Double.isInfinite(perSecond);
  }

  @Override
  public String toString() {
    return isMax() ? "max" : String.valueOf(perSecond);
  }
}
