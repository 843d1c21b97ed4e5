package io.sterna.simulation;

import io.sterna.simulation.Journal.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What Akka's replay filter lets through in its default mode 'repair-by-discard-old': where several
 * writers wrote rows of the same number, those of the writer that appears later count.
 */
final class ReplayFilter {
  private static final int WINDOW = 100;
  private static final int OLD_WRITERS_MAX = 10;

  private final Deque<Row> buffer = new ArrayDeque<>();
  private final Set<Long> oldWriters = new LinkedHashSet<>();
  private final List<Row> passed = new ArrayList<>();
  private long writer = -1;
  private long seqNr;

  private ReplayFilter() {}

  static List<Row> filter(Collection<Row> rows) {
    ReplayFilter filter = new ReplayFilter();
    rows.forEach(filter::add);
    filter.passed.addAll(filter.buffer);
    return filter.passed;
  }

  private void add(Row row) {
    if (buffer.size() == WINDOW) {
      passed.add(buffer.remove());
    }
    if (row.writer() == writer) {
      if (row.seqNr() >= seqNr) {
        buffer.add(row);
        seqNr = row.seqNr();
      }
    } else if (!oldWriters.contains(row.writer())) {
      onNewWriter(row);
    }
  }

  private void onNewWriter(Row row) {
    if (writer >= 0) {
      oldWriters.add(writer);
    }
    if (oldWriters.size() > OLD_WRITERS_MAX) {
      Iterator<Long> oldest = oldWriters.iterator();
      oldest.next();
      oldest.remove();
    }
    writer = row.writer();
    seqNr = row.seqNr();
    buffer.removeIf(other -> other.seqNr() >= seqNr);
    buffer.add(row);
  }
}
