package io.sterna.store.chain;

import io.sterna.protocol.ChainHash;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a journal count. Nothing keeps an owner that was paused or cut off from writing a
 * row after its successor has read the journal, at the same place as a row of the successor, or
 * after a third owner has read it: then rows of several owners follow the same row.
 *
 * <p>What counts is the newest row of the highest epoch, and what it follows. Whoever wrote it had
 * read everything that owners before it acknowledged; what it had not read, nobody acknowledged. No
 * clock and no order of arrival decides.
 */
public final class History {
  private History() {}

  /**
   * The rows that count, in order.
   *
   * @param base the hash of the row before the first; {@link ChainHash#GENESIS} or a snapshot's
   * @param rows all rows of the journal after that, ascending by number; those of one number in any
   *     order
   */
  public static List<RangeEvent> after(ChainHash base, Collection<? extends RangeEvent> rows) {
    Map<ChainHash, RangeEvent> connected = new HashMap<>();
    RangeEvent newest = null;
    for (RangeEvent row : rows) {
      if (row.previousHash().equals(base) || connected.containsKey(row.previousHash())) {
        connected.put(row.hash(), row);
        if (newest == null || row.epoch() >= newest.epoch()) {
          newest = row;
        }
      }
    }
    return pathTo(newest, connected);
  }

  private static List<RangeEvent> pathTo(
      @Nullable RangeEvent newest, Map<ChainHash, RangeEvent> connected) {
    Deque<RangeEvent> path = new ArrayDeque<>();
    RangeEvent row = newest;
    while (row != null) {
      path.addFirst(row);
      row = connected.get(row.previousHash());
    }
    return List.copyOf(path);
  }
}
