package io.sterna.controller.relocation.model;

/** What a number must be, said in the words of the files. */
final class Numbers {
  /**
   * More than anything can have, and so little that products of a few such numbers, summed up over
   * all there is, are finite.
   */
  static final double MOST = 1e12;

  /** Of what others are divided by. */
  private static final double LEAST = 1e-6;

  /** 2^40 MiB. */
  private static final long MEMORY_MOST_MIB = 1L << 40;

  private Numbers() {}

  static void positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + ", not above 0");
    }
    within(name, value, LEAST, MOST);
  }

  static void notNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + ", not 0 or more");
    }
    within(name, value, 0, MOST);
  }

  static void memory(String name, long mib) {
    notNegative(name, mib);
    if (mib > MEMORY_MOST_MIB) {
      throw new IllegalArgumentException(name + " is " + mib + ", not up to " + MEMORY_MOST_MIB);
    }
  }

  static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", not 0 or more");
    }
  }

  static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", not between " + least + " and " + most);
    }
  }
}
