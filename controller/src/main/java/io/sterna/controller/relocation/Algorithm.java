package io.sterna.controller.relocation;

import java.util.Locale;

/** How a placement is searched. */
public enum Algorithm {
  /** Algorithm 1 of 'Adaptive Cloud', to the letter: the reference. */
  ALGORITHM1,
  /** One VM after the other to its best site, while the cost falls. */
  DESCENT,
  /** Of all moves of one VM the one that gains most, while one gains. */
  GREEDY,
  /** Ours: clusters, annealing, swaps, and steps in the order of their gain. */
  STERNA;

  /** As it is written on a command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
