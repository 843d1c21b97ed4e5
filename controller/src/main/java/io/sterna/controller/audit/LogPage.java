package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.MergedLog;
import io.sterna.store.audit.Recorded;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a page of the log, and goes on in each range exactly where the page before ended. */
final class LogPage {
  /** After so many rows a page ends, however few entries were asked for. */
  private static final int ROWS_MAX = 100_000;

  private final Beginning beginning;
  private final List<RangeId> ranges;

  LogPage(Beginning beginning, List<RangeId> ranges) {
    this.beginning = beginning;
    this.ranges = List.copyOf(ranges);
  }

  <V> AuditReading.Page<V> read(
      AuditFilter filter, Optional<String> after, int limit, Function<AuditEntry, V> view) {
    Cursor cursor =
        after.map(text -> Cursor.parse(text, ranges)).orElseGet(() -> begin(filter.fromMillis()));
    // What comes after an entry of a range is not before it, whatever clocks said; and a time that
    // counts from now is a later one on each page.
    AuditFilter wanted = cursor.hasReached() ? filter.fromAnyTime() : filter;
    List<Iterator<Recorded>> records = new ArrayList<>();
    ranges.forEach(range -> records.add(beginning.record(range, cursor.row(range) + 1)));
    MergedLog log = new MergedLog(records);
    List<V> page = new ArrayList<>();
    boolean any = false;
    while (log.hasNext()) {
      if (any && (page.size() == limit || log.rowsRead() > ROWS_MAX)) {
        return new AuditReading.Page<>(page, cursor.text());
      }
      AuditEntry entry = log.next();
      if (cursor.has(entry)) {
        continue;
      }
      if (entry.recorded().atEpochMillis() > filter.toMillis()) {
        break;
      }
      cursor.take(entry, filter.fromMillis());
      any = true;
      if (wanted.matches(entry)) {
        page.add(view.apply(entry));
      }
    }
    return new AuditReading.Page<>(page, null);
  }

  private Cursor begin(long fromMillis) {
    List<Long> before = new ArrayList<>();
    ranges.forEach(range -> before.add(beginning.numberFrom(range, fromMillis) - 1));
    return Cursor.before(ranges, before);
  }
}
