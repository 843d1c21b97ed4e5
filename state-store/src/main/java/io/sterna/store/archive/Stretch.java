package io.sterna.store.archive;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;

/**
 * Consecutive rows of a range: all that stand at these numbers, also those that never counted.
 *
 * @param first the first number
 * @param last the last number
 * @param rows how many rows there are; more than numbers where owners overlapped
 * @param previous the hash of the row that counts before the first
 * @param hash the hash of the last row
 */
public record Stretch(
    RangeId range, long first, long last, long rows, ChainHash previous, ChainHash hash) {
  /** Checks what needs no look at the rows. */
  public Stretch {
    if (first < 1 || last < first || rows < last - first + 1) {
      throw new IllegalArgumentException(
          "rows %d to %d, %d of them, are no stretch".formatted(first, last, rows));
    }
  }

  /** Like {@code rows 1 to 1000 of range 10.10.0.0/20}. */
  @Override
  public String toString() {
    return "rows %d to %d of range %s".formatted(first, last, range);
  }
}
