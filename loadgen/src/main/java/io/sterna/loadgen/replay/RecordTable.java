package io.sterna.loadgen.replay;

import io.sterna.loadgen.schedule.Vms;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the record says that holds, change by change: the table that elements are compared with, and
 * that one gets which has to ask. The newest version of each address stands, whatever a row says.
 * 16 bytes a VM. Not thread-safe.
 */
final class RecordTable {
  /** As many as an owner puts into a part. */
  private static final int SNAPSHOT_PART = 512;

  private final Vms vms;
  private final List<FeId> elements;
  private final Map<FeId, Integer> numbers = new TreeMap<>();
  private final int[] versions;
  private final int[] fes;
  private final long[] macs;
  private final TreeMap<RangeId, At> ranges = new TreeMap<>();

  /** Where a range is, and by which row. */
  record At(RangePosition position, long row) {}

  RecordTable(Vms vms, List<FeId> elements) {
    this.vms = vms;
    this.elements = elements;
    for (FeId fe : elements) {
      numbers.put(fe, numbers.size());
    }
    versions = new int[vms.size()];
    fes = new int[vms.size()];
    macs = new long[vms.size()];
  }

  /**
   * The number of an element.
   *
   * @throws IllegalArgumentException if it is none of those that were named
   */
  int numberOf(FeId fe) {
    Integer number = numbers.get(fe);
    if (number == null) {
      throw new IllegalArgumentException("no element " + fe);
    }
    return number;
  }

  At at(RangeId range) {
    return ranges.getOrDefault(range, new At(RangePosition.unknown(range), 0));
  }

  Set<RangeId> ranges() {
    return ranges.keySet();
  }

  void move(RangePosition to, long row) {
    ranges.put(to.range(), new At(to, row));
  }

  int version(int vm) {
    return versions[vm];
  }

  /** The number of the element that a VM is bound to, {@link FeTable#NOWHERE} if to none. */
  int holder(int vm) {
    boolean nowhere = versions[vm] == 0 || macs[vm] == MacAddress.NONE.bits();
    return nowhere ? FeTable.NOWHERE : fes[vm];
  }

  void put(int vm, Binding binding) {
    versions[vm] = (int) binding.version();
    fes[vm] = numberOf(binding.fe());
    macs[vm] = binding.mac().bits();
  }

  /** The binding of a VM, also if it was released; null if it never had one. */
  @Nullable Binding binding(int vm) {
    return versions[vm] == 0
        ? null
        : new Binding(
            vms.address(vm), elements.get(fes[vm]), new MacAddress(macs[vm]), versions[vm]);
  }

  /** The range of a VM's address. */
  At of(int vm) {
    RangeId wanted = new RangeId(new IpPrefix(vms.address(vm), vms.address(vm).bitLength()));
    RangeId range = ranges.floorKey(wanted);
    return at(range == null ? wanted : range);
  }

  /** All that a range holds. */
  List<Snapshot> snapshot(RangeId range) {
    List<Binding> bindings = new ArrayList<>();
    int until = vms.until(range.prefix());
    for (int vm = vms.from(range.prefix()); vm < until; vm++) {
      Binding binding = binding(vm);
      if (binding != null) {
        bindings.add(binding);
      }
    }
    return parts(at(range).position(), bindings);
  }

  static List<Snapshot> parts(RangePosition position, List<Binding> all) {
    List<Snapshot> parts = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + SNAPSHOT_PART, all.size());
      parts.add(new Snapshot(position, parts.size(), to == all.size(), all.subList(from, to)));
      from = to;
    } while (from < all.size());
    return parts;
  }
}
