package io.sterna.store.audit;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The entries of several ranges in one order: by time for people. Within a range the order is that
 * of the rows. Holds one row of each range. Not thread-safe.
 */
public final class MergedLog implements Iterator<AuditEntry> {
  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(Comparator.comparing(source -> source.next.place()));
  private long rowsRead;

  private static final class Source {
    private final Iterator<Recorded> record;
    private final Queue<AuditEntry> entries = new ArrayDeque<>();
    private AuditEntry next;

    Source(Iterator<Recorded> record) {
      this.record = record;
      this.next = read();
    }

    private AuditEntry read() {
      if (entries.isEmpty()) {
        entries.addAll(AuditEntry.of(record.next()));
      }
      return entries.remove();
    }

    boolean hasMore() {
      return !entries.isEmpty() || record.hasNext();
    }
  }

  /** Merges the records of ranges. */
  public MergedLog(List<? extends Iterator<Recorded>> records) {
    for (Iterator<Recorded> record : records) {
      if (record.hasNext()) {
        sources.add(new Source(record));
        rowsRead++;
      }
    }
  }

  /** How many rows were read, whether or not anybody wanted them. */
  public long rowsRead() {
    return rowsRead;
  }

  @Override
  public boolean hasNext() {
    return !sources.isEmpty();
  }

  @Override
  public AuditEntry next() {
    Source source = sources.poll();
    if (source == null) {
      throw new NoSuchElementException();
    }
    AuditEntry entry = source.next;
    if (source.hasMore()) {
      rowsRead += source.entries.isEmpty() ? 1 : 0;
      source.next = source.read();
      sources.add(source);
    }
    return entry;
  }
}
