package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a range that count, in order. Each is checked against its hash and the row before it:
 * a changed or missing row ends the reading with a {@link BrokenRecordException}, and is never
 * passed over. Reads ahead a few rows only. Not thread-safe.
 */
public final class RangeRecord implements Iterator<Recorded> {
  private final RangeId range;
  private final Iterator<StoredRow> rows;
  private final Queue<Recorded> ready = new ArrayDeque<>();
  private @Nullable Lineage lineage;
  private String owner;
  private long atEpochMillis;
  private boolean ended;

  private RangeRecord(
      RangeId range, Iterator<StoredRow> rows, @Nullable Lineage lineage, String owner) {
    this.range = range;
    this.rows = rows;
    this.lineage = lineage;
    this.owner = owner;
  }

  /**
   * From the first row.
   *
   * @param rows ascending by number; those of one number in any order
   */
  public static RangeRecord whole(RangeId range, Iterator<StoredRow> rows) {
    return new RangeRecord(range, rows, new Lineage(ChainHash.GENESIS), "");
  }

  /**
   * From any row: the first is believed to follow what is not read.
   *
   * @param owner who owned the range then; empty if unknown
   */
  public static RangeRecord part(RangeId range, Iterator<StoredRow> rows, String owner) {
    return new RangeRecord(range, rows, null, owner);
  }

  /**
   * From a row whose predecessor is known.
   *
   * @param previous the hash of the row that counts before the first
   */
  public static RangeRecord after(RangeId range, Iterator<StoredRow> rows, ChainHash previous) {
    return new RangeRecord(range, rows, new Lineage(previous), "");
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !ended) {
      advance();
    }
    return !ready.isEmpty();
  }

  @Override
  public Recorded next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void advance() {
    try {
      if (rows.hasNext()) {
        StoredRow stored = rows.next();
        RangeEvent row = open(stored);
        lineage(row).add(new Placed(stored.number(), row)).forEach(this::accept);
      } else {
        ended = true;
        if (lineage != null) {
          lineage.end().forEach(this::accept);
        }
      }
    } catch (Lineage.Disconnected e) {
      throw new BrokenRecordException(range, e.number(), String.valueOf(e.getMessage()));
    }
  }

  private Lineage lineage(RangeEvent first) {
    if (lineage == null) {
      lineage = new Lineage(first.previousHash());
    }
    return lineage;
  }

  private RangeEvent open(StoredRow stored) {
    try {
      return stored.open();
    } catch (MalformedRecordException e) {
      throw new BrokenRecordException(range, stored.number(), String.valueOf(e.getMessage()));
    }
  }

  private void accept(Placed placed) {
    if (placed.row() instanceof RangeActivated activated) {
      if (!activated.range().equals(range)) {
        throw new BrokenRecordException(
            range, placed.number(), "it is a row of range " + activated.range());
      }
      owner = activated.controller().value();
    }
    atEpochMillis = Math.max(atEpochMillis, placed.row().atEpochMillis());
    ready.add(new Recorded(range, placed.number(), placed.row(), atEpochMillis, owner));
  }
}
