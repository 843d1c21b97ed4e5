package io.sterna.loadgen.table;

import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one element has heard: where each range is, and of each VM of the scenario the version and
 * the element. It follows the rules of a real element's table, in 8 bytes a VM, so that a process
 * can hold a thousand of them. Bindings of other VMs are passed over. Not thread-safe.
 */
public final class FeTable {
  /** The holder of a VM that is bound nowhere: never bound, or released. */
  public static final int NOWHERE = -1;

  private final String owner;
  private final VmSpace vms;
  private final ToIntFunction<FeId> numbers;
  private final TableWatch watch;
  private final int[] versions;
  private final int[] holders;
  private final Map<RangeId, RangePosition> ranges = new TreeMap<>();
  private final Map<AssemblyKey, Assembly> assemblies = new HashMap<>();
  private int known;

  private record AssemblyKey(int session, RangeId range) {}

  private static final class Assembly {
    private final RangePosition position;
    private final List<Binding> bindings = new ArrayList<>();
    private int nextPart;

    Assembly(RangePosition position) {
      this.position = position;
    }
  }

  /**
   * An empty table.
   *
   * @param owner whose it is, for people
   * @param numbers the number of an element, below 0 if it is none of the scenario
   */
  public FeTable(String owner, VmSpace vms, ToIntFunction<FeId> numbers, TableWatch watch) {
    this.owner = owner;
    this.vms = vms;
    this.numbers = numbers;
    this.watch = watch;
    this.versions = new int[vms.size()];
    this.holders = new int[vms.size()];
    Arrays.fill(holders, NOWHERE);
  }

  /** Learns which ranges there are. */
  public void welcome(List<RangeId> named) {
    named.forEach(range -> ranges.putIfAbsent(range, RangePosition.unknown(range)));
  }

  /** Hears changes that continue a range. */
  public Heard hear(int session, Delta delta) {
    RangePosition next = delta.position();
    if (!assemblies.isEmpty()) {
      // Parts of a snapshot follow each other without anything between them.
      assemblies.remove(new AssemblyKey(session, next.range()));
    }
    RangePosition mine = ranges.get(next.range());
    if (mine == null) {
      return Heard.UNKNOWN;
    }
    Heard nothingNew = nothingNew(mine, next);
    if (nothingNew != null) {
      return nothingNew;
    }
    if (delta.fromRevision() != mine.revision() || !delta.fromHash().equals(mine.hash())) {
      return Heard.GAP;
    }
    for (Binding change : delta.changes()) {
      int vm = vms.vmOf(change.address());
      if (vm >= 0) {
        bind(vm, change);
      }
    }
    move(mine, next);
    return Heard.APPLIED;
  }

  /** Hears a part of everything a range holds. */
  public Heard hear(int session, Snapshot part) {
    RangePosition next = part.position();
    AssemblyKey key = new AssemblyKey(session, next.range());
    Assembly assembly = part.part() == 0 ? new Assembly(next) : assemblies.get(key);
    assemblies.remove(key);
    RangePosition mine = ranges.get(next.range());
    if (mine == null) {
      return Heard.UNKNOWN;
    }
    if (nothingNew(mine, next) == Heard.OLD) {
      return Heard.OLD;
    }
    if (assembly == null || assembly.nextPart != part.part() || !assembly.position.equals(next)) {
      return Heard.GAP;
    }
    assembly.bindings.addAll(part.bindings());
    assembly.nextPart++;
    if (!part.last()) {
      assemblies.put(key, assembly);
      return Heard.INCOMPLETE;
    }
    replace(next.range(), assembly.bindings);
    move(mine, next);
    return Heard.APPLIED;
  }

  /** A session is gone: what it began to say is forgotten. */
  public void sessionEnded(int session) {
    assemblies.keySet().removeIf(key -> key.session() == session);
  }

  /** Whether something was heard of every range. */
  public boolean inSync() {
    return !ranges.isEmpty() && known == ranges.size();
  }

  /** Whose table this is. */
  public String owner() {
    return owner;
  }

  /** The version of a VM's binding, 0 if it was never bound. */
  public int version(int vm) {
    return versions[vm];
  }

  /** The number of the element that a VM is bound to, {@link #NOWHERE} if to none. */
  public int holder(int vm) {
    return holders[vm];
  }

  /** How far each range was followed, in the order of the ranges; unheard ones left out. */
  public List<RangePosition> positions() {
    return ranges.values().stream().filter(position -> position.epoch() > 0).toList();
  }

  /** How far a range was followed; null if nobody named it. */
  public @Nullable RangePosition position(RangeId range) {
    return ranges.get(range);
  }

  private static @Nullable Heard nothingNew(RangePosition mine, RangePosition next) {
    if (next.epoch() < mine.epoch()) {
      return Heard.OLD;
    }
    if (next.equals(mine)) {
      return Heard.DUPLICATE;
    }
    boolean passed = next.epoch() == mine.epoch() && next.revision() < mine.revision();
    return passed ? Heard.OLD : null;
  }

  private void move(RangePosition mine, RangePosition next) {
    if (mine.epoch() == 0) {
      known++;
    }
    ranges.put(next.range(), next);
  }

  private void bind(int vm, Binding binding) {
    int before = versions[vm];
    int after = (int) binding.version();
    versions[vm] = after;
    holders[vm] = binding.isReleased() ? NOWHERE : numbers.applyAsInt(binding.fe());
    if (after > before) {
      watch.advanced(vm, before, after);
    } else if (after < before) {
      wentBack(vm, before, after);
    }
  }

  private void replace(RangeId range, List<Binding> bindings) {
    int from = vms.from(range.prefix());
    int until = vms.until(range.prefix());
    BitSet held = new BitSet();
    for (Binding binding : bindings) {
      int vm = vms.vmOf(binding.address());
      if (vm >= 0) {
        held.set(vm);
        bind(vm, binding);
      }
    }
    for (int vm = from; vm < until; vm++) {
      if (versions[vm] > 0 && !held.get(vm)) {
        wentBack(vm, versions[vm], 0);
        versions[vm] = 0;
        holders[vm] = NOWHERE;
      }
    }
  }

  private void wentBack(int vm, int before, int after) {
    watch.wentBack(
        owner + ": " + vms.address(vm) + " went back from version " + before + " to " + after);
  }
}
