package io.sterna.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** How far some elements were behind what is committed, looked at again and again. Pure. */
final class Lag {
  private static final double NANOS_PER_SECOND = 1e9;

  private final List<Sample> samples = new ArrayList<>();

  /**
   * One look.
   *
   * @param nanos when its answer was there
   * @param committed changes that are committed
   * @param behind those that the slowest of the elements has not installed
   * @param inSync whether all have installed everything
   */
  record Sample(long nanos, long committed, long behind, boolean inSync) {}

  /** Looked once more. */
  void add(Sample sample) {
    samples.add(sample);
  }

  /** The most that one was behind from a moment on; 0 if nobody looked since. */
  long most(long sinceNanos) {
    return samples.stream()
        .filter(each -> each.nanos - sinceNanos >= 0)
        .mapToLong(Sample::behind)
        .max()
        .orElse(0);
  }

  /**
   * How long after a moment the elements got in sync for good: until the first look that found them
   * in sync with what is committed at the last look, and after which none found otherwise.
   *
   * @return seconds, 0 if they were before that moment; empty if they are not
   */
  OptionalDouble secondsUntilInSync(long fromNanos) {
    OptionalDouble seconds = OptionalDouble.empty();
    for (int i = samples.size() - 1; i >= 0; i--) {
      Sample each = samples.get(i);
      if (!each.inSync || each.committed != samples.get(samples.size() - 1).committed) {
        break;
      }
      seconds = OptionalDouble.of(Math.max(0, (each.nanos - fromNanos) / NANOS_PER_SECOND));
    }
    return seconds;
  }
}
