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
  private final Lineage lineage;
  private final RecordTail.Owners owners;
  private @Nullable String owner;
  private long atEpochMillis;
  private boolean ended;

  private RangeRecord(
      RangeId range, Iterator<StoredRow> rows, Lineage lineage, RecordTail.Owners owners) {
    this.range = range;
    this.rows = rows;
    this.lineage = lineage;
    this.owners = owners;
  }

  /**
   * From the first row.
   *
   * @param rows ascending by number; those of one number in any order
   */
  public static RangeRecord whole(RangeId range, Iterator<StoredRow> rows) {
    return new RangeRecord(range, rows, new Lineage(ChainHash.GENESIS), epoch -> "");
  }

  /**
   * From any row: what stands at the first place is believed to follow what is not read.
   *
   * @param owners says who owned the range then
   */
  public static RangeRecord part(
      RangeId range, Iterator<StoredRow> rows, RecordTail.Owners owners) {
    return new RangeRecord(range, rows, Lineage.fromAnywhere(), owners);
  }

  /**
   * From a row whose predecessor is known.
   *
   * @param previous the hash of the row that counts before the first
   */
  public static RangeRecord after(RangeId range, Iterator<StoredRow> rows, ChainHash previous) {
    return new RangeRecord(range, rows, new Lineage(previous), epoch -> "");
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
        lineage.add(new Placed(stored.number(), row)).forEach(this::accept);
      } else {
        ended = true;
        lineage.end().forEach(this::accept);
      }
    } catch (Lineage.Disconnected e) {
      throw new BrokenRecordException(range, e.number(), String.valueOf(e.getMessage()));
    }
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
    String who = owner == null ? owners.of(placed.row().epoch()) : owner;
    owner = who;
    atEpochMillis = Math.max(atEpochMillis, placed.row().atEpochMillis());
    ready.add(new Recorded(range, placed.number(), placed.row(), atEpochMillis, who));
  }
}
