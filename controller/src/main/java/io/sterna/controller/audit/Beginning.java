package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.RowSource;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeEvent;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Where in a range to begin, by halving. Any number of threads may use one. */
final class Beginning {
  /** So far apart the clocks of two owners may be for a time span to be found exactly. */
  private static final long SKEW_MILLIS = 10_000;

  /** Rows before the first wanted that are read as well, should owners have overlapped there. */
  private static final int BEFORE_ROWS = 64;

  /** So many owners are remembered: who began an epoch never changes, and each page asks. */
  private static final int OWNERS_MAX = 10_000;

  private final RowSource rows;
  private final Map<Epoch, String> owners = new ConcurrentHashMap<>();

  private record Epoch(RangeId range, long number) {}

  /**
   * @param rows of all ranges
   */
  Beginning(RowSource rows) {
    this.rows = rows;
  }

  /**
   * Where to begin for what is not before a moment. Rows of one owner are in the order of their
   * time; if an owner's clock was ahead, those of the next are not behind it. So it steps back as
   * long as the owner before was there already.
   */
  long numberFrom(RangeId range, long fromMillis) {
    if (fromMillis <= 0) {
      return 1;
    }
    Predicate<RangeEvent> wanted = row -> row.atEpochMillis() >= fromMillis - SKEW_MILLIS;
    long number = rows.firstWhere(range, holds(wanted));
    long before = beforeEpochOf(range, number);
    while (before > 0 && rows.at(range, before).stream().anyMatch(holds(wanted))) {
      long end = before;
      number = rows.firstWhere(range, row -> row.number() >= end || holds(wanted).test(row));
      before = beforeEpochOf(range, number);
    }
    return Math.max(1, number - BEFORE_ROWS);
  }

  /**
   * The last row before the epoch to which a row belongs; behind the last row, that of the last.
   */
  private long beforeEpochOf(RangeId range, long number) {
    Optional<RangeEvent> row =
        rows.at(range, number).stream()
            .flatMap(each -> event(each).stream())
            .max(Comparator.comparingLong(RangeEvent::epoch));
    if (row.isEmpty()) {
      row = rows.newest(range).flatMap(Beginning::event);
    }
    return row.map(each -> firstOf(range, each.epoch()) - 1).orElse(0L);
  }

  /** The rows that count from a number on, and some before it. */
  Iterator<Recorded> record(RangeId range, long number) {
    long first = Math.max(1, number - BEFORE_ROWS);
    return first == 1
        ? RangeRecord.whole(range, rows.rows(range, 1))
        : RangeRecord.part(range, rows.rows(range, first), epoch -> owner(range, epoch));
  }

  /** Who began an epoch; empty if that cannot be read. */
  String owner(RangeId range, long epoch) {
    Epoch asked = new Epoch(range, epoch);
    String known = owners.get(asked);
    if (known != null) {
      return known;
    }
    String found = find(range, epoch);
    if (!found.isEmpty()) {
      if (owners.size() >= OWNERS_MAX) {
        owners.clear();
      }
      owners.put(asked, found);
    }
    return found;
  }

  private String find(RangeId range, long epoch) {
    return rows.at(range, firstOf(range, epoch)).stream()
        .flatMap(each -> event(each).stream())
        .filter(each -> each.epoch() == epoch && each instanceof RangeActivated)
        .map(each -> ((RangeActivated) each).controller().value())
        .findFirst()
        .orElse("");
  }

  private long firstOf(RangeId range, long epoch) {
    return rows.firstWhere(range, holds(each -> each.epoch() >= epoch));
  }

  private static Predicate<StoredRow> holds(Predicate<RangeEvent> wanted) {
    return row -> event(row).filter(wanted).isPresent();
  }

  /** What a row says; empty if it cannot be read. */
  static Optional<RangeEvent> event(StoredRow row) {
    try {
      return Optional.of(row.open());
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }
}
