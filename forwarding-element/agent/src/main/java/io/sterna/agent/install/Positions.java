package io.sterna.agent.install;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
    private final Line line;
    private RangePosition position;
    private int open;

    private Ticket(Line line, RangePosition position) {
      this.line = line;
      this.position = position;
    }

    /** One more change belongs to this position. */
    void hold() {
      open++;
    }
  }

  /** What was said about one range, in order, from the first that is not installed on. */
  private static final class Line {
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private @Nullable RangePosition installed;
    private boolean isFresh;
  }

  /**
   * While an entry fails, tickets pile up behind it. Beyond this many, the newest position takes
   * over the last ticket: positions are then reported more coarsely, never too early.
   */
  private static final int TICKETS_MAX = 1024;

  private final Map<RangeId, Line> lines = new HashMap<>();

  /** Those that are installed further than when they were asked for last. */
  private final List<Line> fresh = new ArrayList<>();

  /** Opens a ticket; {@link #settle} it when all its changes hold it. */
  Ticket open(RangePosition position) {
    Line line = lines.computeIfAbsent(position.range(), range -> new Line());
    if (line.tickets.size() >= TICKETS_MAX) {
      Ticket last = line.tickets.getLast();
      last.position = position;
      return last;
    }
    Ticket ticket = new Ticket(line, position);
    line.tickets.add(ticket);
    return ticket;
  }

  /** A change of this ticket is installed; nothing happens for null, a change of no position. */
  void release(@Nullable Ticket ticket) {
    if (ticket != null && --ticket.open == 0) {
      settle(ticket);
    }
  }

  /** Finds out how far the range of a ticket is now. */
  void settle(Ticket settled) {
    Line line = settled.line;
    while (!line.tickets.isEmpty() && line.tickets.getFirst().open == 0) {
      line.installed = line.tickets.removeFirst().position;
      if (!line.isFresh) {
        line.isFresh = true;
        fresh.add(line);
      }
    }
  }

  /** The positions that were reached since the last call, the latest of each range. */
  List<RangePosition> drainFresh() {
    List<RangePosition> drained = new ArrayList<>(fresh.size());
    for (Line line : fresh) {
      line.isFresh = false;
      drained.add(Objects.requireNonNull(line.installed));
    }
    fresh.clear();
    return drained;
  }

  /** The positions of all ranges that are installed to some extent. */
  List<RangePosition> installed() {
    return lines.values().stream().flatMap(line -> Stream.ofNullable(line.installed)).toList();
  }
}
