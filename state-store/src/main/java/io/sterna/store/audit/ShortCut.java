package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.store.event.RangeSnapshot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a replay may begin at a snapshot. Snapshots are kept by number, and whoever writes last
 * stands: one of an owner that was paused or cut off may be the newest, or may have taken the place
 * of its successor's. So none is believed for being there: it stands only if the row that it was
 * made at counts, as {@link io.sterna.store.chain.History} says of the whole journal.
 *
 * <p>That is decided by the rows of the {@value #PLACES} places before and behind it, many more
 * than an owner ever takes back: those before because rows of late owners may stand behind the
 * newest that counts. It must be asked after those who may still acknowledge something have ended.
 * What arrives later the replay itself finds ({@code RangeState.missesRows}).
 */
public final class ShortCut {
  /** For how many places before and behind that of the snapshot rows are looked at. */
  public static final int PLACES = 64;

  private ShortCut() {}

  /** The first number that is looked at. */
  public static long from(long number) {
    return Math.max(1, number - PLACES);
  }

  /** The last number that is looked at. */
  public static long to(long number) {
    return number + PLACES;
  }

  /**
   * Asks the rows about a snapshot.
   *
   * @param number the number of the row that the snapshot was made at
   * @param rows all from {@link #from} to {@link #to}, ascending by number; those of one number in
   *     any order
   */
  public static boolean stands(long number, RangeSnapshot snapshot, Iterable<Placed> rows) {
    Map<ChainHash, Placed> known = new HashMap<>();
    @Nullable Placed newest = null;
    for (Placed each : rows) {
      known.put(each.row().hash(), each);
      if (newest == null || each.row().epoch() >= newest.row().epoch()) {
        newest = each;
      }
    }
    @Nullable Placed at = newest;
    while (at != null && at.number() > number) {
      at = known.get(at.row().previousHash());
    }
    return at != null
        && at.number() == number
        && at.row().hash().equals(snapshot.hash())
        && at.row().epoch() == snapshot.epoch()
        && at.row().lastRevision() == snapshot.revision();
  }
}
