package io.sterna.controller.audit;

import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.Checkpoint;
import io.sterna.store.audit.CheckpointChain;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.RestorePlan;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.Verdict;
import io.sterna.store.cassandra.CheckpointStore;
import io.sterna.store.cassandra.RecordCheck;
import io.sterna.store.cassandra.WholeJournal;
import io.sterna.store.event.RangeEvent;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is asked of the record, from the journal and its archive alone. Blocks while
 * Cassandra answers, and reads no faster than its caller takes: for threads that may wait. Memory:
 * the table of one range, or a page of each.
 */
public final class AuditReading {
  private final WholeJournal journal;
  private final Beginning beginning;
  private final CheckpointStore checkpoints;
  private final List<PublicKey> keys;
  private final Optional<CheckpointFile> copy;

  /**
   * What need not be checked again; a call that overtakes another costs it some checks at worst.
   */
  private volatile CheckpointChain.Prefix checked = CheckpointChain.Prefix.NONE;

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
    this.beginning = new Beginning(journal);
    this.checkpoints = checkpoints;
    this.keys = List.copyOf(keys);
    this.copy = copy.map(CheckpointFile::new);
  }

  /**
   * Looks at the cursor of a page before anything is read.
   *
   * @throws IllegalArgumentException if no log of these ranges gave it
   */
  public static void check(Optional<String> cursor, List<RangeId> ranges) {
    cursor.ifPresent(text -> Cursor.parse(text, ranges));
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
    return new LogPage(beginning, ranges).read(filter, after, limit, view);
  }

  /** One row that counts; empty if none of this number does. */
  public Optional<Recorded> row(RangeId range, long number) {
    Iterator<Recorded> record = beginning.record(range, number);
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

  /**
   * All checkpoints, checked. To be read before the rows. Each signature is checked once, as long
   * as the checkpoints up to it stay what they were.
   */
  public CheckpointChain checkpoints() {
    // Before the store, to which each is written first: so no checkpoint is in the copy only.
    long copied = copy.map(CheckpointFile::bytes).orElse(0L);
    CheckpointChain chain = new CheckpointChain(keys, checked);
    checkpoints.forEach(chain::add);
    if (!chain.trustHeld()) {
      chain = new CheckpointChain(keys);
      checkpoints.forEach(chain::add);
    }
    checked = chain.checkedPrefix();
    if (copy.isPresent()) {
      copy.get().read(copied, chain::addFromCopy, chain::badCopy);
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

  /** Where to begin in a range. */
  Beginning beginning() {
    return beginning;
  }

  private long atMillis(StoredRow row) {
    return Beginning.event(row).map(RangeEvent::atEpochMillis).orElse(0L);
  }
}
