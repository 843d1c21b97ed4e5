package io.sterna.store.event;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;

/**
 * A controller took over the range: the first row of an epoch. It changes no binding and consumes
 * no revision. Because it names the range, a row copied from another range does not fit the chain.
 *
 * @param range the range
 * @param epoch the epoch that begins
 * @param controller the new owner
 * @param lastRevision the revision that it took over; 0 = an empty range
 * @param atEpochMillis wall clock, for people only
 * @param previousHash the hash of the row before this one
 * @param hash the hash of this row
 */
public record RangeActivated(
    RangeId range,
    long epoch,
    ControllerId controller,
    long lastRevision,
    long atEpochMillis,
    ChainHash previousHash,
    ChainHash hash)
    implements RangeEvent {
  /**
   * @throws IllegalArgumentException if the epoch is below 1 or the revision below 0
   */
  public RangeActivated {
    Checks.atLeast(1, epoch, "epoch");
    Checks.atLeast(0, lastRevision, "revision");
  }
}
