package io.sterna.store.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * Some rows of a range that is stored in parts: partitions, files. At the end of one it goes on in
 * the next, so that whoever waits for more rows than one part has left does not wait for ever.
 */
public final class NextRows {
  /** Where a range's rows are read, part by part. */
  @FunctionalInterface
  public interface Parts {
    /**
     * Rows from a number on, of the part in which it lies; empty if nothing is there, and rows
     * behind a gap if that is all there is.
     */
    List<StoredRow> from(long number, int rowsMax);
  }

  private NextRows() {}

  /**
   * Rows without a gap between parts, as many as wanted or all there are now.
   *
   * @param first of the part with which it begins
   * @param parts asked for what follows the last row of each part
   */
  public static List<StoredRow> across(List<StoredRow> first, int rowsMax, Parts parts) {
    List<StoredRow> rows = new ArrayList<>(first);
    while (!rows.isEmpty() && rows.size() < rowsMax) {
      long wanted = rows.get(rows.size() - 1).number() + 1;
      List<StoredRow> more = parts.from(wanted, rowsMax - rows.size());
      if (more.isEmpty() || more.get(0).number() > wanted) {
        break;
      }
      rows.addAll(more);
    }
    return rows.size() > rowsMax ? rows.subList(0, rowsMax) : rows;
  }
}
