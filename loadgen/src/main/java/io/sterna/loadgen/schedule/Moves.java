package io.sterna.loadgen.schedule;

import java.util.OptionalInt;

/** Which VM moves where next. Knows where each VM was sent last; deterministic; not thread-safe. */
public interface Moves {
  /** The next move; the VM is there from now on. */
  Move next();

  /**
   * A VM that moves to this element, and is there from now on; none if no VM was found soon, or if
   * it is another element's turn.
   */
  OptionalInt nextTo(int fe);

  /** A VM turned out to be at an element when the run began. */
  void found(int vm, int fe);
}
