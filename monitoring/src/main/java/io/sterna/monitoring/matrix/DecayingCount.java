package io.sterna.monitoring.matrix;

/**
 * A sum in which each byte counts less the longer it is ago: by {@code exp(-age / timeConstant)}.
 * An even stream of one byte per millisecond sums up to the time constant, so the sum divided by
 * that is a rate.
 *
 * <p>A report says how much was sent in an interval, not when in it: it is taken as sent evenly.
 */
final class DecayingCount {
  private double bytes;
  private double packets;
  private double errorBytes;
  private long atMillis;

  /**
   * A stretch of time that counts were taken over.
   *
   * @param durationMs how long it is
   * @param endMillis when it ended
   * @param forever whether it also stands for all the time before it, of which nothing is known
   */
  record Span(long durationMs, long endMillis, boolean forever) {
    /** How much of what was sent evenly in it counts at its end. */
    double share(double constantMs) {
      double ratio = (double) durationMs / constantMs;
      return forever ? 1 / ratio : -Math.expm1(-ratio) / ratio;
    }
  }

  DecayingCount(long atMillis) {
    this.atMillis = atMillis;
  }

  void add(long moreBytes, long morePackets, Span span, double constantMs) {
    addWithError((double) moreBytes, (double) morePackets, 0, span, constantMs);
  }

  /** The same where up to {@code moreError} bytes more may have been sent. */
  void addWithError(
      double moreBytes, double morePackets, double moreError, Span span, double constantMs) {
    decayTo(Math.max(span.endMillis(), atMillis), constantMs);
    double share = span.share(constantMs) * decay(atMillis - span.endMillis(), constantMs);
    bytes += moreBytes * share;
    packets += morePackets * share;
    errorBytes += moreError * share;
  }

  /** Adds everything of another. */
  void absorb(DecayingCount other, double constantMs) {
    plus(other, 1, constantMs);
  }

  /** Takes out everything of another; what rounding leaves below zero is zero. */
  void without(DecayingCount other, double constantMs) {
    plus(other, -1, constantMs);
    bytes = Math.max(0, bytes);
    packets = Math.max(0, packets);
  }

  private void plus(DecayingCount other, int sign, double constantMs) {
    decayTo(Math.max(atMillis, other.atMillis), constantMs);
    double factor = sign * decay(atMillis - other.atMillis, constantMs);
    bytes += other.bytes * factor;
    packets += other.packets * factor;
  }

  Rate rate(long nowMillis, double constantMs) {
    double perSecond = 1000 / constantMs * decay(Math.max(0, nowMillis - atMillis), constantMs);
    return new Rate(bytes * perSecond, packets * perSecond, errorBytes * perSecond);
  }

  /** What its bytes weigh now, to compare. */
  double weight(long nowMillis, double constantMs) {
    return bytes * decay(Math.max(0, nowMillis - atMillis), constantMs);
  }

  private void decayTo(long millis, double constantMs) {
    double factor = decay(millis - atMillis, constantMs);
    bytes *= factor;
    packets *= factor;
    errorBytes *= factor;
    atMillis = millis;
  }

  private static double decay(long elapsedMs, double constantMs) {
    return Math.exp((double) -elapsedMs / constantMs);
  }
}
