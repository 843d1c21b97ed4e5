package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.RecordTail;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.cassandra.LatestEpochs;
import io.sterna.store.cassandra.WholeJournal;
import java.util.List;
import java.util.Map;

/**
 * The journal and its archive, for those who follow.
 *
 * @param reading finds where to begin
 */
public record StoredJournal(AuditReading reading, WholeJournal rows, LatestEpochs epochs)
    implements FollowedJournal {
  @Override
  public Map<RangeId, List<StoredRow>> next(Map<RangeId, Long> from, int rowsMax) {
    return rows.next(from, rowsMax);
  }

  @Override
  public Map<RangeId, RecordTail.Latest> latest() {
    return epochs.read();
  }

  @Override
  public long newest(RangeId range) {
    return rows.lastNumber(range);
  }

  @Override
  public long before(RangeId range, long fromMillis) {
    return reading.beginning().numberFrom(range, fromMillis) - 1;
  }

  @Override
  public String owner(RangeId range, long epoch) {
    return reading.beginning().owner(range, epoch);
  }
}
