package io.sterna.store.event;

import io.sterna.protocol.ChainHash;
import java.util.List;

/**
 * A batch of decisions, committed together as one journal row: a row is written wholly or not at
 * all, and nobody is told of any of its entries before it is.
 *
 * @param epoch the epoch of the owner that decided
 * @param firstRevision the revision of the first {@link Entry.Change}; later ones count on from it.
 *     Without changes: the revision that the next change will get
 * @param atEpochMillis wall clock, for people only
 * @param entries 1 to {@value #MAX_ENTRIES} decisions in the order in which they were taken
 * @param previousHash the hash of the row before this one
 * @param hash the hash of this row
 */
public record RangeCommitted(
    long epoch,
    long firstRevision,
    long atEpochMillis,
    List<Entry> entries,
    ChainHash previousHash,
    ChainHash hash)
    implements RangeEvent {
  /** Keeps a row below one mebibyte, far from the limit of a Cassandra mutation. */
  public static final int MAX_ENTRIES = 4096;

  /**
   * @throws IllegalArgumentException if the epoch or the first revision is below 1, or the number
   *     of entries is out of bounds
   */
  public RangeCommitted {
    Checks.atLeast(1, epoch, "epoch");
    Checks.atLeast(1, firstRevision, "first revision");
    entries = List.copyOf(entries);
    if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "a row has 1 to " + MAX_ENTRIES + " entries, not " + entries.size());
    }
  }

  /** The revision after this row: one below {@link #firstRevision} if nothing changed. */
  @Override
  public long lastRevision() {
    // Asked several times of each row that is read: no stream.
    long changes = 0;
    for (Entry entry : entries) {
      changes += entry instanceof Entry.Change ? 1 : 0;
    }
    return firstRevision - 1 + changes;
  }
}
