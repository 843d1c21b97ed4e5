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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final WriterSettings settings;
  private final Positions positions = new Positions();
  private final WaitingChanges waiting = new WaitingChanges();

  /** The batch that is being written. */
  private final List<Pending> writing = new ArrayList<>();

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
    positions.settle(ticket);
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
    writing.forEach(entry -> leftovers.remove(entry.address()));
    waiting.all().forEach(this::dropIfStanding);
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
    waiting.recall(nowNanos);
    boolean bulkTurn = urgentInARow >= URGENT_BATCHES_IN_A_ROW_MAX && !waiting.isEmpty(Lane.BULK);
    if (waiting.isEmpty(Lane.URGENT) || bulkTurn) {
      urgentInARow = 0;
      return take(Lane.BULK, settings.bulkBatchMax());
    }
    urgentInARow++;
    return take(Lane.URGENT, settings.urgentBatchMax());
  }

  /** When {@link #next} may have something without another call: now, later, or never (MAX). */
  long dueNanos() {
    long due = waiting.refusedDueNanos();
    boolean lanesAreEmpty = waiting.isEmpty(Lane.URGENT) && waiting.isEmpty(Lane.BULK);
    if (!(lanesAreEmpty && staging.isEmpty() && movedAway.isEmpty())) {
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
    List<Failure> newlyRefused = List.of();
    if (!outcome.failures().isEmpty()) {
      newlyRefused = refuse(outcome.failures(), nowNanos);
    }
    writing.forEach(this::installed);
    writing.clear();
    return newlyRefused;
  }

  /** Those that failed are not written any more, and wait until they are tried again. */
  private List<Failure> refuse(List<Failure> failures, long nowNanos) {
    Map<IpAddress, Pending> batch = new HashMap<>();
    writing.forEach(entry -> batch.put(entry.address(), entry));
    List<Failure> newlyRefused = new ArrayList<>();
    Set<Pending> refused = new HashSet<>();
    for (Failure failure : failures) {
      Pending entry = batch.remove(failure.address());
      if (entry != null) {
        if (entry.failures == 0) {
          newlyRefused.add(failure);
        }
        entry.failures++;
        entry.dueNanos = nowNanos + settings.retryNanos(entry.failures);
        refused.add(entry);
        waitAgain(entry, waiting.addRefused(entry));
      }
    }
    writing.removeAll(refused);
    return newlyRefused;
  }

  /** The table could not be reached: the batch is written again after a pause. */
  void unreachable(long nowNanos) {
    pause(nowNanos);
    writing.forEach(entry -> waitAgain(entry, waiting.add(entry)));
    writing.clear();
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
    return !(waiting.isEmpty(Lane.URGENT) && staging.isEmpty())
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
    return waiting.size() + writing.size();
  }

  /** The changes that were refused and wait to be tried again. */
  int refusedCount() {
    return waiting.refusedCount();
  }

  private void enqueue(RouteChange change, Lane lane, @Nullable Ticket ticket) {
    if (!leftovers.isEmpty() && isWanted(leftovers.remove(change.address()), change)) {
      return;
    }
    Pending entry = new Pending(change, lane, ticket);
    Pending overtaken = waiting.add(entry);
    if (overtaken != null) {
      overtaken.change = change;
      waiting.overtaken(overtaken, lane);
      if (overtaken.ticket != null) {
        return;
      }
      overtaken.ticket = ticket;
    }
    if (ticket != null) {
      ticket.hold();
    }
  }

  /**
   * Whether a route of the start is what a change would make. It is left over only as long as
   * nothing was written about its address: later, the table may hold anything.
   */
  private static boolean isWanted(@Nullable NextHop leftover, RouteChange change) {
    return change instanceof RouteChange.Put put && put.route().nextHop().equals(leftover);
  }

  private void dropIfStanding(Pending entry) {
    if (isWanted(leftovers.remove(entry.address()), entry.change)) {
      waiting.remove(entry);
      positions.release(entry.ticket);
    }
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

  private List<RouteChange> take(Lane lane, int max) {
    List<RouteChange> batch = new ArrayList<>();
    while (batch.size() < max) {
      Pending entry = waiting.poll(lane);
      if (entry == null) {
        break;
      }
      writing.add(entry);
      if (leadsHere(entry.change)) {
        // Refused or not: half of it may stand.
        locals.add(entry.address());
      }
      batch.add(entry.change);
    }
    return batch;
  }

  /** A newer change of its address that waits by now takes over what was not installed. */
  private void waitAgain(Pending entry, @Nullable Pending newer) {
    if (newer != null) {
      newer.failures = entry.failures;
      if (entry.ticket != null) {
        positions.release(newer.ticket);
        newer.ticket = entry.ticket;
      }
    }
  }

  private void installed(Pending entry) {
    positions.release(entry.ticket);
    boolean tunnel = entry.change instanceof RouteChange.Put && !leadsHere(entry.change);
    if (!tunnel && !movedAway.isEmpty()) {
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
}
