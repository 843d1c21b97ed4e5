package io.sterna.loadgen.replay;

import java.util.HashMap;
import java.util.Map;

/**
 * For how long an element that hears late sends packets of moved VMs to where they were. A window
 * opens when a move is committed, and closes when the element sends to where the VM is; one that
 * moves again meanwhile is one window. Not thread-safe.
 */
final class LateMoves {
  private final Map<Integer, Long> open = new HashMap<>();
  private long moves;
  private long windows;
  private long sumMillis;
  private long longestMillis;
  private int longestVm = -1;

  /** A VM moved, and the element has not heard of it. */
  void moved(int vm, long atMillis) {
    moves++;
    open.putIfAbsent(vm, atMillis);
  }

  /** The element heard of a move that is history already: it sends to where the VM was then. */
  void wrong(int vm, long atMillis) {
    open.putIfAbsent(vm, atMillis);
  }

  /** The element sends to where the VM is. */
  void right(int vm, long atMillis) {
    Long since = open.remove(vm);
    if (since == null) {
      return;
    }
    long lastedMillis = atMillis - since;
    windows++;
    sumMillis += lastedMillis;
    if (lastedMillis > longestMillis) {
      longestMillis = lastedMillis;
      longestVm = vm;
    }
  }

  long moves() {
    return moves;
  }

  long windows() {
    return windows;
  }

  long sumMillis() {
    return sumMillis;
  }

  long longestMillis() {
    return longestMillis;
  }

  /** Whose window was the longest; -1 if there was none. */
  int longestVm() {
    return longestVm;
  }
}
