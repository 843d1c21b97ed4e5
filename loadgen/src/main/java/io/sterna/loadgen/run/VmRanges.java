package io.sterna.loadgen.run;

import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.RangeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which range each VM belongs to. Not thread-safe. */
final class VmRanges {
  private final VmSpace vms;
  private final @Nullable RangeId[] ranges;
  private final Set<RangeId> known = new HashSet<>();

  VmRanges(VmSpace vms) {
    this.vms = vms;
    this.ranges = new RangeId[vms.size()];
  }

  /** A controller named the ranges of its cluster. */
  void learn(List<RangeId> named) {
    for (RangeId range : named) {
      if (known.add(range)) {
        int until = vms.until(range.prefix());
        for (int vm = vms.from(range.prefix()); vm < until; vm++) {
          ranges[vm] = range;
        }
      }
    }
  }

  /** The range of a VM; null if its address is not mobile. */
  @Nullable RangeId of(int vm) {
    return ranges[vm];
  }

  /** A VM whose address is not mobile; -1 if there is none. */
  int outside() {
    for (int vm = 0; vm < ranges.length; vm++) {
      if (ranges[vm] == null) {
        return vm;
      }
    }
    return -1;
  }
}
