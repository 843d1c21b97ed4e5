package io.sterna.controller.relocation.online;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Who was moved lately, and from where. A move counts from when it was begun, and whether it came
 * to an end or not: who writes this may not live to hear of it. So much is remembered as the budget
 * allows within the time in which a VM does not come back.
 */
final class MoveLedger {
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();

  private final RelocationSettings settings;
  private final Deque<Move> moves = new ArrayDeque<>();
  private final Map<IpAddress, Deque<Move>> ofVm = new HashMap<>();

  MoveLedger(RelocationSettings settings) {
    this.settings = settings;
  }

  /** One move that was begun. */
  private record Move(
      IpAddress vm, SiteId from, long memoryMib, long atEpochMillis, long planNumber) {}

  void begun(IpAddress vm, SiteId from, long memoryMib, long atEpochMillis, long planNumber) {
    Move move = new Move(vm, from, memoryMib, atEpochMillis, planNumber);
    moves.add(move);
    ofVm.computeIfAbsent(vm, each -> new ArrayDeque<>()).add(move);
    forget(atEpochMillis);
  }

  private void forget(long nowEpochMillis) {
    long keepMs = Math.max(HOUR_MS, settings.returnAfter().toMillis());
    for (Iterator<Move> each = moves.iterator(); each.hasNext(); ) {
      Move move = each.next();
      if (nowEpochMillis - move.atEpochMillis() < keepMs) {
        return;
      }
      each.remove();
      Deque<Move> others = ofVm.getOrDefault(move.vm(), new ArrayDeque<>());
      others.remove(move);
      if (others.isEmpty()) {
        ofVm.remove(move.vm());
      }
    }
  }

  /** Those of which something is remembered. */
  Set<IpAddress> moved() {
    return Set.copyOf(ofVm.keySet());
  }

  /**
   * Whether a VM was moved too shortly ago to be moved again. Of one plan it may be moved twice: to
   * make room, and then on.
   */
  boolean dwells(IpAddress vm, long nowEpochMillis, long planNumber) {
    Deque<Move> of = ofVm.get(vm);
    if (of == null) {
      return false;
    }
    Move last = of.getLast();
    return last.planNumber() != planNumber
        && nowEpochMillis - last.atEpochMillis() < settings.dwell().toMillis();
  }

  /** Where a VM was too shortly ago to come back. */
  Set<SiteId> left(IpAddress vm, long nowEpochMillis) {
    Set<SiteId> left = new HashSet<>();
    for (Move each : ofVm.getOrDefault(vm, new ArrayDeque<>())) {
      if (nowEpochMillis - each.atEpochMillis() < settings.returnAfter().toMillis()) {
        left.add(each.from());
      }
    }
    return left;
  }

  /** Whether the budget of the last hour allows one more move. */
  boolean allows(long memoryMib, long nowEpochMillis) {
    int count = 0;
    long sumMib = 0;
    for (Iterator<Move> each = moves.descendingIterator(); each.hasNext(); ) {
      Move move = each.next();
      if (nowEpochMillis - move.atEpochMillis() >= HOUR_MS) {
        break;
      }
      count++;
      sumMib += move.memoryMib();
    }
    // What is larger than the whole budget is copied when nothing else was.
    boolean fits = sumMib + memoryMib <= settings.memoryMibPerHour() || sumMib == 0;
    return count < settings.movesPerHour() && fits;
  }
}
