package io.sterna.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** All that is left to chance comes from one seed. */
final class Chance {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final SplittableRandom random;

  Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  boolean in(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Nanoseconds between so many milliseconds. */
  long millis(long least, long most) {
    return least * NANOS_PER_MILLI + random.nextLong((most - least) * NANOS_PER_MILLI + 1);
  }

  double between(double least, double most) {
    return random.nextDouble(least, most);
  }

  <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
