package io.sterna.loadgen.table;

import io.sterna.loadgen.table.BindingReader.Numbers;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a range holds, once for all elements of a process that have heard the same: the newest
 * content, and what the steps took away that some of them have not gone yet. An element that hears
 * what another heard before it only goes one step on, in the memory that is warm; so a table costs
 * no element anything for each VM, and for each change only the first.
 *
 * <p>An element shares as long as it goes step by step; one that hears something else, or falls too
 * far behind, has a copy of its own until it holds the newest content again. Not thread-safe.
 */
final class SharedRange {
  /** Elements of a process are some steps apart from each other; a power of two. */
  private static final int STEPS_MAX = 64;

  /** The first VM, and how many there are. */
  final int from;

  final int size;

  private final long[] newest;

  /** Of each VM the step that changed it last. */
  private final int[] changedBy;

  /** The steps that some sharer has not gone, by number modulo their maximum. */
  private final @Nullable Step[] steps = new Step[STEPS_MAX];

  private final List<RangeContent> sharers = new ArrayList<>();
  private RangePosition position;
  private int last;
  private int oldest = 1;

  /** From one content to the next. */
  static final class Step {
    /** The position after it. */
    final RangePosition end;

    /** What was heard; null if it was more than a delta: nobody goes the same way. */
    final @Nullable Numbers numbers;

    /** The VMs that changed, from the first of the range on, and what they held. */
    final int[] vms;

    final long[] before;

    /** Whether a version fell. */
    final boolean isBackward;

    Step(
        RangePosition end,
        @Nullable Numbers numbers,
        int[] vms,
        long[] before,
        boolean isBackward) {
      this.end = end;
      this.numbers = numbers;
      this.vms = vms;
      this.before = before;
      this.isBackward = isBackward;
    }
  }

  /** Nothing is bound, and nothing was heard. */
  SharedRange(RangePosition unknown, int from, int until) {
    this.position = unknown;
    this.from = from;
    this.size = until - from;
    this.newest = new long[size];
    this.changedBy = new int[size];
    Arrays.fill(newest, Bound.NEVER);
  }

  /** The number of the newest step; 0 before the first. */
  int last() {
    return last;
  }

  /** Where the newest step ended. */
  RangePosition position() {
    return position;
  }

  /** A step that a sharer has not gone. */
  Step step(int number) {
    Step step = steps[number & (STEPS_MAX - 1)];
    if (step == null) {
      throw new IllegalStateException("step " + number + " of " + oldest + " to " + last);
    }
    return step;
  }

  /** What a VM of the range held after a step that the steps since then still lead back to. */
  long at(int vm, int step) {
    if (changedBy[vm] > step) {
      for (int number = step + 1; number <= last; number++) {
        Step later = step(number);
        for (int i = 0; i < later.vms.length; i++) {
          if (later.vms[i] == vm) {
            return later.before[i];
          }
        }
      }
    }
    return newest[vm];
  }

  /** A copy of everything as it was after a step. */
  long[] copyAt(int step) {
    long[] copy = newest.clone();
    for (int number = last; number > step; number--) {
      Step later = step(number);
      for (int i = later.vms.length - 1; i >= 0; i--) {
        copy[later.vms[i]] = later.before[i];
      }
    }
    return copy;
  }

  boolean isNewest(long[] content) {
    return Arrays.equals(content, newest);
  }

  /** How many go step by step. */
  int sharerCount() {
    return sharers.size();
  }

  /** One more goes step by step from here on. */
  void join(RangeContent sharer) {
    sharers.add(sharer);
  }

  /** It has a copy of its own. */
  void leave(RangeContent sharer) {
    sharers.remove(sharer);
  }

  /** A delta leads further. */
  Step append(Numbers numbers, RangePosition end) {
    int number = begin();
    int[] vms = new int[numbers.size];
    long[] before = new long[numbers.size];
    int count = 0;
    boolean isBackward = false;
    for (int i = 0; i < numbers.size; i++) {
      int vm = numbers.vms[i] - from;
      if (vm >= 0 && vm < size) {
        vms[count] = vm;
        before[count++] = newest[vm];
        long after = numbers.bound(i);
        isBackward |= Bound.version(after) < Bound.version(newest[vm]);
        newest[vm] = after;
        changedBy[vm] = number;
      }
    }
    boolean whole = count == vms.length;
    return end(
        new Step(
            end,
            numbers,
            whole ? vms : Arrays.copyOf(vms, count),
            whole ? before : Arrays.copyOf(before, count),
            isBackward));
  }

  /** An element that went its own way is further than all that share. */
  void append(long[] content, RangePosition end) {
    int number = begin();
    int[] vms = new int[size];
    long[] before = new long[size];
    int count = 0;
    for (int vm = 0; vm < size; vm++) {
      if (newest[vm] != content[vm]) {
        vms[count] = vm;
        before[count++] = newest[vm];
        newest[vm] = content[vm];
        changedBy[vm] = number;
      }
    }
    end(new Step(end, null, Arrays.copyOf(vms, count), Arrays.copyOf(before, count), false));
  }

  /** Makes room: forgets what all have gone, and parts from those that are too far behind. */
  private int begin() {
    if (last + 1 - STEPS_MAX >= oldest) {
      List.copyOf(sharers).stream()
          .filter(sharer -> sharer.step() <= last - STEPS_MAX)
          .forEach(RangeContent::part);
    }
    int slowest = last;
    for (RangeContent sharer : sharers) {
      slowest = Math.min(slowest, sharer.step());
    }
    while (oldest <= slowest) {
      steps[oldest++ & (STEPS_MAX - 1)] = null;
    }
    return last + 1;
  }

  private Step end(Step step) {
    position = step.end;
    steps[++last & (STEPS_MAX - 1)] = step;
    return step;
  }
}
