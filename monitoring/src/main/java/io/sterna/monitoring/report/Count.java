package io.sterna.monitoring.report;

/**
 * Bytes and packets.
 *
 * @param bytes of IP packets, their IP headers included
 * @param packets how many
 */
public record Count(long bytes, long packets) {
  /** Nothing. */
  public static final Count NONE = new Count(0, 0);

  /** The sum; at most what a number holds. */
  public Count plus(Count other) {
    return new Count(sum(bytes, other.bytes), sum(packets, other.packets));
  }

  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
