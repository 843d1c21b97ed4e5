package io.sterna.loadgen.table;

import io.sterna.loadgen.table.BindingReader.Numbers;
import io.sterna.loadgen.table.SharedRange.Step;
import io.sterna.protocol.RangePosition;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one element holds of one range: of each VM a {@link Bound}. It is shared with elements that
 * have heard the same, as long as it goes step by step with them. Not thread-safe.
 */
final class RangeContent {
  private final SharedRange range;

  /** The newest step of the range that this has gone; as long as it shares. */
  private int step;

  /** What is held, of each VM of the range; null as long as it shares. */
  private long @Nullable [] own;

  /** Is told what happens to a VM. */
  interface Changes {
    void changed(int vm, long before, long after);
  }

  /** Nothing was heard of the range. */
  RangeContent(SharedRange range) {
    this.range = range;
    if (range.last() == 0) {
      range.join(this);
    } else {
      own = new long[range.size];
      Arrays.fill(own, Bound.NEVER);
    }
  }

  /** The first VM of the range. */
  int from() {
    return range.from;
  }

  boolean hasVms() {
    return range.size > 0;
  }

  /** Whether a VM belongs to the range. */
  boolean has(int vm) {
    return vm >= range.from && vm - range.from < range.size;
  }

  /** What a VM of the range holds. */
  long at(int vm) {
    int index = vm - range.from;
    return own == null ? range.at(index, step) : own[index];
  }

  int step() {
    return step;
  }

  /**
   * Hears a delta.
   *
   * @param next where it leads
   * @param tellAll whether every change is told, or only those that go back
   */
  void bind(Numbers numbers, RangePosition next, boolean tellAll, Changes changes) {
    if (own == null && step == range.last()) {
      go(range.append(numbers, next), numbers, tellAll, changes);
    } else if (own == null && leadsOn(range.step(step + 1), numbers, next)) {
      go(range.step(step + 1), numbers, tellAll, changes);
    } else {
      bindOwn(part(), numbers, changes);
      rejoin(next);
    }
  }

  /** Hears everything that a range holds. */
  void replace(List<Numbers> parts, RangePosition next, Changes changes) {
    long[] content = part();
    BitSet held = new BitSet();
    for (Numbers numbers : parts) {
      for (int i = 0; i < numbers.size; i++) {
        if (has(numbers.vms[i])) {
          held.set(numbers.vms[i] - range.from);
        }
      }
      bindOwn(content, numbers, changes);
    }
    for (int i = 0; i < content.length; i++) {
      if (!held.get(i) && Bound.version(content[i]) > 0) {
        changes.changed(range.from + i, content[i], Bound.NEVER);
        content[i] = Bound.NEVER;
      }
    }
    rejoin(next);
  }

  /** Goes its own way from here on, in the copy that is returned. */
  long[] part() {
    long[] content = own;
    if (content == null) {
      content = range.copyAt(step);
      own = content;
      range.leave(this);
    }
    return content;
  }

  private static boolean leadsOn(Step next, Numbers numbers, RangePosition end) {
    return next.numbers != null && next.end.equals(end) && next.numbers.same(numbers);
  }

  private void go(Step next, Numbers numbers, boolean tellAll, Changes changes) {
    step++;
    if (!tellAll && !next.isBackward) {
      return;
    }
    int told = 0;
    for (int i = 0; i < numbers.size; i++) {
      if (has(numbers.vms[i])) {
        changes.changed(numbers.vms[i], next.before[told++], numbers.bound(i));
      }
    }
  }

  private void bindOwn(long[] content, Numbers numbers, Changes changes) {
    for (int i = 0; i < numbers.size; i++) {
      int vm = numbers.vms[i];
      if (has(vm)) {
        long before = content[vm - range.from];
        content[vm - range.from] = numbers.bound(i);
        changes.changed(vm, before, numbers.bound(i));
      }
    }
  }

  /** Shares again if it holds what the furthest hold, or is the furthest. */
  private void rejoin(RangePosition next) {
    long[] content = own;
    if (content == null) {
      return;
    }
    if (range.position().isBefore(next)) {
      range.append(content, next);
    } else if (!next.equals(range.position()) || !range.isNewest(content)) {
      return;
    }
    own = null;
    step = range.last();
    range.join(this);
  }
}
