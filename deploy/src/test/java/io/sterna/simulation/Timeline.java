package io.sterna.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/** Virtual time: what will happen, in order; and what happened last, for people. */
final class Timeline {
  private static final int REMEMBERED = 40;

  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final Deque<Past> past = new ArrayDeque<>();
  private long now;
  private long lastNumber;
  private long hash = 17;

  private record Event(
      long at, long number, Machine where, int life, Object what, boolean told, Runnable action) {}

  private record Past(long at, Machine where, Object what) {
    @Override
    public String toString() {
      return String.format("%9.3f ms %-12s %s", at / 1e6, where, what);
    }
  }

  long now() {
    return now;
  }

  /** Lets something happen on a machine, unless it crashes before. */
  void at(long at, Machine where, Object what, Runnable action) {
    add(new Event(Math.max(at, now), ++lastNumber, where, where.life(), what, true, action));
  }

  void after(long nanos, Machine where, Object what, Runnable action) {
    at(now + nanos, where, what, action);
  }

  /** The same, not worth telling. */
  void quietly(long nanos, Machine where, Runnable action) {
    add(new Event(now + nanos, ++lastNumber, where, where.life(), "tick", false, action));
  }

  /** Writes down what was decided while something happened. */
  void note(Machine where, Object what) {
    if (past.size() == REMEMBERED) {
      past.remove();
    }
    past.add(new Past(now, where, what));
    hash = 31 * hash + now;
    hash = 31 * hash + where.toString().hashCode();
  }

  void runUntil(long end) {
    while (true) {
      Event next = queue.peek();
      if (next == null || next.at() > end) {
        now = end;
        return;
      }
      queue.remove();
      now = next.at();
      happen(next);
    }
  }

  /** Equal for runs in which the same happened. */
  long hash() {
    return hash;
  }

  /** How many events were planned so far. */
  long eventCount() {
    return lastNumber;
  }

  List<String> lastEvents() {
    List<String> lines = new ArrayList<>();
    past.forEach(event -> lines.add(event.toString()));
    return lines;
  }

  private void happen(Event event) {
    Machine where = event.where();
    if (event.life() != where.life() || !where.isUp()) {
      return;
    }
    if (where.pausedUntil() > now) {
      // In the order in which they would have happened.
      add(
          new Event(
              where.pausedUntil(),
              ++lastNumber,
              where,
              event.life(),
              event.what(),
              event.told(),
              event.action()));
      return;
    }
    if (event.told()) {
      note(where, event.what());
    }
    event.action().run();
  }

  private void add(Event event) {
    queue.add(event);
  }
}
