package io.sterna.store.audit;

import java.util.Arrays;

/**
 * Which checkpoints the store has, to be compared with a copy: 16 bytes each, since there is one a
 * minute for years. The first 64 bits of a hash tell two of one number apart.
 */
final class SeenCheckpoints {
  private static final int FIRST_SIZE = 1024;

  private long[] numbers = new long[FIRST_SIZE];
  private long[] prints = new long[FIRST_SIZE];
  private int size;

  /** Takes the next; one out of order is passed over. */
  void add(long number, Checkpoint checkpoint) {
    if (size > 0 && number <= numbers[size - 1]) {
      return;
    }
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
      prints = Arrays.copyOf(prints, 2 * size);
    }
    numbers[size] = number;
    prints[size] = print(checkpoint);
    size++;
  }

  /** Whether there is one of this number. */
  boolean has(long number) {
    return Arrays.binarySearch(numbers, 0, size, number) >= 0;
  }

  /** Whether exactly this one is there. */
  boolean has(long number, Checkpoint checkpoint) {
    int at = Arrays.binarySearch(numbers, 0, size, number);
    return at >= 0 && prints[at] == print(checkpoint);
  }

  private static long print(Checkpoint checkpoint) {
    return Long.parseUnsignedLong(checkpoint.hash().toString().substring(0, 16), 16);
  }
}
