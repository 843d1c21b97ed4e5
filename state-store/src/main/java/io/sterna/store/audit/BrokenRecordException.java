package io.sterna.store.audit;

import io.sterna.protocol.RangeId;

/** A record cannot be read on: a row was changed, is missing or does not fit. */
public final class BrokenRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RangeId range;
  private final long number;

  /**
   * @param number the row at which reading stopped
   */
  public BrokenRecordException(RangeId range, long number, String reason) {
    super(
        "the record of range %s is broken at row %d: %s ('sterna audit verify' tells all)"
            .formatted(range, number, reason));
    this.range = range;
    this.number = number;
  }

  /** The range. */
  public RangeId range() {
    return range;
  }

  /** The row at which reading stopped. */
  public long number() {
    return number;
  }
}
