package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What changed, the latest of each address, in order of address: a feed writes each as the step
 * from the one before, so in this order it is a third shorter than in that in which it happened,
 * for every element; and routes are installed next to each other.
 */
public final class LatestBindings {
  private static final Comparator<Binding> BY_ADDRESS = Comparator.comparing(Binding::address);
  private static final int INDEX_BITS = 31;

  private LatestBindings() {}

  /**
   * Sorts what changed.
   *
   * @param changes of one range, in the order in which they happened
   * @return one a changed address
   */
  public static List<Binding> of(List<Binding> changes) {
    if (changes.isEmpty()) {
      return List.of();
    }
    return latest(changes.get(0).address().isV4() ? sortedV4(changes) : sorted(changes));
  }

  /** Those of an address stay in order. */
  private static Binding[] sorted(List<Binding> changes) {
    Binding[] all = changes.toArray(Binding[]::new);
    Arrays.sort(all, BY_ADDRESS);
    return all;
  }

  /** The same as {@link #sorted} in half the time: this is done for every change. */
  private static Binding[] sortedV4(List<Binding> changes) {
    long[] keys = new long[changes.size()];
    for (int i = 0; i < keys.length; i++) {
      long address = Integer.toUnsignedLong(changes.get(i).address().v4Bits());
      keys[i] = address << INDEX_BITS | i;
    }
    Arrays.sort(keys);
    Binding[] all = new Binding[keys.length];
    for (int i = 0; i < keys.length; i++) {
      all[i] = changes.get((int) (keys[i] & Integer.MAX_VALUE));
    }
    return all;
  }

  private static List<Binding> latest(Binding[] sorted) {
    List<Binding> latest = new ArrayList<>(sorted.length);
    for (int i = 0; i < sorted.length; i++) {
      boolean isLast = i + 1 == sorted.length;
      if (isLast || !sorted[i].address().equals(sorted[i + 1].address())) {
        latest.add(sorted[i]);
      }
    }
    return List.copyOf(latest);
  }
}
