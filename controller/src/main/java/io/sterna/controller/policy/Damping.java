package io.sterna.controller.policy;

import io.sterna.controller.policy.PolicySettings.DampingRule;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.Order;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Addresses that move too often stay where they are for a while: two VMs with one address, or one
 * that is torn between two sites, would else keep every element busy (compare RFC 7432 section
 * 15.1, which stops an address that moved 5 times within 180 seconds).
 *
 * <p>States of an address: not tracked -> tracked, from its first move until it did not move for a
 * window -> damped, from the first move too many until the hold is over or an operator clears it.
 * What it did before is forgotten then.
 *
 * <p>Memory: one entry for each address that moved within the window, at most {@value
 * #TRACKED_MAX}; beyond, whoever moved longest ago is forgotten. Times are nanoseconds of any clock
 * that does not go back.
 */
final class Damping {
  static final int TRACKED_MAX = 1 << 16;

  private final DampingRule rule;
  private final long windowNanos;
  private final long holdNanos;

  /** In the order of their last moves. */
  private final LinkedHashMap<IpAddress, Moves> tracked = new LinkedHashMap<>(16, 0.75f, true);

  /** In the order in which they are released, because every hold is equally long. */
  private final LinkedHashMap<IpAddress, Hold> damped = new LinkedHashMap<>();

  private record Hold(long untilNanos, long version) {}

  /** The times of the latest moves, in a ring. */
  private static final class Moves {
    private final long[] atNanos;
    private int next;
    private int count;

    Moves(int max) {
      atNanos = new long[max];
    }

    void add(long nowNanos) {
      atNanos[next] = nowNanos;
      next = (next + 1) % atNanos.length;
      count = Math.min(count + 1, atNanos.length);
    }

    boolean isFull(long nowNanos, long windowNanos) {
      return count == atNanos.length && nowNanos - atNanos[next] < windowNanos;
    }

    long lastNanos() {
      return atNanos[(next + atNanos.length - 1) % atNanos.length];
    }
  }

  Damping(DampingRule rule) {
    this.rule = rule;
    this.windowNanos = rule.window().toNanos();
    this.holdNanos = rule.hold().toNanos();
  }

  /** Whether an address may not move now; damps it if this would be one move too many. */
  boolean refuses(
      IpAddress address, long version, Evidence evidence, long nowNanos, List<Entry> audit) {
    if (rule.exempt().contains(evidence)) {
      return false;
    }
    Hold hold = damped.get(address);
    if (hold != null && nowNanos - hold.untilNanos() < 0) {
      return true;
    }
    if (hold != null) {
      end(address, Note.DAMPING_OVER, audit);
    }
    Moves moves = tracked.get(address);
    if (moves == null || !moves.isFull(nowNanos, windowNanos)) {
      return false;
    }
    tracked.remove(address);
    damped.put(address, new Hold(nowNanos + holdNanos, version));
    audit.add(new Entry.Noted(address, Note.DAMPED, version));
    return true;
  }

  /** An address moved. */
  void moved(IpAddress address, long version, Evidence evidence, long nowNanos) {
    if (rule.exempt().contains(evidence)) {
      ordered(address, version);
      return;
    }
    tracked.computeIfAbsent(address, a -> new Moves(rule.movesMax())).add(nowNanos);
    // Each move brings one address at most: two steps a move keep up.
    Iterator<Moves> oldest = tracked.values().iterator();
    for (int step = 0; step < 2 && oldest.hasNext(); step++) {
      boolean old = nowNanos - oldest.next().lastNanos() >= windowNanos;
      if (!old && tracked.size() <= TRACKED_MAX) {
        return;
      }
      oldest.remove();
    }
  }

  /** Ends what has lasted long enough, at most so many. */
  void sweep(long nowNanos, int max, List<Entry> audit) {
    for (int ended = 0; ended < max && !damped.isEmpty(); ended++) {
      Map.Entry<IpAddress, Hold> first = damped.entrySet().iterator().next();
      if (nowNanos - first.getValue().untilNanos() < 0) {
        return;
      }
      end(first.getKey(), Note.DAMPING_OVER, audit);
    }
  }

  /** An operator has the address moved; it stays damped for everybody else. */
  void ordered(IpAddress address, long version) {
    damped.computeIfPresent(address, (a, hold) -> new Hold(hold.untilNanos(), version));
  }

  /** An operator lets the address move again; false = it could. */
  boolean clear(IpAddress address, Order order, List<Entry> audit) {
    Hold hold = damped.remove(address);
    if (hold != null) {
      audit.add(new Entry.Cleared(address, order, hold.version()));
    }
    return hold != null;
  }

  /** How long until the first may move again; {@link Long#MAX_VALUE} = nobody is damped. */
  long endsInNanos(long nowNanos) {
    return damped.isEmpty()
        ? Long.MAX_VALUE
        : damped.values().iterator().next().untilNanos() - nowNanos;
  }

  boolean isDamped(IpAddress address) {
    return damped.containsKey(address);
  }

  /** How long an address may not move yet; 0 = not at all, or its hold is over any moment. */
  long remainingNanos(IpAddress address, long nowNanos) {
    Hold hold = damped.get(address);
    return hold == null ? 0 : Math.max(0, hold.untilNanos() - nowNanos);
  }

  int dampedCount() {
    return damped.size();
  }

  int trackedCount() {
    return tracked.size();
  }

  private void end(IpAddress address, Note how, List<Entry> audit) {
    Hold hold = damped.remove(address);
    if (hold != null) {
      audit.add(new Entry.Noted(address, how, hold.version()));
    }
  }
}
