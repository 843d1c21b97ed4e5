package io.sterna.lab.story;

import io.sterna.lab.LabSettings;

/**
 * How the story is told.
 *
 * @param lab where and how the lab runs
 * @param moves how often the VM moves, 1 to 1000
 * @param warmUpMoves how often another VM moves before, unmeasured, so that what is measured is a
 *     control plane that has been running
 * @param keep whether the lab stands afterwards
 * @param emulated whether sites are emulated even if this machine could have real ones
 * @param json whether the result is printed as one JSON object
 */
public record StorySettings(
    LabSettings lab, int moves, int warmUpMoves, boolean keep, boolean emulated, boolean json) {
  /** What {@code deploy/demo} tells if not told otherwise: three moves, a round of all sites. */
  public static final int DEFAULT_MOVES = 3;

  /** Rounds of another VM, some ten seconds: Java has compiled by then what a move needs. */
  public static final int DEFAULT_WARM_UP_MOVES = 60;

  private static final int MOVES_MAX = 1_000;

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public StorySettings {
    if (moves < 1 || moves > MOVES_MAX) {
      throw new IllegalArgumentException("moves " + moves + " is not between 1 and " + MOVES_MAX);
    }
    if (warmUpMoves < 0 || warmUpMoves > MOVES_MAX) {
      throw new IllegalArgumentException(
          "warm-up moves " + warmUpMoves + " is not between 0 and " + MOVES_MAX);
    }
  }
}
