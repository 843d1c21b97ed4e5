package io.sterna.agent.install;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far each range is installed.
 *
 * <p>Every delta or snapshot opens a ticket; a ticket counts the changes that nobody has installed
 * yet. A range is installed up to the last ticket before the first that still counts something. A
 * change that is overtaken by a newer one of its address leaves its place in the older ticket to
 * it, so the older ticket waits for what the address finally became.
 */
final class Positions {
  /** A position and the changes it waits for. */
  static final class Ticket {
    private RangePosition position;
    private int open;

    private Ticket(RangePosition position) {
      this.position = position;
    }

    /** One more change belongs to this position. */
    void hold() {
      open++;
    }
  }

  /**
   * While an entry fails, tickets pile up behind it. Beyond this many, the newest position takes
   * over the last ticket: positions are then reported more coarsely, never too early.
   */
  private static final int TICKETS_MAX = 1024;

  private final Map<RangeId, ArrayDeque<Ticket>> tickets = new HashMap<>();
  private final Map<RangeId, RangePosition> installed = new HashMap<>();
  private final Map<RangeId, RangePosition> fresh = new HashMap<>();

  /** Opens a ticket; {@link #settle} it when all its changes hold it. */
  Ticket open(RangePosition position) {
    ArrayDeque<Ticket> queue = tickets.computeIfAbsent(position.range(), r -> new ArrayDeque<>());
    if (queue.size() >= TICKETS_MAX) {
      Ticket last = queue.getLast();
      last.position = position;
      return last;
    }
    Ticket ticket = new Ticket(position);
    queue.add(ticket);
    return ticket;
  }

  /** A change of this ticket is installed; nothing happens for null, a change of no position. */
  void release(@Nullable Ticket ticket) {
    if (ticket != null) {
      ticket.open--;
      settle(ticket.position.range());
    }
  }

  /** Finds out how far the range is now. */
  void settle(RangeId range) {
    ArrayDeque<Ticket> queue = tickets.get(range);
    if (queue == null) {
      return;
    }
    while (!queue.isEmpty() && queue.getFirst().open == 0) {
      RangePosition position = queue.removeFirst().position;
      installed.put(range, position);
      fresh.put(range, position);
    }
  }

  /** The positions that were reached since the last call, the latest of each range. */
  List<RangePosition> drainFresh() {
    List<RangePosition> drained = List.copyOf(fresh.values());
    fresh.clear();
    return drained;
  }

  /** The positions of all ranges that are installed to some extent. */
  List<RangePosition> installed() {
    return List.copyOf(installed.values());
  }
}
