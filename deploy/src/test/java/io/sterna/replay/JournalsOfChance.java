package io.sterna.replay;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.PastTable.End;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.trial.RandomJournal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The journals of some ranges, owners that overlap included, and what is read of them. */
final class JournalsOfChance {
  static final RandomJournal.Shape SHAPE = new RandomJournal.Shape(40, 6, 15);

  final Map<RangeId, List<StoredRow>> stored = new TreeMap<>();

  JournalsOfChance(int ranges, int rows, long seed) {
    for (int i = 0; i < ranges; i++) {
      RangeId range = RangeId.parse("10.10." + i + ".0/24");
      RandomJournal journal = new RandomJournal(range, SHAPE, seed);
      List<StoredRow> all = new ArrayList<>();
      while (all.size() < rows || !journal.atEndOfPlace()) {
        all.add(journal.next());
      }
      stored.put(range, all);
    }
  }

  List<Recorded> record(RangeId range) {
    List<Recorded> all = new ArrayList<>();
    RangeRecord.whole(range, rows(range).iterator()).forEachRemaining(all::add);
    return all;
  }

  /** Those of a span, of all ranges, in the order of the record's clock. */
  List<Recorded> span(long fromMillis, long toMillis) {
    List<Recorded> all = new ArrayList<>();
    stored.keySet().forEach(range -> all.addAll(record(range)));
    all.removeIf(row -> row.atEpochMillis() <= fromMillis || row.atEpochMillis() > toMillis);
    all.sort(
        Comparator.comparingLong(Recorded::atEpochMillis)
            .thenComparing(Recorded::range)
            .thenComparingLong(Recorded::number));
    return all;
  }

  PastTable at(RangeId range, long millis) {
    return PastTable.at(record(range).iterator(), End.atMillis(millis));
  }

  long lastMillis() {
    return span(Long.MIN_VALUE, Long.MAX_VALUE).stream()
        .mapToLong(Recorded::atEpochMillis)
        .max()
        .orElseThrow();
  }

  long firstMillis() {
    return span(Long.MIN_VALUE, Long.MAX_VALUE).get(0).atEpochMillis();
  }

  Set<FeId> elements(long toMillis) {
    Set<FeId> all = new TreeSet<>();
    span(Long.MIN_VALUE, toMillis)
        .forEach(
            row -> RecordedRows.told(row).changes().forEach(each -> all.add(each.binding().fe())));
    return all;
  }

  List<IpAddress> addresses() {
    List<IpAddress> all = new ArrayList<>();
    for (RangeId range : stored.keySet()) {
      at(range, Long.MAX_VALUE).everBound().stream().map(Binding::address).forEach(all::add);
    }
    return all;
  }

  /** As {@code sterna audit export} writes it. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of("{\"checkpoint\":\"not looked at\"}"));
    stored.forEach((range, rows) -> rows.forEach(row -> lines.add(line(range, row))));
    return lines;
  }

  static String line(RangeId range, StoredRow row) {
    return "{\"range\":\"%s\",\"row\":%d,\"format\":\"%s\",\"bytes\":\"%s\"}"
        .formatted(
            range, row.number(), row.format(), Base64.getEncoder().encodeToString(row.bytes()));
  }

  private List<StoredRow> rows(RangeId range) {
    return stored.getOrDefault(range, List.of());
  }
}
