package io.sterna.store.trial;

import io.sterna.protocol.RangeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What somebody does who writes straight into the store.
 *
 * @param kind how
 * @param steps what is written and removed
 * @param hit the rows that are not as they were any more, and must be named
 */
public record Tampering(Kind kind, List<Step> steps, Set<Place> hit) {
  /** The ways to tamper with a journal. */
  public enum Kind {
    /** One byte of a row is another. */
    ALTER_BYTE,
    /** A row is removed. */
    DELETE_ROW,
    /** A row of the journal is copied to another place, beside the row there or behind the end. */
    INSERT_ROW,
    /** Two rows of a range change places. */
    SWAP_ROWS,
    /** The newest rows are removed. */
    CUT_OFF_END,
    /** An old snapshot is put at the place of the newest. */
    REPLAY_SNAPSHOT,
    /** A row of one range and a row of another change places. */
    SWAP_RANGES
  }

  /** A row of a range. */
  public record Place(RangeId range, long number) {}

  /** One thing that is done. */
  public sealed interface Step {
    /** Other bytes for the row at a place. */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record Overwrite(Place at, byte[] bytes) implements Step {}

    /** No row there any more. */
    record Remove(Place at) implements Step {}

    /** One more row there. */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record Add(Place at, byte[] bytes) implements Step {}

    /** Other bytes for the snapshot after a row. */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record OverwriteSnapshot(Place at, byte[] bytes) implements Step {}
  }

  /**
   * What there is to tamper with.
   *
   * @param rows by number, of each range: places with one row only
   * @param snapshots by number; at least two a range
   */
  public record Target(
      Map<RangeId, TreeMap<Long, byte[]>> rows, Map<RangeId, TreeMap<Long, byte[]>> snapshots) {}

  /** One case by chance. */
  public static Tampering random(Kind kind, Target target, Random random) {
    List<RangeId> ranges = new ArrayList<>(target.rows().keySet());
    RangeId range = ranges.get(random.nextInt(ranges.size()));
    TreeMap<Long, byte[]> rows = target.rows().getOrDefault(range, new TreeMap<>());
    Place one = new Place(range, pick(rows, random));
    return switch (kind) {
      case ALTER_BYTE -> of(kind, List.of(alter(one, bytes(rows, one), random)), one);
      case DELETE_ROW -> delete(rows, range, random);
      case INSERT_ROW -> insert(rows, one, random);
      case SWAP_ROWS -> {
        Place other = one;
        while (other.equals(one)) {
          other = new Place(range, pick(rows, random));
        }
        yield swap(kind, one, bytes(rows, one), other, bytes(rows, other));
      }
      case CUT_OFF_END -> cutOff(rows, range, random);
      case REPLAY_SNAPSHOT -> replay(target, range);
      case SWAP_RANGES -> {
        RangeId other = range;
        while (other.equals(range)) {
          other = ranges.get(random.nextInt(ranges.size()));
        }
        TreeMap<Long, byte[]> others = target.rows().getOrDefault(other, new TreeMap<>());
        Place there = new Place(other, pick(others, random));
        yield swap(kind, one, bytes(rows, one), there, bytes(others, there));
      }
    };
  }

  private static Tampering of(Kind kind, List<Step> steps, Place... hit) {
    return new Tampering(kind, steps, Set.of(hit));
  }

  private static Step alter(Place place, byte[] bytes, Random random) {
    byte[] altered = bytes.clone();
    altered[random.nextInt(altered.length)] ^= (byte) (1 + random.nextInt(255));
    return new Step.Overwrite(place, altered);
  }

  /** The last row of all is what {@link Kind#CUT_OFF_END} is for. */
  private static Tampering delete(TreeMap<Long, byte[]> rows, RangeId range, Random random) {
    Place place = new Place(range, pick(new TreeMap<>(rows.headMap(rows.lastKey())), random));
    return of(Kind.DELETE_ROW, List.of(new Step.Remove(place)), place);
  }

  private static Tampering insert(TreeMap<Long, byte[]> rows, Place from, Random random) {
    long last = rows.lastKey();
    Place to = new Place(from.range(), random.nextInt(10) == 0 ? last + 1 : pick(rows, random));
    return of(Kind.INSERT_ROW, List.of(new Step.Add(to, bytes(rows, from))), to);
  }

  private static Tampering swap(Kind kind, Place one, byte[] first, Place other, byte[] second) {
    return of(
        kind,
        List.of(new Step.Overwrite(one, second), new Step.Overwrite(other, first)),
        one,
        other);
  }

  private static Tampering cutOff(TreeMap<Long, byte[]> rows, RangeId range, Random random) {
    List<Step> steps = new ArrayList<>();
    long last = rows.lastKey();
    Set<Place> hit = new HashSet<>(Set.of(new Place(range, last)));
    for (int i = 1 + random.nextInt(20); i > 0 && rows.containsKey(last); i--, last--) {
      Place place = new Place(range, last);
      steps.add(new Step.Remove(place));
      hit.clear();
      hit.add(place);
    }
    return new Tampering(Kind.CUT_OFF_END, steps, hit);
  }

  private static Tampering replay(Target target, RangeId range) {
    TreeMap<Long, byte[]> snapshots = target.snapshots().getOrDefault(range, new TreeMap<>());
    Place newest = new Place(range, snapshots.lastKey());
    byte[] old = snapshots.firstEntry().getValue();
    return of(Kind.REPLAY_SNAPSHOT, List.of(new Step.OverwriteSnapshot(newest, old)), newest);
  }

  private static long pick(TreeMap<Long, byte[]> rows, Random random) {
    List<Long> numbers = new ArrayList<>(rows.keySet());
    return numbers.get(random.nextInt(numbers.size()));
  }

  private static byte[] bytes(TreeMap<Long, byte[]> rows, Place place) {
    byte[] bytes = rows.get(place.number());
    if (bytes == null) {
      throw new IllegalArgumentException("no single row at " + place);
    }
    return bytes;
  }
}
