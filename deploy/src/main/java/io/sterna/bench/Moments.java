package io.sterna.bench;

import io.sterna.loadgen.run.LoadWatch;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * What the controllers said, at each moment that any emulated element heard of: the whole table of
 * the range at that revision. What two elements heard of one revision must be the same. Filled by
 * one thread at a time.
 */
final class Moments implements LoadWatch {
  private final VmSpace vms;
  private final IntFunction<FeId> elements;
  private final Map<At, Map<IpAddress, Bound>> tables = new TreeMap<>();
  private final List<String> contradictions = new ArrayList<>();
  private long epochMax;
  private volatile boolean measuring;

  /** A moment of one range. */
  record At(RangeId range, long revision) implements Comparable<At> {
    @Override
    public int compareTo(At other) {
      int byRange = range.compareTo(other.range);
      return byRange != 0 ? byRange : Long.compare(revision, other.revision);
    }
  }

  /** Where an address was bound. */
  record Bound(FeId fe, long version) {}

  /**
   * Of these VMs and no others.
   *
   * @param elements the element of a number
   */
  Moments(VmSpace vms, IntFunction<FeId> elements) {
    this.vms = vms;
    this.elements = elements;
  }

  @Override
  public void measuring() {
    measuring = true;
  }

  /** Whether every VM is bound and claims flow, since this was asked last. */
  boolean begun() {
    boolean begun = measuring;
    measuring = false;
    return begun;
  }

  @Override
  public void heard(FeTable table, RangePosition position) {
    Map<IpAddress, Bound> bound = new TreeMap<>();
    for (int vm = vms.from(position.range().prefix());
        vm < vms.until(position.range().prefix());
        vm++) {
      if (table.holder(vm) != FeTable.NOWHERE) {
        bound.put(vms.address(vm), new Bound(elements.apply(table.holder(vm)), table.version(vm)));
      }
    }
    epochMax = Math.max(epochMax, position.epoch());
    At at = new At(position.range(), position.revision());
    Map<IpAddress, Bound> before = tables.putIfAbsent(at, bound);
    if (before != null && !before.equals(bound)) {
      contradictions.add(
          "%s was told another table of %s than somebody else".formatted(table.owner(), position));
    }
  }

  /** How many are known. */
  int size() {
    return tables.size();
  }

  /** The highest epoch of any range that was heard of. */
  long epochMax() {
    return epochMax;
  }

  /** Where two elements were told different things. */
  List<String> contradictions() {
    return contradictions;
  }

  /** The table of a moment. */
  Map<IpAddress, Bound> table(At at) {
    return tables.getOrDefault(at, Map.of());
  }

  /** So many of them by chance, or all if there are fewer. */
  List<At> some(int count, Random random) {
    List<At> all = new ArrayList<>(tables.keySet());
    Collections.shuffle(all, random);
    return all.subList(0, Math.min(count, all.size()));
  }
}
