package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import java.util.List;

/**
 * What came of checking one range.
 *
 * @param intactRows rows that are as they were written, and where
 * @param discardedRows rows that an owner wrote after its time and that never counted
 * @param lastRow the number of the newest row; 0 = none
 * @param revision the number of changes up to there
 * @param hash of the newest intact row
 * @param snapshots how many snapshots agree with the rows
 * @param heads how many signed heads agree with them
 * @param faults what is wrong, at most {@value Verification#FAULTS_MAX}
 * @param faultCount how much is
 */
public record Verdict(
    RangeId range,
    long intactRows,
    long discardedRows,
    long lastRow,
    long revision,
    ChainHash hash,
    int snapshots,
    int heads,
    List<Fault> faults,
    long faultCount) {
  /** A copy that cannot be changed. */
  public Verdict {
    faults = List.copyOf(faults);
  }

  /** Whether nothing is wrong. */
  public boolean intact() {
    return faultCount == 0;
  }
}
