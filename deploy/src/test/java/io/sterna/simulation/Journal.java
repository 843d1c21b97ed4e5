package io.sterna.simulation;

import io.sterna.protocol.ChainHash;
import io.sterna.store.audit.Placed;
import io.sterna.store.audit.ShortCut;
import io.sterna.store.chain.History;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one range as Akka keeps them in Cassandra: by number, then by the writer's wall
 * clock. Nothing keeps two writers from writing a row of the same number.
 */
final class Journal {
  private final TreeSet<Row> rows =
      new TreeSet<>(
          Comparator.comparingLong(Row::seqNr)
              .thenComparingLong(Row::stampMillis)
              .thenComparingLong(Row::writer));
  private final TreeMap<Long, RangeSnapshot> snapshots = new TreeMap<>();

  /**
   * One row.
   *
   * @param seqNr counts the rows, as far as its writer knew them
   * @param stampMillis the writer's wall clock
   * @param writer an incarnation of a log: a restart is another
   */
  record Row(long seqNr, long stampMillis, long writer, RangeEvent event) {}

  /**
   * What a replay reads.
   *
   * @param snapshot where it begins; null = at the first row
   * @param lastSeqNr the highest number of any row
   */
  record Content(@Nullable RangeSnapshot snapshot, List<RangeEvent> rows, long lastSeqNr) {}

  /** A snapshot; 0 = none. */
  record Start(long seqNr, ChainHash hash) {
    static final Start FIRST_ROW = new Start(0, ChainHash.GENESIS);
  }

  void append(Row row) {
    rows.add(row);
  }

  /** Takes the place of what is there, and removes what is older than some, as Akka does. */
  void save(long seqNr, RangeSnapshot snapshot, long kept) {
    snapshots.put(seqNr, snapshot);
    snapshots.headMap(seqNr - kept, true).clear();
  }

  /** Where an owner that starts now begins to read. */
  Start start(Rules rules) {
    for (Map.Entry<Long, RangeSnapshot> each : snapshots.descendingMap().entrySet()) {
      long at = each.getKey();
      List<Placed> near =
          rows.stream()
              .filter(row -> row.seqNr() >= ShortCut.from(at) && row.seqNr() <= ShortCut.to(at))
              .map(row -> new Placed(row.seqNr(), row.event()))
              .toList();
      if (rules.stands(at, each.getValue(), near)) {
        return new Start(at, each.getValue().hash());
      }
    }
    return Start.FIRST_ROW;
  }

  /** What it reads; null if the snapshot is another one by now. */
  @Nullable Content read(Start start, boolean filtered) {
    long from = start.seqNr();
    RangeSnapshot snapshot = snapshots.get(from);
    if (from > 0 && (snapshot == null || !snapshot.hash().equals(start.hash()))) {
      return null;
    }
    Collection<Row> tail = rows.stream().filter(row -> row.seqNr() > from).toList();
    long last = Math.max(from, rows.isEmpty() ? 0 : rows.last().seqNr());
    return new Content(snapshot, events(tail, filtered), last);
  }

  /** The whole history, as an audit reads it. */
  List<RangeEvent> history() {
    return History.after(ChainHash.GENESIS, events(rows, false));
  }

  private static List<RangeEvent> events(Collection<Row> rows, boolean filtered) {
    Collection<Row> passed = filtered ? ReplayFilter.filter(rows) : rows;
    return passed.stream().map(Row::event).toList();
  }
}
