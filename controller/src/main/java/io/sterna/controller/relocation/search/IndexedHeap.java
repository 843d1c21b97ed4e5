package io.sterna.controller.relocation.search;

import java.util.Arrays;

/**
 * Numbered elements by key, least first; an element's key can be changed. Of equals, the lowest.
 */
final class IndexedHeap {
  private static final int ABSENT = -1;

  private final double[] keys;
  private final int[] heap;
  private final int[] place;
  private int size;

  /** Empty. */
  IndexedHeap(int elements) {
    keys = new double[elements];
    heap = new int[elements];
    place = new int[elements];
    Arrays.fill(place, ABSENT);
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean contains(int element) {
    return place[element] != ABSENT;
  }

  /** The element of the least key. */
  int first() {
    return heap[0];
  }

  double key(int element) {
    return keys[element];
  }

  /** Puts an element in, or changes its key. */
  void put(int element, double key) {
    if (place[element] == ABSENT) {
      place[element] = size;
      heap[size++] = element;
    }
    keys[element] = key;
    down(up(place[element]));
  }

  /** Takes an element out, if it is in. */
  void remove(int element) {
    int at = place[element];
    if (at == ABSENT) {
      return;
    }
    place[element] = ABSENT;
    int last = heap[--size];
    if (last != element) {
      heap[at] = last;
      place[last] = at;
      down(up(at));
    }
  }

  private int up(int from) {
    int at = from;
    while (at > 0 && isBefore(heap[at], heap[(at - 1) / 2])) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
    return at;
  }

  private void down(int from) {
    int at = from;
    while (true) {
      int least = at;
      for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
        least = isBefore(heap[child], heap[least]) ? child : least;
      }
      if (least == at) {
        return;
      }
      swap(at, least);
      at = least;
    }
  }

  private boolean isBefore(int one, int other) {
    int byKey = Double.compare(keys[one], keys[other]);
    return byKey < 0 || (byKey == 0 && one < other);
  }

  private void swap(int a, int b) {
    int element = heap[a];
    heap[a] = heap[b];
    heap[b] = element;
    place[heap[a]] = a;
    place[heap[b]] = b;
  }
}
