package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.RecordTail;
import io.sterna.store.audit.StoredRow;
import java.util.List;
import java.util.Map;

/** What following asks of a journal. Blocks while it answers. */
public interface FollowedJournal {
  /** The next rows of some ranges, from these numbers on; at most so many of each. */
  Map<RangeId, List<StoredRow>> next(Map<RangeId, Long> from, int rowsMax);

  /** The latest epoch of each range that has one. */
  Map<RangeId, RecordTail.Latest> latest();

  /** The highest number of a range; 0 = no row. */
  long newest(RangeId range);

  /** A number of a range before which nothing is of this time or later. */
  long before(RangeId range, long fromMillis);

  /** Who began an epoch; empty if nobody knows. */
  String owner(RangeId range, long epoch);
}
