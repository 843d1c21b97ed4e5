package io.sterna.loadgen.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was put lately, by a hash: a number of places, and in each the last few values whose hash
 * leads there. Not thread-safe.
 */
public final class Recent<V> {
  private final int perPlace;
  private final int mask;
  private final long[] hashes;
  private final List<@Nullable V> values;

  /** Of each place the value that is replaced next. */
  private final int[] oldest;

  /**
   * Nothing yet.
   *
   * @param places a power of two
   * @param perPlace values a place
   */
  public Recent(int places, int perPlace) {
    if (Integer.bitCount(places) != 1) {
      throw new IllegalArgumentException(places + " places are no power of two");
    }
    this.perPlace = perPlace;
    this.mask = places - 1;
    this.hashes = new long[places * perPlace];
    this.values = new ArrayList<>(Collections.nCopies(hashes.length, null));
    this.oldest = new int[places];
  }

  /** The value with this hash that is the wanted one; null if it was never put, or long ago. */
  public @Nullable V find(long hash, Predicate<V> wanted) {
    int first = place(hash) * perPlace;
    for (int at = first; at < first + perPlace; at++) {
      V value = values.get(at);
      if (hashes[at] == hash && value != null && wanted.test(value)) {
        return value;
      }
    }
    return null;
  }

  /** Keeps a value, in place of the oldest of those that are at the same place. */
  public void put(long hash, V value) {
    int place = place(hash);
    int at = place * perPlace + oldest[place];
    oldest[place] = (oldest[place] + 1) % perPlace;
    hashes[at] = hash;
    values.set(at, value);
  }

  /** Of both halves of the hash: some fill only one. */
  private int place(long hash) {
    return (int) (hash ^ (hash >>> Integer.SIZE)) & mask;
  }
}
