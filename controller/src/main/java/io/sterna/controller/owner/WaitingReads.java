package io.sterna.controller.owner;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads that wait while the log writes, in order; bounded. */
final class WaitingReads {
  private static final int MAX = 1000;

  private final Deque<RangeCommand> reads = new ArrayDeque<>();

  void add(RangeCommand read) {
    if (reads.size() == MAX) {
      // Whoever asked first has given up first.
      reads.remove();
    }
    reads.add(read);
  }

  List<RangeCommand> takeAll() {
    List<RangeCommand> all = List.copyOf(reads);
    reads.clear();
    return all;
  }
}
