package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.event.RangeCommitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a reader of the log has come in each range, and as text that he hands back. Time cannot
 * say that: clocks differ, and a row may come after others that are younger. Not thread-safe.
 *
 * <p>The text is that of {@link FollowCursor}; after the rows come the time of the newest entry
 * and, for each range of whose last row some entries are left, which range it is and the last entry
 * taken.
 */
final class Cursor {
  private final List<RangeId> ranges;
  private final Map<RangeId, Long> rows = new TreeMap<>();
  private final Map<RangeId, Integer> begun = new TreeMap<>();
  private boolean reached;

  private Cursor(List<RangeId> ranges) {
    this.ranges = ranges;
  }

  /**
   * Before the first page.
   *
   * @param before of each range the row after which the page begins
   */
  static Cursor before(List<RangeId> ranges, List<Long> before) {
    Cursor cursor = new Cursor(ranges);
    for (int i = 0; i < ranges.size(); i++) {
      cursor.rows.put(ranges.get(i), before.get(i));
    }
    return cursor;
  }

  /**
   * @throws IllegalArgumentException if no cursor of these ranges was ever written like this
   */
  static Cursor parse(String text, List<RangeId> ranges) {
    try {
      List<Long> numbers = FollowCursor.numbers(text, ranges);
      int size = ranges.size();
      if (numbers.size() <= size || (numbers.size() - size - 1) % 2 != 0) {
        throw new IllegalArgumentException("it has another length");
      }
      Cursor cursor = before(ranges, numbers.subList(0, size));
      cursor.reached = numbers.get(size) > 0;
      for (int i = size + 1; i < numbers.size(); i += 2) {
        if (numbers.get(i) >= size) {
          throw new IllegalArgumentException("it has a range too many");
        }
        cursor.begun.put(
            ranges.get(numbers.get(i).intValue()), Math.toIntExact(numbers.get(i + 1)));
      }
      return cursor;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'%s' is no cursor of this log: %s".formatted(text, e.getMessage()), e);
    }
  }

  String text() {
    List<Long> numbers = new ArrayList<>();
    ranges.forEach(range -> numbers.add(row(range)));
    numbers.add(reached ? 1L : 0L);
    begun.forEach(
        (range, index) -> {
          numbers.add((long) ranges.indexOf(range));
          numbers.add((long) index);
        });
    return FollowCursor.text(ranges, numbers);
  }

  /** The last row of which something was taken; 0 = none. */
  long row(RangeId range) {
    return rows.getOrDefault(range, 0L);
  }

  /** Whether an entry was taken that is not before the time from which on they are wanted. */
  boolean hasReached() {
    return reached;
  }

  /** Whether an entry was taken. */
  boolean has(AuditEntry entry) {
    RangeId range = entry.recorded().range();
    long row = row(range);
    long its = entry.recorded().number();
    return its < row
        || (its == row && entry.index() <= begun.getOrDefault(range, Integer.MAX_VALUE));
  }

  /** Takes an entry; those of one range in their order. */
  void take(AuditEntry entry, long fromMillis) {
    RangeId range = entry.recorded().range();
    rows.put(range, entry.recorded().number());
    int entries =
        entry.recorded().row() instanceof RangeCommitted committed ? committed.entries().size() : 1;
    if (entry.index() < entries - 1) {
      begun.put(range, entry.index());
    } else {
      begun.remove(range);
    }
    reached |= entry.recorded().atEpochMillis() >= fromMillis;
  }
}
