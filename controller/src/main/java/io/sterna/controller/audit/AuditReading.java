package io.sterna.controller.audit;

import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.Checkpoint;
import io.sterna.store.audit.CheckpointChain;
import io.sterna.store.audit.MergedLog;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.RestorePlan;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.Verdict;
import io.sterna.store.cassandra.CheckpointStore;
import io.sterna.store.cassandra.RecordCheck;
import io.sterna.store.cassandra.WholeJournal;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is asked of the record, from the journal and its archive alone. Blocks while
 * Cassandra answers, and reads no faster than its caller takes: for threads that may wait. Memory:
 * the table of one range, or a page of each.
 */
public final class AuditReading {
  /** So far apart the clocks of two owners may be for a time span to be found exactly. */
  private static final long SKEW_MILLIS = 10_000;

  /** Rows before the first wanted that are read as well, should owners have overlapped there. */
  private static final int BEFORE_ROWS = 64;

  /** After so many rows a page ends, however few entries were asked for. */
  private static final int PAGE_ROWS_MAX = 100_000;

  private final WholeJournal journal;
  private final CheckpointStore checkpoints;
  private final List<PublicKey> keys;
  private final Optional<Path> copy;

  /**
   * A part of the log.
   *
   * @param next where the next begins; null = it was read to its end
   */
  public record Page<V>(List<V> entries, @Nullable String next) {}

  /**
   * When the first and the newest row were written.
   *
   * @param first empty = there is none
   */
  public record Span(OptionalLong first, OptionalLong last) {
    /** Of no rows. */
    public static final Span NOTHING = new Span(OptionalLong.empty(), OptionalLong.empty());

    /** Of the rows of both. */
    public Span with(Span other) {
      if (first.isEmpty() || last.isEmpty()) {
        return other;
      }
      return new Span(
          OptionalLong.of(Math.min(first.getAsLong(), other.first.orElse(Long.MAX_VALUE))),
          OptionalLong.of(Math.max(last.getAsLong(), other.last.orElse(Long.MIN_VALUE))));
    }
  }

  /**
   * Reads by these.
   *
   * @param keys whose signatures are believed
   * @param copy a file with checkpoints that must be in the store as well; it need not be there
   */
  public AuditReading(
      WholeJournal journal,
      CheckpointStore checkpoints,
      Collection<PublicKey> keys,
      Optional<Path> copy) {
    this.journal = journal;
    this.checkpoints = checkpoints;
    this.keys = List.copyOf(keys);
    this.copy = copy;
  }

  /**
   * A page of the log, oldest entry first.
   *
   * @param ranges whose entries
   * @param after the cursor of the page before; empty = from the beginning
   * @param view what is kept of an entry: an entry itself keeps its whole row in memory
   */
  public <V> Page<V> log(
      List<RangeId> ranges,
      AuditFilter filter,
      Optional<String> after,
      int limit,
      Function<AuditEntry, V> view) {
    AuditEntry.@Nullable Place from = after.map(Cursor::parse).orElse(null);
    long fromMillis = Math.max(filter.fromMillis(), from == null ? 0 : from.atEpochMillis());
    List<Iterator<Recorded>> records = new ArrayList<>();
    for (RangeId range : ranges) {
      records.add(recordFrom(range, fromMillis));
    }
    MergedLog log = new MergedLog(records);
    List<V> page = new ArrayList<>();
    AuditEntry.@Nullable Place last = null;
    while (log.hasNext()) {
      if (last != null && (page.size() == limit || log.rowsRead() > PAGE_ROWS_MAX)) {
        return new Page<>(page, Cursor.text(last));
      }
      AuditEntry entry = log.next();
      if (entry.recorded().atEpochMillis() > filter.toMillis()) {
        break;
      }
      if (from != null && entry.place().compareTo(from) <= 0) {
        continue;
      }
      last = entry.place();
      if (filter.matches(entry)) {
        page.add(view.apply(entry));
      }
    }
    return new Page<>(page, null);
  }

  /** One row that counts; empty if none of this number does. */
  public Optional<Recorded> row(RangeId range, long number) {
    Iterator<Recorded> record = part(range, Math.max(1, number - BEFORE_ROWS));
    while (record.hasNext()) {
      Recorded next = record.next();
      if (next.number() >= number) {
        return Optional.of(next).filter(found -> found.number() == number);
      }
    }
    return Optional.empty();
  }

  /** The table of a range at a moment, rebuilt from its first row on. */
  public PastTable at(RangeId range, PastTable.End end) {
    return PastTable.at(whole(range), end);
  }

  /** What differs in a range between two moments. */
  public List<PastTable.Difference> between(RangeId range, PastTable.End from, PastTable.End to) {
    return PastTable.between(whole(range), from, to);
  }

  /** What brings a range back to a moment, from what its rows say up to one of them. */
  public RestorePlan restore(
      RangeId range, PastTable.End then, long lastRow, Optional<IpPrefix> prefix) {
    return RestorePlan.of(whole(range), then, lastRow, prefix);
  }

  /** Checks a range against itself, its archive, its snapshots and what was signed. */
  public Verdict verify(RangeId range, CheckpointChain signed) {
    return RecordCheck.verify(journal, range, signed.heads(range));
  }

  /** All checkpoints, checked. To be read before the rows. */
  public CheckpointChain checkpoints() {
    CheckpointChain chain = new CheckpointChain(keys);
    checkpoints.forEach(chain::add);
    if (copy.isPresent() && Files.exists(copy.get())) {
      try (Stream<String> lines = Files.lines(copy.get())) {
        lines.map(CheckpointFile::parse).forEach(chain::addFromCopy);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + copy.get(), e);
      }
    }
    return chain;
  }

  /** All checkpoints as they are. */
  public Iterator<Checkpoint> storedCheckpoints() {
    return checkpoints.all();
  }

  /** All rows of a range as they are. */
  public Iterator<StoredRow> stored(RangeId range) {
    return journal.rows(range, 1);
  }

  /** From when to when there is something on record of a range. */
  public Span span(RangeId range) {
    OptionalLong first = journal.at(range, 1).stream().mapToLong(this::atMillis).min();
    Optional<StoredRow> newest = journal.newest(range);
    return first.isEmpty() || newest.isEmpty()
        ? Span.NOTHING
        : new Span(first, OptionalLong.of(atMillis(newest.get())));
  }

  private Iterator<Recorded> whole(RangeId range) {
    return RangeRecord.whole(range, journal.rows(range, 1));
  }

  private Iterator<Recorded> recordFrom(RangeId range, long fromMillis) {
    return part(range, numberFrom(range, fromMillis));
  }

  /** Where to begin for what is not before a moment. */
  long numberFrom(RangeId range, long fromMillis) {
    if (fromMillis <= 0) {
      return 1;
    }
    long from = fromMillis - SKEW_MILLIS;
    long number = journal.firstWhere(range, holds(row -> row.atEpochMillis() >= from));
    return Math.max(1, number - BEFORE_ROWS);
  }

  private Iterator<Recorded> part(RangeId range, long number) {
    if (number == 1) {
      return whole(range);
    }
    return RangeRecord.part(range, journal.rows(range, number), owner(range, number));
  }

  /** Who owned a range when a row was written; empty if that cannot be read. */
  String owner(RangeId range, long number) {
    Optional<RangeEvent> row = journal.at(range, number).stream().findFirst().flatMap(this::event);
    if (row.isEmpty()) {
      return "";
    }
    long epoch = row.get().epoch();
    long began = journal.firstWhere(range, holds(each -> each.epoch() >= epoch));
    return journal.at(range, began).stream()
        .flatMap(each -> event(each).stream())
        .filter(each -> each.epoch() == epoch && each instanceof RangeActivated)
        .map(each -> ((RangeActivated) each).controller().value())
        .findFirst()
        .orElse("");
  }

  private Predicate<StoredRow> holds(Predicate<RangeEvent> wanted) {
    return row -> event(row).filter(wanted).isPresent();
  }

  private Optional<RangeEvent> event(StoredRow row) {
    try {
      return Optional.of(row.open());
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }

  private long atMillis(StoredRow row) {
    return event(row).map(RangeEvent::atEpochMillis).orElse(0L);
  }
}
