package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import java.util.ArrayList;
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
 * @param archives how many files of the archive hold rows of it
 * @param archivedRows up to which row it is archived
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
    int archives,
    long archivedRows,
    List<Fault> faults,
    long faultCount) {
  /** A copy that cannot be changed. */
  public Verdict {
    faults = List.copyOf(faults);
  }

  /** The same with what was found in the archive, whose faults come first. */
  public Verdict withArchive(int files, long upTo, List<Fault> more) {
    List<Fault> all = new ArrayList<>(more);
    all.addAll(faults);
    return new Verdict(
        range,
        intactRows,
        discardedRows,
        lastRow,
        revision,
        hash,
        snapshots,
        heads,
        files,
        upTo,
        all.subList(0, Math.min(all.size(), Verification.FAULTS_MAX)),
        faultCount + more.size());
  }

  /** Whether nothing is wrong. */
  public boolean intact() {
    return faultCount == 0;
  }
}
