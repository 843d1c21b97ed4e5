package io.sterna.loadgen.table;

import io.sterna.loadgen.table.BindingReader.Numbers;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one element has heard: where each range is, and of each VM of the scenario the version and
 * the element. It follows the rules of a real element's table; what a range holds is shared with
 * other tables that have heard the same, so that a process can hold a thousand of them. Bindings of
 * other VMs are passed over, and those that a range does not own. Not thread-safe.
 */
public final class FeTable {
  /** The holder of a VM that is bound nowhere: never bound, or released. */
  public static final int NOWHERE = -1;

  private final String owner;
  private final BindingReader reader;
  private final TableWatch watch;

  private final RangeContent.Changes newChanges;
  private final RangeContent.Changes knownChanges;
  private final Map<RangeId, Range> ranges = new TreeMap<>();

  /** The ranges that have VMs, in the order of their addresses, and the first VM of each. */
  private RangeContent[] contents = {};

  private int[] firstVms = {};
  private final Map<AssemblyKey, Assembly> assemblies = new HashMap<>();
  private int known;

  private static final class Range {
    private RangePosition position;
    private final RangeContent content;

    Range(RangePosition position, RangeContent content) {
      this.position = position;
      this.content = content;
    }
  }

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
    this.newChanges = (vm, before, after) -> changed(vm, before, after, true);
    this.knownChanges = (vm, before, after) -> changed(vm, before, after, false);
  }

  /** Learns which ranges there are. */
  public void welcome(List<RangeId> named) {
    boolean isMore = false;
    for (RangeId id : named) {
      if (!ranges.containsKey(id)) {
        ranges.put(id, new Range(RangePosition.unknown(id), new RangeContent(reader.shared(id))));
        isMore = true;
      }
    }
    if (isMore) {
      contents =
          ranges.values().stream()
              .map(range -> range.content)
              .filter(RangeContent::hasVms)
              .toArray(RangeContent[]::new);
      firstVms = Arrays.stream(contents).mapToInt(RangeContent::from).toArray();
    }
  }

  /** Hears changes that continue a range. */
  public Heard hear(int session, Delta delta) {
    RangePosition next = delta.position();
    if (!assemblies.isEmpty()) {
      // Parts of a snapshot follow each other without anything between them.
      assemblies.remove(new AssemblyKey(session, next.range()));
    }
    Range range = ranges.get(next.range());
    if (range == null) {
      return Heard.UNKNOWN;
    }
    RangePosition mine = range.position;
    Heard nothingNew = nothingNew(mine, next);
    if (nothingNew != null) {
      return nothingNew;
    }
    if (delta.fromRevision() != mine.revision() || !delta.fromHash().equals(mine.hash())) {
      return Heard.GAP;
    }
    boolean isNew = watch.isNew(next);
    Numbers numbers = reader.read(delta.changes());
    range.content.bind(numbers, next, isNew, isNew ? newChanges : knownChanges);
    move(range, next);
    return Heard.APPLIED;
  }

  /** Hears a part of everything a range holds. */
  public Heard hear(int session, Snapshot part) {
    RangePosition next = part.position();
    AssemblyKey key = new AssemblyKey(session, next.range());
    Assembly assembly = part.part() == 0 ? new Assembly(next) : assemblies.get(key);
    assemblies.remove(key);
    Range range = ranges.get(next.range());
    if (range == null) {
      return Heard.UNKNOWN;
    }
    if (nothingNew(range.position, next) == Heard.OLD) {
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
    range.content.replace(assembly.parts, next, watch.isNew(next) ? newChanges : knownChanges);
    move(range, next);
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
    return Bound.version(bound(vm));
  }

  /** The number of the element that a VM is bound to, {@link #NOWHERE} if to none. */
  public int holder(int vm) {
    return Bound.holder(bound(vm));
  }

  private long bound(int vm) {
    int at = Arrays.binarySearch(firstVms, vm);
    int index = at < 0 ? -at - 2 : at;
    return index < 0 || !contents[index].has(vm) ? Bound.NEVER : contents[index].at(vm);
  }

  /** How far each range was followed, in the order of the ranges; unheard ones left out. */
  public List<RangePosition> positions() {
    return ranges.values().stream()
        .map(range -> range.position)
        .filter(position -> position.epoch() > 0)
        .toList();
  }

  /** How far a range was followed; null if nobody named it. */
  public @Nullable RangePosition position(RangeId id) {
    Range range = ranges.get(id);
    return range == null ? null : range.position;
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

  private void move(Range range, RangePosition next) {
    RangePosition before = range.position;
    if (before.epoch() == 0) {
      known++;
    }
    range.position = next;
    watch.moved(before, next);
  }

  private void changed(int vm, long boundBefore, long boundAfter, boolean isNew) {
    int before = Bound.version(boundBefore);
    int after = Bound.version(boundAfter);
    if (after < before) {
      wentBack(vm, before, after);
    } else if (isNew && after > before) {
      watch.advanced(vm, before, after);
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
