package io.sterna.protocol;

/**
 * How far somebody has followed a range: {@code (epoch, revision)} orders everything that is ever
 * said about it.
 *
 * @param range the range
 * @param epoch grows by one each time the range is activated on some controller; 0 = never heard
 * @param revision the count of binding changes that the range has committed
 * @param hash the chain hash at that revision
 */
public record RangePosition(RangeId range, long epoch, long revision, ChainHash hash) {
  /**
   * @throws IllegalArgumentException if the epoch or the revision is negative
   */
  public RangePosition {
    if (epoch < 0 || revision < 0) {
      throw new IllegalArgumentException(
          "epoch " + epoch + " or revision " + revision + " is negative");
    }
  }

  /** The position of somebody who never heard of the range. */
  public static RangePosition unknown(RangeId range) {
    return new RangePosition(range, 0, 0, ChainHash.GENESIS);
  }

  /** Whether this was left behind when the other one was reached; both are of the same range. */
  public boolean isBefore(RangePosition other) {
    return epoch < other.epoch || (epoch == other.epoch && revision < other.revision);
  }

  /** Whether a range holds the same at both, whoever owned it. */
  public boolean sameContent(RangePosition other) {
    return revision == other.revision && hash.equals(other.hash);
  }
}
