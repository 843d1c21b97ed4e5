package io.sterna.loadgen.measure;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The changes that some element does not have, or whose acknowledgement has not come. Each has a
 * number as long as it is open; then a later change has it. Some ten thousand are open at once,
 * found at random and closed some tens of milliseconds later: as objects each would have left the
 * processor's caches by then. Not thread-safe.
 */
final class OpenChanges {
  private static final int NONE = -1;
  private static final byte ACCEPTED = 1;
  private static final byte MEASURED = 2;
  private static final int FIRST_SIZE = 1 << 10;

  /** Of each VM the number of its open change with the highest version; of one VM few are open. */
  private final int[] newest;

  private int[] vms = new int[FIRST_SIZE];
  private int[] versions = new int[FIRST_SIZE];

  /** Of each change the next lower one of its VM; of a number that is free the next free one. */
  private int[] next = new int[FIRST_SIZE];

  private byte[] flags = new byte[FIRST_SIZE];
  private long[] dueNanos = new long[FIRST_SIZE];
  private @Nullable Stretch[] stretches = new Stretch[FIRST_SIZE];
  private int used;
  private int free = NONE;
  private int accepted;

  OpenChanges(int vms) {
    newest = new int[vms];
    Arrays.fill(newest, NONE);
  }

  /** The number of a change, which is open from now on if it was not. */
  int of(int vm, int version) {
    int higher = NONE;
    int lower = newest[vm];
    while (lower != NONE && versions[lower] > version) {
      higher = lower;
      lower = next[lower];
    }
    if (lower != NONE && versions[lower] == version) {
      return lower;
    }
    int change = take();
    vms[change] = vm;
    versions[change] = version;
    next[change] = lower;
    if (higher == NONE) {
      newest[vm] = change;
    } else {
      next[higher] = change;
    }
    return change;
  }

  /** The stretch on which it was heard first; null = none. */
  @Nullable Stretch stretch(int change) {
    return stretches[change];
  }

  void belongsTo(int change, Stretch stretch) {
    stretches[change] = stretch;
  }

  /** It was acknowledged; it may be so again. */
  void accept(int change, long due, boolean measured) {
    accepted += isAccepted(change) ? 0 : 1;
    flags[change] = (byte) (ACCEPTED | (measured ? MEASURED : 0));
    dueNanos[change] = due;
  }

  boolean isAccepted(int change) {
    return (flags[change] & ACCEPTED) != 0;
  }

  /** Whether it was acknowledged, and its time counts. */
  boolean isMeasured(int change) {
    return (flags[change] & MEASURED) != 0;
  }

  long dueNanos(int change) {
    return dueNanos[change];
  }

  /** How many of the open ones are acknowledged. */
  int accepted() {
    return accepted;
  }

  /** Hands out when each was due whose time counts. */
  void forEachMeasured(LongConsumer due) {
    for (int change = 0; change < used; change++) {
      if (isMeasured(change)) {
        due.accept(dueNanos[change]);
      }
    }
  }

  /** All elements have it, and it was acknowledged. */
  void close(int change) {
    accepted -= isAccepted(change) ? 1 : 0;
    int vm = vms[change];
    if (newest[vm] == change) {
      newest[vm] = next[change];
    } else {
      int later = newest[vm];
      while (next[later] != change) {
        later = next[later];
      }
      next[later] = next[change];
    }
    flags[change] = 0;
    stretches[change] = null;
    next[change] = free;
    free = change;
  }

  private int take() {
    if (free != NONE) {
      int change = free;
      free = next[change];
      return change;
    }
    if (used == versions.length) {
      int size = 2 * used;
      vms = Arrays.copyOf(vms, size);
      versions = Arrays.copyOf(versions, size);
      next = Arrays.copyOf(next, size);
      flags = Arrays.copyOf(flags, size);
      dueNanos = Arrays.copyOf(dueNanos, size);
      stretches = Arrays.copyOf(stretches, size);
    }
    return used++;
  }
}
