package io.sterna.loadgen.table;

import io.sterna.loadgen.table.BindingReader.Numbers;
import io.sterna.protocol.IpPrefix;
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
import org.jspecify.annotations.Nullable;

/**
 * What one element has heard: where each range is, and of each VM of the scenario the version and
 * the element. It follows the rules of a real element's table, in 8 bytes a VM, so that a process
 * can hold a thousand of them. Bindings of other VMs are passed over. Not thread-safe.
 */
public final class FeTable {
  /** The holder of a VM that is bound nowhere: never bound, or released. */
  public static final int NOWHERE = -1;

  private static final long HOLDER = 0xffff_ffffL;
  private static final long UNBOUND = NOWHERE & HOLDER;

  private final String owner;
  private final BindingReader reader;
  private final TableWatch watch;

  /** Of each VM the version, and below it the holder. */
  private final long[] bound;

  private final Map<RangeId, RangePosition> ranges = new TreeMap<>();
  private final Map<AssemblyKey, Assembly> assemblies = new HashMap<>();
  private int known;

  private record AssemblyKey(int session, RangeId range) {}

  private static final class Assembly {
    private final RangePosition position;
    private final List<Numbers> parts = new ArrayList<>();
    private int nextPart;

    Assembly(RangePosition position) {
      this.position = position;
    }
  }

  /**
   * An empty table.
   *
   * @param owner whose it is, for people
   * @param reader shared by all tables of a scenario
   */
  public FeTable(String owner, BindingReader reader, TableWatch watch) {
    this.owner = owner;
    this.reader = reader;
    this.watch = watch;
    this.bound = new long[reader.vms().size()];
    Arrays.fill(bound, UNBOUND);
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
    bindAll(reader.read(delta.changes()), watch.isNew(next));
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
    assembly.parts.add(reader.read(part.bindings()));
    assembly.nextPart++;
    if (!part.last()) {
      assemblies.put(key, assembly);
      return Heard.INCOMPLETE;
    }
    replace(next, assembly.parts);
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
    return (int) (bound[vm] >>> Integer.SIZE);
  }

  /** The number of the element that a VM is bound to, {@link #NOWHERE} if to none. */
  public int holder(int vm) {
    return (int) bound[vm];
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
    watch.moved(mine, next);
  }

  private void bindAll(Numbers numbers, boolean isNew) {
    for (int i = 0; i < numbers.size; i++) {
      int vm = numbers.vms[i];
      int before = version(vm);
      int after = numbers.versions[i];
      bound[vm] = (long) after << Integer.SIZE | (numbers.holders[i] & HOLDER);
      if (after < before) {
        wentBack(vm, before, after);
      } else if (isNew && after > before) {
        watch.advanced(vm, before, after);
      }
    }
  }

  private void replace(RangePosition next, List<Numbers> parts) {
    IpPrefix prefix = next.range().prefix();
    int from = reader.vms().from(prefix);
    int until = reader.vms().until(prefix);
    BitSet held = new BitSet();
    for (Numbers part : parts) {
      for (int i = 0; i < part.size; i++) {
        held.set(part.vms[i]);
      }
      bindAll(part, watch.isNew(next));
    }
    for (int vm = from; vm < until; vm++) {
      if (version(vm) > 0 && !held.get(vm)) {
        wentBack(vm, version(vm), 0);
        bound[vm] = UNBOUND;
      }
    }
  }

  private void wentBack(int vm, int before, int after) {
    watch.wentBack(
        owner
            + ": "
            + reader.vms().address(vm)
            + " went back from version "
            + before
            + " to "
            + after);
  }
}
