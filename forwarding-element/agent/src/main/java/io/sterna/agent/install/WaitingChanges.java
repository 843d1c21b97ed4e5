package io.sterna.agent.install;

import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The changes that wait to be written, at most one an address: each in a lane, or among the
 * refused. A change costs one entry of one hash table as long as nothing refuses it: lanes are
 * linked through the changes themselves. Pure, not thread-safe.
 */
final class WaitingChanges {
  private final Map<IpAddress, Pending> byAddress = new HashMap<>();
  private final Line urgent = new Line();
  private final Line bulk = new Line();
  private final TreeSet<Pending> refusedByDue =
      new TreeSet<>(
          Comparator.<Pending>comparingLong(p -> p.dueNanos).thenComparing(Pending::address));

  /** First in, first out; any may leave. */
  private static final class Line {
    private @Nullable Pending first;
    private @Nullable Pending last;

    void add(Pending entry) {
      entry.before = last;
      if (last == null) {
        first = entry;
      } else {
        last.behind = entry;
      }
      last = entry;
    }

    void remove(Pending entry) {
      if (entry.before == null) {
        first = entry.behind;
      } else {
        entry.before.behind = entry.behind;
      }
      if (entry.behind == null) {
        last = entry.before;
      } else {
        entry.behind.before = entry.before;
      }
      entry.before = null;
      entry.behind = null;
    }
  }

  /** Lets a change wait; if one of its address waits already, that one stays and is returned. */
  @Nullable Pending add(Pending entry) {
    Pending waiting = byAddress.putIfAbsent(entry.address(), entry);
    if (waiting == null) {
      line(entry.lane).add(entry);
    }
    return waiting;
  }

  /** The same for one that was refused: it waits for its due time. */
  @Nullable Pending addRefused(Pending entry) {
    Pending waiting = byAddress.putIfAbsent(entry.address(), entry);
    if (waiting == null) {
      entry.isRefused = true;
      refusedByDue.add(entry);
    }
    return waiting;
  }

  /**
   * A newer change took the place of this one: it waits for nothing, and in the faster of both
   * lanes. In its own lane it keeps its place, so that one which changes always has its turn.
   */
  void overtaken(Pending entry, Lane lane) {
    Lane faster = lane == Lane.URGENT ? lane : entry.lane;
    if (entry.isRefused || faster != entry.lane) {
      leave(entry);
      entry.lane = faster;
      line(faster).add(entry);
    }
  }

  /** Those that were refused and are due wait in their lanes again. */
  void recall(long nowNanos) {
    while (!refusedByDue.isEmpty() && refusedByDue.first().dueNanos <= nowNanos) {
      Pending entry = refusedByDue.first();
      leave(entry);
      line(entry.lane).add(entry);
    }
  }

  /** Takes the first of a lane out; null if it is empty. */
  @Nullable Pending poll(Lane lane) {
    Pending first = line(lane).first;
    if (first != null) {
      remove(first);
    }
    return first;
  }

  /** Takes one out. */
  void remove(Pending entry) {
    leave(entry);
    byAddress.remove(entry.address());
  }

  boolean isEmpty(Lane lane) {
    return line(lane).first == null;
  }

  /** When the first of the refused is due; MAX if there are none. */
  long refusedDueNanos() {
    return refusedByDue.isEmpty() ? Long.MAX_VALUE : refusedByDue.first().dueNanos;
  }

  int size() {
    return byAddress.size();
  }

  int refusedCount() {
    return refusedByDue.size();
  }

  /** All of them, in no order. */
  List<Pending> all() {
    return new ArrayList<>(byAddress.values());
  }

  private void leave(Pending entry) {
    if (entry.isRefused) {
      refusedByDue.remove(entry);
      entry.isRefused = false;
    } else {
      line(entry.lane).remove(entry);
    }
  }

  private Line line(Lane lane) {
    return lane == Lane.URGENT ? urgent : bulk;
  }
}
