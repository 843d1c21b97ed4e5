package io.sterna.controller.relocation.model;

/**
 * How much a plan may move.
 *
 * @param moves at most so many steps
 * @param memoryMib at most so much memory copied by all steps together
 */
public record Limits(int moves, long memoryMib) {
  /** Whatever helps. */
  public static final Limits NONE = new Limits(Integer.MAX_VALUE, Long.MAX_VALUE);

  /**
   * @throws IllegalArgumentException if one is negative
   */
  public Limits {
    Numbers.notNegative("the budget of moves", (long) moves);
    Numbers.notNegative("the budget of memory", memoryMib);
  }

  /** Whether there is any. */
  public boolean isNone() {
    return equals(NONE);
  }
}
