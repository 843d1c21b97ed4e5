package io.sterna.loadgen.measure;

import io.sterna.protocol.RangePosition;

/** The way of a range from where some element was to where it got first. */
final class Stretch {
  final RangePosition end;

  /** As {@link OpenChanges} numbers them. */
  final int[] changes;

  /** How many elements are at its end or further. */
  int passed;

  long lastPassedNanos;
  boolean passedByAll;

  Stretch(RangePosition end, int[] changes) {
    this.end = end;
    this.changes = changes;
  }
}
