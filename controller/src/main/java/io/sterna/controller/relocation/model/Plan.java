package io.sterna.controller.relocation.model;

import java.util.List;

/**
 * Migrations in the order in which they are to be made. After each of them every site is within its
 * capacity.
 *
 * @param steps in order
 * @param costBefore before the first
 * @param costAfter after the last
 * @param complete false if a deadline cut the search short: more time may find more
 */
public record Plan(List<Step> steps, double costBefore, double costAfter, boolean complete) {
  /** Copies the steps. */
  public Plan {
    steps = List.copyOf(steps);
  }
}
