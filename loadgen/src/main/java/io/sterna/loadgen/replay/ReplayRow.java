package io.sterna.loadgen.replay;

import io.sterna.protocol.Binding;
import io.sterna.protocol.SouthboundMessage.Delta;
import java.util.List;

/**
 * A row of the record, and what its owner told the elements when it was committed.
 *
 * @param number its place in the journal of its range
 * @param atEpochMillis when, on the clock of the record, which never goes back
 * @param clockBackMillis so much earlier than a row before it its owner's clock said it was
 * @param takeover whether a controller took the range over by it
 * @param refusals how many claims were refused
 * @param changes all of it, in order
 * @param delta what was told
 */
public record ReplayRow(
    long number,
    long atEpochMillis,
    long clockBackMillis,
    boolean takeover,
    long refusals,
    List<Change> changes,
    Delta delta) {
  /**
   * An accepted claim.
   *
   * @param binding from then on
   * @param seenVersion the version that the claimant had seen
   */
  public record Change(Binding binding, long seenVersion) {}

  public ReplayRow {
    changes = List.copyOf(changes);
  }
}
