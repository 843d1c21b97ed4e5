package io.sterna.monitoring.matrix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The first few of many in some order, without sorting all. */
final class First<T> {
  private final int limit;
  private final Comparator<T> order;
  private final PriorityQueue<T> lastFirst;

  First(int limit, Comparator<T> order) {
    this.limit = limit;
    this.order = order;
    this.lastFirst = new PriorityQueue<>(order.reversed());
  }

  void offer(T element) {
    lastFirst.add(element);
    if (lastFirst.size() > limit) {
      lastFirst.remove();
    }
  }

  /** In order. */
  List<T> all() {
    List<T> all = new ArrayList<>(lastFirst);
    all.sort(order);
    return all;
  }
}
