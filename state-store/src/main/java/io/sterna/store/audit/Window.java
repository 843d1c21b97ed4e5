package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a journal where not simply one row follows the other, looked at as a whole. Tells
 * where each row belongs by the hashes that they name of each other, wherever they are stored: from
 * the last sure row before it on, and from the first sure row behind it back. A row is where it
 * belongs, or stands elsewhere, or belongs nowhere.
 *
 * <p>A row between two lost ones is confirmed by neither. It is believed if its own hash is right
 * and it can follow what is known.
 */
final class Window {
  /** A row as it was found; two that say the same are still two. */
  static final class Found {
    private final long number;
    private final @Nullable RangeEvent row;
    private final String wrong;

    /**
     * @param row null if its bytes are not what its hash covers
     * @param wrong what is wrong with them
     */
    Found(long number, @Nullable RangeEvent row, String wrong) {
      this.number = number;
      this.row = row;
      this.wrong = wrong;
    }

    long number() {
      return number;
    }

    @Nullable RangeEvent row() {
      return row;
    }

    String wrong() {
      return wrong;
    }
  }

  private final Found before;
  private final List<Found> found;
  private final boolean tailIsSure;

  /** Mostly one each; somebody may have copied a row. */
  private final Map<ChainHash, List<Found>> byHash = new LinkedHashMap<>();

  private final Map<ChainHash, List<Found>> followers = new HashMap<>();

  /** What belongs where. */
  private final TreeMap<Long, Found> belongs = new TreeMap<>();

  private final Map<ChainHash, Long> places = new HashMap<>();

  /**
   * @param before the last sure row; at place 0 with no event at the beginning of a journal
   * @param found all rows after it
   * @param tailIsSure whether the last of them is
   */
  Window(Found before, List<Found> found, boolean tailIsSure) {
    this.before = before;
    this.found = found;
    this.tailIsSure = tailIsSure;
    for (Found each : found) {
      if (each.row() != null) {
        byHash.computeIfAbsent(each.row().hash(), h -> new ArrayList<>()).add(each);
        followers.computeIfAbsent(each.row().previousHash(), h -> new ArrayList<>()).add(each);
      }
    }
    fromTheTail();
    fromTheFront();
    between();
  }

  private ChainHash base() {
    return before.row() == null ? ChainHash.GENESIS : before.row().hash();
  }

  private void fromTheTail() {
    if (!tailIsSure || found.isEmpty()) {
      return;
    }
    Found at = found.get(found.size() - 1);
    long place = at.number();
    while (at != null && at.row() != null && place > before.number()) {
      belongs(place, at);
      place--;
      at = any(at.row().previousHash());
    }
  }

  /** The way that goes to the highest epoch, of these the longest. */
  private void fromTheFront() {
    long place = before.number() + 1;
    for (Found each : bestWay(base())) {
      if (belongs.containsKey(place) || placeOf(each) != null) {
        break;
      }
      belongs(place, each);
      place++;
    }
    // Who is not the one that its successor names is not the one that was there.
    Found next = belongs.get(place);
    Found end = belongs.get(place - 1);
    if (next != null && next.row() != null && end != null) {
      if (!next.row().previousHash().equals(hash(end))) {
        belongs.remove(place - 1);
        places.remove(hash(end));
      }
    }
  }

  private List<Found> bestWay(ChainHash from) {
    Map<ChainHash, ChainHash> cameFrom = new LinkedHashMap<>();
    Map<ChainHash, Integer> depths = new HashMap<>(Map.of(from, 0));
    List<ChainHash> open = new ArrayList<>(List.of(from));
    @Nullable Found best = null;
    int bestDepth = 0;
    for (int i = 0; i < open.size(); i++) {
      ChainHash at = open.get(i);
      for (Found next : followers.getOrDefault(at, List.of())) {
        ChainHash hash = hash(next);
        if (cameFrom.putIfAbsent(hash, at) != null) {
          continue;
        }
        int depth = depths.getOrDefault(at, 0) + 1;
        depths.put(hash, depth);
        open.add(hash);
        long epoch = epoch(next);
        if (best == null || epoch > epoch(best) || (epoch == epoch(best) && depth > bestDepth)) {
          best = next;
          bestDepth = depth;
        }
      }
    }
    List<Found> way = new ArrayList<>();
    for (Found at = best; at != null && way.size() < bestDepth; ) {
      way.add(0, at);
      at = at.row() == null ? null : any(at.row().previousHash());
    }
    return way;
  }

  /** Rows whose predecessor is lost, and whose successor is lost or never was. */
  private void between() {
    for (Found each : found) {
      RangeEvent row = each.row();
      if (row == null || placeOf(each) != null || belongs.containsKey(each.number())) {
        continue;
      }
      boolean root = !byHash.containsKey(row.previousHash()) && !row.previousHash().equals(base());
      boolean predecessorLost =
          each.number() > before.number() + 1 && !belongs.containsKey(each.number() - 1);
      if (!root || !predecessorLost || !fitsBetween(each)) {
        continue;
      }
      List<Found> segment = bestWay(row.previousHash());
      if (segment.contains(each) && !belongs.containsKey(each.number() + segment.size())) {
        long place = each.number();
        for (Found member : segment) {
          belongs(place, member);
          place++;
        }
      }
    }
  }

  private boolean fitsBetween(Found each) {
    RangeEvent row = each.row();
    if (row == null) {
      return false;
    }
    Map.Entry<Long, Found> lower = belongs.lowerEntry(each.number());
    Map.Entry<Long, Found> higher = belongs.higherEntry(each.number());
    RangeEvent low = lower == null ? before.row() : lower.getValue().row();
    RangeEvent high = higher == null ? null : higher.getValue().row();
    return (low == null
            || (low.epoch() <= row.epoch() && low.lastRevision() <= firstRevision(row) - 1))
        && (high == null
            || (row.epoch() <= high.epoch() && row.lastRevision() <= firstRevision(high) - 1));
  }

  private void belongs(long place, Found found) {
    Found there = instance(hash(found), place);
    belongs.put(place, there == null ? found : there);
    places.put(hash(found), place);
  }

  private @Nullable Found any(ChainHash hash) {
    List<Found> all = byHash.get(hash);
    return all == null ? null : all.get(0);
  }

  private @Nullable Found instance(ChainHash hash, long number) {
    return byHash.getOrDefault(hash, List.of()).stream()
        .filter(each -> each.number() == number)
        .findFirst()
        .orElse(null);
  }

  /** Where a row belongs; null = nowhere. */
  @Nullable Long placeOf(Found found) {
    return found.row() == null ? null : places.get(found.row().hash());
  }

  /** The row that belongs at a place; null if it is lost. */
  @Nullable Found at(long place) {
    return belongs.get(place);
  }

  /** Whether this very row is where it belongs; a copy of it elsewhere is not. */
  boolean isInPlace(Found each) {
    return belongs.get(each.number()) == each;
  }

  /**
   * Rows that an owner can have written after its time: beside the row that counts, of an epoch of
   * its own, following what stood there.
   */
  Set<Found> discarded() {
    Set<Found> discarded = new LinkedHashSet<>();
    for (Found each : found) {
      RangeEvent row = each.row();
      if (row == null || placeOf(each) != null || instance(row.hash(), each.number()) != each) {
        continue;
      }
      Found counts = belongs.get(each.number());
      boolean ownEpoch =
          (counts == null ? each.number() > lastPlace() : epoch(counts) != row.epoch())
              && discarded.stream()
                  .noneMatch(
                      other -> other.number() == each.number() && epoch(other) == row.epoch());
      if (ownEpoch && isLate(each, row, counts, discarded)) {
        discarded.add(each);
      }
    }
    return discarded;
  }

  private boolean isLate(Found each, RangeEvent row, @Nullable Found counts, Set<Found> discarded) {
    if (each.number() == before.number() + 1 && row.previousHash().equals(base())) {
      return follows(before.row(), row);
    }
    Found parent = instance(row.previousHash(), each.number() - 1);
    if (parent != null) {
      return (isInPlace(parent) || discarded.contains(parent)) && follows(parent.row(), row);
    }
    // The row that both follow is lost: it is the one that the row that counts names.
    RangeEvent counted = counts == null ? null : counts.row();
    return counted != null && counted.previousHash().equals(row.previousHash());
  }

  private long lastPlace() {
    return belongs.isEmpty() ? before.number() : belongs.lastKey();
  }

  /** Whether epoch and revision of a row follow those of the row before it. */
  static boolean follows(@Nullable RangeEvent previous, RangeEvent row) {
    long epoch = previous == null ? 0 : previous.epoch();
    long revision = previous == null ? 0 : previous.lastRevision();
    return row instanceof RangeActivated
        ? row.epoch() > epoch && row.lastRevision() == revision
        : row.epoch() == epoch && firstRevision(row) == revision + 1;
  }

  static long firstRevision(RangeEvent row) {
    return row instanceof RangeCommitted committed
        ? committed.firstRevision()
        : row.lastRevision() + 1;
  }

  private static ChainHash hash(Found found) {
    RangeEvent row = found.row();
    if (row == null) {
      throw new IllegalArgumentException("row " + found.number() + " has no hash");
    }
    return row.hash();
  }

  static long epoch(Found found) {
    RangeEvent row = found.row();
    return row == null ? 0 : row.epoch();
  }
}
