package io.sterna.agent.table;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.table.Heard.Ignored.Reason;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.Welcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every binding of every range, as the ranges' owners said it, and how it should be forwarded here.
 *
 * <p>{@code (epoch, revision)} orders all that is said about a range, whichever session it comes
 * by: what is older than the table is dropped, what continues it exactly is applied, and a gap or a
 * differing chain hash asks for that range again. Nothing is ever applied in part.
 *
 * <p>A released address keeps its version and has no route.
 *
 * <p>A binding to an element whose tunnel nobody has named yet is kept without a route; an older
 * route of its address stays until the name comes, because forwarding never stops. For the same
 * reason a range that a later {@link Welcome} no longer names keeps its bindings.
 *
 * <p>Pure and not thread-safe. Ranges do not overlap; look-ups by hardware address visit each
 * range.
 */
public final class DesiredTable {
  private static final class RangeState {
    RangePosition position;
    RangeBindings bindings = new RangeBindings();

    RangeState(RangePosition position) {
      this.position = position;
    }
  }

  private record AssemblyKey(SessionId session, RangeId range) {}

  private static final class Assembly {
    final RangePosition position;
    final RangeBindings bindings = new RangeBindings();
    int nextPart;

    Assembly(RangePosition position) {
      this.position = position;
    }
  }

  private final FeDirectory directory;
  private final TreeMap<RangeId, RangeState> ranges = new TreeMap<>();
  private final Map<AssemblyKey, Assembly> assemblies = new HashMap<>();
  private Set<RangeId> required = Set.of();
  private boolean welcomed;

  /** An empty table of the element of this name. */
  public DesiredTable(FeId self) {
    directory = new FeDirectory(self);
  }

  /**
   * Learns the ranges and where tunnels end.
   *
   * @return the routes that became known or lead elsewhere now
   */
  public synchronized List<RouteChange> welcome(
      List<RangeId> named, List<FeEndpoint> forwardingElements) {
    for (RangeId range : named) {
      ranges.computeIfAbsent(range, r -> new RangeState(RangePosition.unknown(r)));
    }
    required = Set.copyOf(named);
    welcomed = true;
    return routesThrough(directory.learn(forwardingElements));
  }

  /** Hears changes that continue a range. */
  public synchronized Heard hear(SessionId session, Delta delta) {
    RangePosition next = delta.position();
    RangeId range = next.range();
    // Parts of a snapshot follow each other without anything between them.
    assemblies.remove(new AssemblyKey(session, range));
    RangeState state = ranges.get(range);
    if (state == null) {
      return new Heard.Ignored(range, Reason.UNKNOWN_RANGE);
    }
    Reason known = known(state.position, next);
    if (known != null) {
      return new Heard.Ignored(range, known);
    }
    if (!holdsOnly(range, delta.changes())) {
      return new Heard.Ignored(range, Reason.OUTSIDE_RANGE);
    }
    String gap = gap(state, delta);
    return gap != null ? new Heard.ResyncNeeded(range, gap) : apply(state, delta);
  }

  /** Hears a part of everything a range holds. */
  public synchronized Heard hear(SessionId session, Snapshot part) {
    RangePosition next = part.position();
    RangeId range = next.range();
    AssemblyKey key = new AssemblyKey(session, range);
    Assembly assembly = part.part() == 0 ? new Assembly(next) : assemblies.get(key);
    assemblies.remove(key);
    RangeState state = ranges.get(range);
    if (state == null) {
      return new Heard.Ignored(range, Reason.UNKNOWN_RANGE);
    }
    Reason known = known(state.position, next);
    if (known != null && known != Reason.DUPLICATE) {
      return new Heard.Ignored(range, known);
    }
    if (!holdsOnly(range, part.bindings())) {
      return new Heard.Ignored(range, Reason.OUTSIDE_RANGE);
    }
    if (assembly == null
        || assembly.nextPart != part.part()
        || !assembly.position.equals(part.position())) {
      return new Heard.ResyncNeeded(range, "snapshot part " + part.part() + " came out of turn");
    }
    for (Binding binding : part.bindings()) {
      assembly.bindings.put(binding, directory.numberOf(binding.fe()));
    }
    assembly.nextPart++;
    if (!part.last()) {
      assemblies.put(key, assembly);
      return new Heard.Incomplete(range);
    }
    return replace(state, assembly);
  }

  /** A session is gone: what it began to say is forgotten. */
  public synchronized void sessionEnded(SessionId session) {
    assemblies.keySet().removeIf(key -> key.session().equals(session));
  }

  /** Whether something was heard of every range that the last welcome named. */
  public synchronized boolean inSync() {
    return welcomed && required.stream().allMatch(range -> position(range).epoch() > 0);
  }

  /** How far a range was followed; epoch 0 if nothing was heard of it. */
  public synchronized RangePosition position(RangeId range) {
    RangeState state = ranges.get(range);
    return state == null ? RangePosition.unknown(range) : state.position;
  }

  /** The positions of all ranges of which something was heard, in the order of the ranges. */
  public synchronized List<RangePosition> positions() {
    return ranges.values().stream()
        .map(state -> state.position)
        .filter(position -> position.epoch() > 0)
        .toList();
  }

  /** The range that owns an address, if it is mobile. */
  public synchronized Optional<RangeId> rangeOf(IpAddress address) {
    RangeId last = new RangeId(new IpPrefix(address, address.bitLength()));
    return Optional.ofNullable(ranges.floorKey(last)).filter(r -> r.prefix().contains(address));
  }

  /** The binding of an address, also if it was released: then it is attached nowhere. */
  public synchronized Optional<Binding> binding(IpAddress address) {
    return rangeOf(address)
        .flatMap(
            range -> {
              RangeBindings bindings = stateOf(range).bindings;
              int slot = bindings.slotOf(address);
              return slot < 0 ? Optional.empty() : Optional.of(binding(bindings, slot));
            });
  }

  /** The bindings of a hardware address, wherever they are attached. */
  public synchronized List<Binding> bindingsOf(MacAddress mac) {
    List<Binding> found = new ArrayList<>();
    for (RangeState state : ranges.values()) {
      RangeBindings bindings = state.bindings;
      int slot = bindings.firstSlotOf(mac);
      while (slot >= 0) {
        found.add(binding(bindings, slot));
        slot = bindings.nextSlotOfSameMac(slot);
      }
    }
    return found;
  }

  /** Whether an address is bound to this element. */
  public synchronized boolean isLocal(IpAddress address) {
    return bound(address).filter(b -> b.fe().equals(directory.id(FeDirectory.SELF))).isPresent();
  }

  /** Whether an address is bound to another element. */
  public synchronized boolean isRemote(IpAddress address) {
    return bound(address).isPresent() && !isLocal(address);
  }

  /** The addresses that are bound to elements whose tunnels nobody has named. */
  public synchronized Set<IpAddress> unroutable() {
    Set<IpAddress> found = new HashSet<>();
    for (RangeState state : ranges.values()) {
      RangeBindings bindings = state.bindings;
      for (int slot = 0; slot < bindings.size(); slot++) {
        if (!bindings.isReleased(slot) && nextHop(bindings, slot) == null) {
          found.add(bindings.address(slot));
        }
      }
    }
    return found;
  }

  /** The number of bindings, released ones left out. */
  public synchronized int size() {
    return ranges.values().stream().mapToInt(state -> state.bindings.boundCount()).sum();
  }

  /** Why a position tells nothing new, or null if it does. */
  private static @Nullable Reason known(RangePosition mine, RangePosition next) {
    if (next.epoch() < mine.epoch()) {
      return Reason.LOWER_EPOCH;
    }
    if (next.equals(mine)) {
      return Reason.DUPLICATE;
    }
    boolean older = next.epoch() == mine.epoch() && next.revision() < mine.revision();
    return older ? Reason.OLDER_REVISION : null;
  }

  /** What keeps a delta from continuing the range exactly, or null. */
  private static @Nullable String gap(RangeState state, Delta delta) {
    RangePosition mine = state.position;
    if (delta.fromRevision() != mine.revision()) {
      return "at revision " + mine.revision() + ", heard a change from " + delta.fromRevision();
    }
    if (!delta.fromHash().equals(mine.hash())) {
      return "another history led to revision " + mine.revision();
    }
    for (Binding change : delta.changes()) {
      int slot = state.bindings.slotOf(change.address());
      if (slot >= 0 && state.bindings.version(slot) >= change.version()) {
        return change.address() + " would go back to version " + change.version();
      }
    }
    return null;
  }

  private static boolean holdsOnly(RangeId range, List<Binding> bindings) {
    return bindings.stream().allMatch(binding -> range.prefix().contains(binding.address()));
  }

  private Heard apply(RangeState state, Delta delta) {
    List<RouteChange> changes = new ArrayList<>(delta.changes().size());
    RangeBindings bindings = state.bindings;
    for (Binding change : delta.changes()) {
      int slot = bindings.put(change, directory.numberOf(change.fe()));
      addRoute(changes, bindings, slot, change.address());
    }
    state.position = delta.position();
    return new Heard.Applied(state.position, changes);
  }

  private Heard replace(RangeState state, Assembly assembly) {
    RangeBindings before = state.bindings;
    RangeBindings after = assembly.bindings;
    List<RouteChange> changes = new ArrayList<>();
    for (int slot = 0; slot < after.size(); slot++) {
      if (!sameRoute(before, before.slotOf(after.address(slot)), after, slot)) {
        addRoute(changes, after, slot, after.address(slot));
      }
    }
    for (int slot = 0; slot < before.size(); slot++) {
      IpAddress address = before.address(slot);
      if (after.slotOf(address) < 0) {
        changes.add(new RouteChange.Remove(address));
      }
    }
    state.bindings = after;
    state.position = assembly.position;
    return new Heard.Applied(state.position, changes);
  }

  private List<RouteChange> routesThrough(BitSet elements) {
    List<RouteChange> changes = new ArrayList<>();
    if (elements.isEmpty()) {
      return changes;
    }
    for (RangeState state : ranges.values()) {
      for (int slot = 0; slot < state.bindings.size(); slot++) {
        if (elements.get(state.bindings.fe(slot)) && !state.bindings.isReleased(slot)) {
          addRoute(changes, state.bindings, slot, state.bindings.address(slot));
        }
      }
    }
    return changes;
  }

  private Optional<Binding> bound(IpAddress address) {
    return binding(address).filter(binding -> !binding.isReleased());
  }

  private void addRoute(
      List<RouteChange> changes, RangeBindings bindings, int slot, IpAddress address) {
    if (bindings.isReleased(slot)) {
      changes.add(new RouteChange.Remove(address));
      return;
    }
    NextHop nextHop = nextHop(bindings, slot);
    if (nextHop != null) {
      changes.add(new RouteChange.Put(new Route(address, nextHop)));
    }
  }

  private @Nullable NextHop nextHop(RangeBindings bindings, int slot) {
    return bindings.fe(slot) == FeDirectory.SELF
        ? new NextHop.Local(bindings.mac(slot))
        : directory.tunnel(bindings.fe(slot));
  }

  /** A VM's hardware address matters only where the VM is. */
  private static boolean sameRoute(RangeBindings a, int slotA, RangeBindings b, int slotB) {
    if (slotA >= 0 && a.isReleased(slotA)) {
      return b.isReleased(slotB);
    }
    return slotA >= 0
        && !b.isReleased(slotB)
        && a.fe(slotA) == b.fe(slotB)
        && (a.fe(slotA) != FeDirectory.SELF || a.mac(slotA).equals(b.mac(slotB)));
  }

  private Binding binding(RangeBindings bindings, int slot) {
    return new Binding(
        bindings.address(slot),
        directory.id(bindings.fe(slot)),
        bindings.mac(slot),
        bindings.version(slot));
  }

  private RangeState stateOf(RangeId range) {
    RangeState state = ranges.get(range);
    if (state == null) {
      throw new IllegalArgumentException("unknown range " + range);
    }
    return state;
  }
}
