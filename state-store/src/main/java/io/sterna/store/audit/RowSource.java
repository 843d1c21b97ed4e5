package io.sterna.store.audit;

import io.sterna.protocol.RangeId;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Where the rows of ranges are read from, as they are stored. */
public interface RowSource {
  /** All rows from this number on, ascending; those of one number in any order. */
  Iterator<StoredRow> rows(RangeId range, long from);

  /** The rows of one number: none, one, or several where owners overlapped. */
  List<StoredRow> at(RangeId range, long number);

  /** The highest number; 0 = no row. */
  long lastNumber(RangeId range);

  /**
   * The first row from which on something holds that holds for all rows after it; the number behind
   * the last row if it holds for none. Rows that cannot be read count as though it did not hold.
   */
  long firstWhere(RangeId range, Predicate<StoredRow> holds);

  /** The newest row; empty if there is none. */
  Optional<StoredRow> newest(RangeId range);

  /** All snapshots that are kept. */
  List<StoredSnapshot> snapshots(RangeId range);
}
