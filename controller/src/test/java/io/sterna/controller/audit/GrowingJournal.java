package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.NextRows;
import io.sterna.store.audit.RecordTail;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.trial.RandomJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Journals of some ranges that grow while they are read, with owners that fail over. */
public final class GrowingJournal implements FollowedJournal {
  /** Few, so that a part ends within what may be in doubt. */
  private static final long PARTITION_ROWS = 20;

  private static final RandomJournal.Shape SHAPE = new RandomJournal.Shape(40, 6, 15);

  private final Map<RangeId, List<StoredRow>> rows = new TreeMap<>();
  private final Map<RangeId, Integer> there = new TreeMap<>();
  private final Map<RangeId, List<Recorded>> whole;
  private final IdentityHashMap<StoredRow, Long> epochs = new IdentityHashMap<>();

  /** Nothing is there yet. */
  public GrowingJournal(int ranges, int rowsOfEach, long seed) {
    for (int i = 0; i < ranges; i++) {
      RangeId range = RangeId.parse("10.10." + i + ".0/24");
      RandomJournal journal = new RandomJournal(range, SHAPE, seed);
      List<StoredRow> all = new ArrayList<>();
      while (all.size() < rowsOfEach || !journal.atEndOfPlace()) {
        all.add(journal.next());
      }
      rows.put(range, all);
      there.put(range, 0);
      all.forEach(row -> epochs.put(row, event(row).epoch()));
    }
    whole = LogFollowerTest.whole(rows);
  }

  /** The ranges, in order. */
  public List<RangeId> ranges() {
    return List.copyOf(rows.keySet());
  }

  /** Lets more rows be there; false if all are. */
  public synchronized boolean grow(Random random, int mostOfEach) {
    boolean grown = false;
    for (RangeId range : ranges()) {
      int before = there.getOrDefault(range, 0);
      int after = Math.min(of(range).size(), before + random.nextInt(mostOfEach + 1));
      there.put(range, after);
      grown |= before < of(range).size();
    }
    return grown;
  }

  /** All that counts in the end. */
  public Map<RangeId, List<Recorded>> whole() {
    return whole;
  }

  @Override
  public synchronized Map<RangeId, List<StoredRow>> next(Map<RangeId, Long> from, int rowsMax) {
    Map<RangeId, List<StoredRow>> next = new HashMap<>();
    from.forEach(
        (range, number) ->
            next.put(
                range,
                NextRows.across(
                    part(range, number, rowsMax), rowsMax, (at, more) -> part(range, at, more))));
    return next;
  }

  /** As in Cassandra: only what lies in the number's partition. */
  private List<StoredRow> part(RangeId range, long number, int rowsMax) {
    long end = ((number - 1) / PARTITION_ROWS + 1) * PARTITION_ROWS;
    return seen(range).stream()
        .filter(row -> row.number() >= number && row.number() <= end)
        .limit(rowsMax)
        .toList();
  }

  /** Who writes at the next place has taken its epoch already. */
  @Override
  public synchronized Map<RangeId, RecordTail.Latest> latest() {
    Map<RangeId, RecordTail.Latest> latest = new HashMap<>();
    for (RangeId range : ranges()) {
      long place = newest(range) + 1;
      of(range).stream()
          .filter(row -> row.number() <= place)
          .mapToLong(row -> epochs.getOrDefault(row, 0L))
          .max()
          .ifPresent(
              epoch -> latest.put(range, new RecordTail.Latest(epoch, controller(range, epoch))));
    }
    return latest;
  }

  @Override
  public synchronized long newest(RangeId range) {
    List<StoredRow> seen = seen(range);
    return seen.isEmpty() ? 0 : seen.get(seen.size() - 1).number();
  }

  @Override
  public long before(RangeId range, long fromMillis) {
    return 0;
  }

  @Override
  public String owner(RangeId range, long epoch) {
    return controller(range, epoch);
  }

  private String controller(RangeId range, long epoch) {
    return whole().getOrDefault(range, List.of()).stream()
        .filter(row -> row.row().epoch() == epoch)
        .map(Recorded::owner)
        .findFirst()
        .orElse("nobody");
  }

  private List<StoredRow> seen(RangeId range) {
    return of(range).subList(0, there.getOrDefault(range, 0));
  }

  private List<StoredRow> of(RangeId range) {
    return rows.getOrDefault(range, List.of());
  }

  private static RangeEvent event(StoredRow row) {
    try {
      return row.open();
    } catch (MalformedRecordException e) {
      throw new AssertionError(e);
    }
  }
}
