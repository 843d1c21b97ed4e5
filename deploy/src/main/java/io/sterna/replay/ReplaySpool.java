package io.sterna.replay;

import io.sterna.loadgen.schedule.VmList;
import io.sterna.loadgen.schedule.Vms;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.store.audit.BrokenRecordException;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeCommitted;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * A span of the record, read once and kept in a file until it is replayed: an export has range
 * after range, a replay needs them side by side. So a cluster is asked once, as fast as it answers,
 * and holds nothing open for as long as a replay takes.
 *
 * <p>In memory: addresses and elements, and while a range is read its table.
 */
public final class ReplaySpool implements Closeable {
  private final SpoolFile file;
  private final List<Part> parts = new ArrayList<>();
  private final TreeSet<FeId> elements = new TreeSet<>();
  private final List<IpAddress> addresses = new ArrayList<>();
  private long firstMillis = Long.MAX_VALUE;
  private long lastMillis = Long.MIN_VALUE;
  private long rows;

  /**
   * One range.
   *
   * @param before what it held when the span began
   * @param rowsFrom where its rows begin in the file
   * @param after what it held when the span ended
   * @param broken why it was read no further
   */
  record Part(RangeId range, Kept before, long rowsFrom, Kept after, Optional<Broken> broken) {}

  /** A table in the file. */
  record Kept(RangePosition position, long row, long from, long to) {}

  /** A row that cannot be read. */
  record Broken(long row, long revision, long atEpochMillis, String why) {}

  private ReplaySpool(SpoolFile file) {
    this.file = file;
  }

  /**
   * Reads a span.
   *
   * @param fromMillis what was written until then, this included, is what the span begins with
   * @param toMillis what was written after it is no part of it
   */
  public static ReplaySpool read(ExportLines export, long fromMillis, long toMillis)
      throws ReplayException {
    ReplaySpool spool = null;
    try {
      spool = new ReplaySpool(SpoolFile.create());
      Optional<RangeId> range = export.next();
      while (range.isPresent()) {
        spool.read(
            range.get(), RangeRecord.whole(range.get(), export.rows()), fromMillis, toMillis);
        range = export.next();
      }
      spool.file.written();
      return spool;
    } catch (IOException | UncheckedIOException e) {
      if (spool != null) {
        spool.close();
      }
      Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
      throw new ReplayException(
          cause == null ? String.valueOf(e.getMessage()) : String.valueOf(cause.getMessage()), e);
    }
  }

  private void read(RangeId range, RangeRecord record, long fromMillis, long toMillis)
      throws IOException {
    PastTable table = new PastTable();
    Kept before = null;
    long rowsFrom = 0;
    long lastOfRange = 0;
    Optional<Broken> broken = Optional.empty();
    try {
      while (record.hasNext()) {
        Recorded next = record.next();
        lastOfRange = next.atEpochMillis();
        firstMillis = Math.min(firstMillis, lastOfRange);
        lastMillis = Math.max(lastMillis, lastOfRange);
        if (lastOfRange > toMillis) {
          break;
        }
        if (before == null && lastOfRange > fromMillis) {
          before = keep(range, table);
          rowsFrom = file.position();
        }
        if (before != null) {
          file.append(next);
          name(next);
          rows++;
        }
        table.apply(next.number(), next.row());
      }
    } catch (BrokenRecordException e) {
      broken =
          Optional.of(
              new Broken(
                  e.number(), table.revision(), lastOfRange, String.valueOf(e.getMessage())));
    }
    if (before == null) {
      before = keep(range, table);
      rowsFrom = file.position();
    }
    Kept after = keep(range, table);
    for (Binding each : table.everBound()) {
      addresses.add(each.address());
      elements.add(each.fe());
    }
    parts.add(new Part(range, before, rowsFrom, after, broken));
  }

  private void name(Recorded recorded) {
    if (recorded.row() instanceof RangeCommitted committed) {
      for (Entry entry : committed.entries()) {
        if (entry instanceof Entry.Change change) {
          elements.add(change.binding().fe());
        }
      }
    }
  }

  private Kept keep(RangeId range, PastTable table) throws IOException {
    RangePosition position =
        new RangePosition(range, table.epoch(), table.revision(), table.hash());
    long from = file.position();
    if (table.number() > 0) {
      List<Binding> bindings = table.everBound();
      bindings.forEach(each -> elements.add(each.fe()));
      file.append(position, bindings);
    }
    return new Kept(position, table.number(), from, file.position());
  }

  List<Part> parts() {
    return parts;
  }

  /** What a range held; nothing if it had no row yet. */
  List<Binding> bindings(Kept kept) {
    return kept.row() == 0 ? List.of() : file.bindings(kept.from(), kept.to());
  }

  /** The rows of a range within the span, in order. */
  Iterator<Recorded> rows(Part part) {
    return file.rows(part.range(), part.rowsFrom(), part.after().from());
  }

  /** How many rows the span has. */
  public long rowCount() {
    return rows;
  }

  /** When the first row of the whole record was written; empty = there is none. */
  public OptionalLong firstMillis() {
    return parts.isEmpty() || firstMillis == Long.MAX_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(firstMillis);
  }

  /** When the newest row was written that was read: one behind the span is looked at too. */
  public OptionalLong lastMillis() {
    return lastMillis == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(lastMillis);
  }

  /** The elements that anything was bound to, when the span began or later. */
  public Set<FeId> elements() {
    return elements;
  }

  /** Every VM that was ever bound until the span ended. */
  public Vms vms() {
    return new VmList(addresses);
  }

  /** The ranges. */
  public List<RangeId> ranges() {
    return parts.stream().map(Part::range).toList();
  }

  @Override
  public void close() {
    file.close();
  }
}
