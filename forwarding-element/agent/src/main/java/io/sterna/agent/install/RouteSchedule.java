package io.sterna.agent.install;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Outcome.Failure;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.install.Positions.Ticket;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is written next: pure, so that it is tested without a thread, a clock or a table.
 *
 * <p>At most one change waits for each address, the latest; so memory is bounded by the addresses.
 * A waiting change is in exactly one of three places: the urgent lane, the bulk lane, or among the
 * refused, which return to their lane when they are due. The batch that is being written is in a
 * fourth, {@code writing}; a newer change of one of its addresses may wait meanwhile.
 *
 * <p>Times are nanoseconds of any clock that does not go back.
 */
final class RouteSchedule {
  /** After this many urgent batches in a row a waiting bulk batch has its turn. */
  private static final int URGENT_BATCHES_IN_A_ROW_MAX = 8;

  /** Each takes as long as its packets take, and an urgent change waits for all of them. */
  private static final int RELEASES_AT_ONCE_MAX = 8;

  private static final class Pending {
    RouteChange change;
    final Lane lane;
    @Nullable Ticket ticket;
    int failures;
    long dueNanos;

    Pending(RouteChange change, Lane lane, @Nullable Ticket ticket, int failures) {
      this.change = change;
      this.lane = lane;
      this.ticket = ticket;
      this.failures = failures;
    }

    IpAddress address() {
      return change.address();
    }
  }

  private final WriterSettings settings;
  private final Positions positions = new Positions();
  private final Map<IpAddress, Pending> urgent = new LinkedHashMap<>();
  private final Map<IpAddress, Pending> bulk = new LinkedHashMap<>();
  private final Map<IpAddress, Pending> refused = new HashMap<>();
  private final TreeSet<Pending> refusedByDue =
      new TreeSet<>(
          Comparator.<Pending>comparingLong(p -> p.dueNanos).thenComparing(Pending::address));
  private final Map<IpAddress, Pending> writing = new LinkedHashMap<>();

  /**
   * What is to be staged, in order. What is refused is not tried again, since routes follow anyway;
   * what did not get to the table is.
   */
  private final Map<IpAddress, RouteChange> staging = new LinkedHashMap<>();

  /** Those of them that are being written. */
  private List<RouteChange> stagingNow = List.of();

  /** Routes that stood at the start and that nothing was said about yet. */
  private final Map<IpAddress, NextHop> leftovers = new HashMap<>();

  private final Set<IpAddress> locals = new HashSet<>();
  private final Set<IpAddress> movedAway = new LinkedHashSet<>();
  private boolean reconciled;
  private @Nullable Set<IpAddress> sweepKeeps;
  private int urgentInARow;
  private int tableFailures;
  private long pausedUntilNanos = Long.MIN_VALUE;

  RouteSchedule(WriterSettings settings) {
    this.settings = settings;
  }

  /** Adds the changes of a delta or snapshot; without changes, the position still has to wait. */
  void submit(RangePosition position, List<RouteChange> changes, Lane lane) {
    Ticket ticket = positions.open(position);
    changes.forEach(change -> enqueue(change, lane, ticket));
    positions.settle(position.range());
  }

  /** Adds changes that belong to no position of a range. */
  void submit(List<RouteChange> changes, Lane lane) {
    changes.forEach(change -> enqueue(change, lane, null));
  }

  /** Stages a VM before anything else is written. */
  void stage(IpAddress address, MacAddress mac) {
    staging.put(address, new RouteChange.Stage(address, mac));
  }

  /** Takes back what was staged. */
  void unstage(IpAddress address) {
    staging.put(address, new RouteChange.Unstage(address));
  }

  /** The routes that stand at the start. What stands as desired is not written again. */
  void found(List<Route> routes) {
    for (Route route : routes) {
      if (route.nextHop() instanceof NextHop.Local) {
        locals.add(route.address());
      }
      leftovers.put(route.address(), route.nextHop());
    }
    waiting().forEach(this::dropIfStanding);
    reconciled = true;
    sweepIfReady();
  }

  /** Everything desired was submitted: what is left over of the start, but for these, goes. */
  void sweep(Set<IpAddress> keep) {
    sweepKeeps = Set.copyOf(keep);
    sweepIfReady();
  }

  /** The changes to write now; empty if there are none, or while the last are being written. */
  List<RouteChange> next(long nowNanos) {
    if (!writing.isEmpty() || nowNanos < pausedUntilNanos) {
      return List.of();
    }
    if (!staging.isEmpty()) {
      return takeStaging();
    }
    recall(nowNanos);
    boolean bulkTurn = urgentInARow >= URGENT_BATCHES_IN_A_ROW_MAX && !bulk.isEmpty();
    if (urgent.isEmpty() || bulkTurn) {
      urgentInARow = 0;
      return take(bulk, settings.bulkBatchMax());
    }
    urgentInARow++;
    return take(urgent, settings.urgentBatchMax());
  }

  /** When {@link #next} may have something without another call: now, later, or never (MAX). */
  long dueNanos() {
    long due = refusedByDue.isEmpty() ? Long.MAX_VALUE : refusedByDue.first().dueNanos;
    if (!(urgent.isEmpty() && bulk.isEmpty() && staging.isEmpty() && movedAway.isEmpty())) {
      due = Long.MIN_VALUE;
    }
    return Math.max(due, pausedUntilNanos);
  }

  /**
   * The table took the batch.
   *
   * @return the failures of addresses that did not fail before
   */
  List<Failure> written(Outcome outcome, long nowNanos) {
    tableFailures = 0;
    stagingNow = List.of();
    List<Failure> newlyRefused = new ArrayList<>();
    for (Failure failure : outcome.failures()) {
      Pending entry = writing.remove(failure.address());
      if (entry != null) {
        if (entry.failures == 0) {
          newlyRefused.add(failure);
        }
        entry.failures++;
        entry.dueNanos = nowNanos + settings.retryNanos(entry.failures);
        waitAgain(entry, true);
      }
    }
    writing.values().forEach(this::installed);
    writing.clear();
    return newlyRefused;
  }

  /** The table could not be reached: the batch is written again after a pause. */
  void unreachable(long nowNanos) {
    pause(nowNanos);
    List<Pending> batch = List.copyOf(writing.values());
    writing.clear();
    batch.forEach(entry -> waitAgain(entry, false));
    // A newer one of the same address may wait by now.
    stagingNow.forEach(change -> staging.putIfAbsent(change.address(), change));
    stagingNow = List.of();
  }

  /** The positions that are newly installed. */
  List<RangePosition> drainInstalled() {
    return positions.drainFresh();
  }

  /**
   * Whether urgent changes come first; else what follows from earlier changes has its turn, before
   * bulk changes.
   */
  boolean urgentFirst(long nowNanos) {
    return !(urgent.isEmpty() && staging.isEmpty())
        && urgentInARow < URGENT_BATCHES_IN_A_ROW_MAX
        && nowNanos >= pausedUntilNanos;
  }

  /** What {@link #drainMovedAway} gave could not be released: later again. */
  void notReleased(List<IpAddress> addresses, long nowNanos) {
    movedAway.addAll(addresses);
    pause(nowNanos);
  }

  /** Addresses whose route led to this element's bridge and leads into a tunnel now; some. */
  List<IpAddress> drainMovedAway(long nowNanos) {
    if (nowNanos < pausedUntilNanos) {
      return List.of();
    }
    List<IpAddress> drained = movedAway.stream().limit(RELEASES_AT_ONCE_MAX).toList();
    drained.forEach(movedAway::remove);
    return drained;
  }

  /** How far each range is installed. */
  List<RangePosition> installed() {
    return positions.installed();
  }

  /** Whether a route of the start into a tunnel stands, about which nothing was said yet. */
  boolean isLeftoverTunnel(IpAddress address) {
    return leftovers.get(address) instanceof NextHop.Tunnel;
  }

  /** Whether the table's content at the start is known. */
  boolean isReconciled() {
    return reconciled;
  }

  /** The changes that are not installed, the refused included. */
  int pendingCount() {
    return urgent.size() + bulk.size() + refused.size() + writing.size();
  }

  /** The changes that were refused and wait to be tried again. */
  int refusedCount() {
    return refused.size();
  }

  private void enqueue(RouteChange change, Lane lane, @Nullable Ticket ticket) {
    Pending overtaken = withdraw(change.address());
    if (overtaken == null && stands(change)) {
      leftovers.remove(change.address());
      return;
    }
    leftovers.remove(change.address());
    Lane faster = overtaken != null && overtaken.lane == Lane.URGENT ? Lane.URGENT : lane;
    int failures = overtaken == null ? 0 : overtaken.failures;
    Ticket held = overtaken == null ? null : overtaken.ticket;
    if (held == null && ticket != null) {
      ticket.hold();
      held = ticket;
    }
    Pending entry = new Pending(change, faster, held, failures);
    lane(faster).put(change.address(), entry);
  }

  /** Only before anything was written about the address: later, the table may hold anything. */
  private boolean stands(RouteChange change) {
    return change instanceof RouteChange.Put put
        && !writing.containsKey(change.address())
        && put.route().nextHop().equals(leftovers.get(change.address()));
  }

  private void dropIfStanding(Pending entry) {
    if (stands(entry.change)) {
      withdraw(entry.address());
      positions.release(entry.ticket);
    }
    leftovers.remove(entry.address());
  }

  private void sweepIfReady() {
    Set<IpAddress> keep = sweepKeeps;
    if (!reconciled || keep == null) {
      return;
    }
    List<RouteChange> removals = new ArrayList<>();
    for (IpAddress address : leftovers.keySet()) {
      if (!keep.contains(address)) {
        removals.add(new RouteChange.Remove(address));
      }
    }
    leftovers.clear();
    submit(removals, Lane.BULK);
  }

  private Collection<Pending> waiting() {
    List<Pending> all = new ArrayList<>(urgent.values());
    all.addAll(bulk.values());
    all.addAll(refused.values());
    return all;
  }

  private @Nullable Pending withdraw(IpAddress address) {
    Pending entry = urgent.remove(address);
    if (entry == null) {
      entry = bulk.remove(address);
    }
    if (entry == null) {
      entry = refused.remove(address);
      if (entry != null) {
        refusedByDue.remove(entry);
      }
    }
    return entry;
  }

  private void recall(long nowNanos) {
    while (!refusedByDue.isEmpty() && refusedByDue.first().dueNanos <= nowNanos) {
      Pending entry = refusedByDue.first();
      refusedByDue.remove(entry);
      refused.remove(entry.address());
      lane(entry.lane).put(entry.address(), entry);
    }
  }

  private List<RouteChange> takeStaging() {
    List<RouteChange> batch = new ArrayList<>();
    Iterator<RouteChange> changes = staging.values().iterator();
    while (batch.size() < settings.urgentBatchMax() && changes.hasNext()) {
      batch.add(changes.next());
      changes.remove();
    }
    stagingNow = batch;
    return batch;
  }

  private List<RouteChange> take(Map<IpAddress, Pending> lane, int max) {
    List<RouteChange> batch = new ArrayList<>(Math.min(max, lane.size()));
    Iterator<Pending> entries = lane.values().iterator();
    while (batch.size() < max && entries.hasNext()) {
      Pending entry = entries.next();
      entries.remove();
      writing.put(entry.address(), entry);
      if (leadsHere(entry.change)) {
        // Refused or not: half of it may stand.
        locals.add(entry.address());
      }
      batch.add(entry.change);
    }
    return batch;
  }

  /** Puts back what was not installed, unless a newer change of the address waits by now. */
  private void waitAgain(Pending entry, boolean wasRefused) {
    Pending newer = urgent.getOrDefault(entry.address(), bulk.get(entry.address()));
    if (newer != null) {
      newer.failures = entry.failures;
      if (entry.ticket != null) {
        positions.release(newer.ticket);
        newer.ticket = entry.ticket;
      }
    } else if (wasRefused) {
      refused.put(entry.address(), entry);
      refusedByDue.add(entry);
    } else {
      lane(entry.lane).put(entry.address(), entry);
    }
  }

  private void installed(Pending entry) {
    positions.release(entry.ticket);
    boolean tunnel = entry.change instanceof RouteChange.Put && !leadsHere(entry.change);
    if (!tunnel) {
      movedAway.remove(entry.address());
    }
    if (!leadsHere(entry.change) && locals.remove(entry.address()) && tunnel) {
      movedAway.add(entry.address());
    }
  }

  private static boolean leadsHere(RouteChange change) {
    return change instanceof RouteChange.Put put && put.route().nextHop() instanceof NextHop.Local;
  }

  private void pause(long nowNanos) {
    tableFailures++;
    pausedUntilNanos = nowNanos + settings.retryNanos(tableFailures);
  }

  private Map<IpAddress, Pending> lane(Lane lane) {
    return lane == Lane.URGENT ? urgent : bulk;
  }
}
