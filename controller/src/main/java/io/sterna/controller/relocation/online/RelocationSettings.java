package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.Planner;
import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Objective;
import java.time.Duration;

/**
 * When VMs are relocated, and how gently.
 *
 * @param algorithm how plans are searched
 * @param objective what counts as cost
 * @param seed of the chance in the search
 * @param schedule how often a plan is looked for
 * @param overload a link that carries this share of its capacity has a plan looked for at once; 0:
 *     none has
 * @param overloadPause how long after a search an overloaded link does not cause another
 * @param automaticMovesMax plans of up to so many steps need no operator; 0: each does
 * @param proposalTtl how long a proposed plan waits for an operator
 * @param gainMin what a plan must gain, as a share of the cost as it is
 * @param stepGainMin what a step must gain, as a share of what a movable VM costs on average once
 *     the plan is done: measured by what it costs before, the first plan would leave much undone
 * @param confirm how long a plan must pay, with every traffic that is seen, before it is proposed
 * @param dwell how long a VM stays after it was moved
 * @param returnAfter how long a VM does not come back to a site from which it was moved
 * @param movesPerHour the most moves within any hour
 * @param memoryMibPerHour the most memory copied within any hour
 * @param coolDown how long after a move failed no plan is looked for, unless somebody asks
 */
public record RelocationSettings(
    Algorithm algorithm,
    Objective objective,
    long seed,
    Duration schedule,
    double overload,
    Duration overloadPause,
    int automaticMovesMax,
    Duration proposalTtl,
    double gainMin,
    double stepGainMin,
    Duration confirm,
    Duration dwell,
    Duration returnAfter,
    int movesPerHour,
    long memoryMibPerHour,
    Duration coolDown) {
  /** What is gained must be this share of it when it is looked at again: prices are never exact. */
  static final double ENOUGH_AGAIN = 0.5;

  /**
   * What the reference configuration says, with plans that need no operator: for simulations.
   *
   * @param algorithm how plans are searched
   * @param objective what counts as cost
   * @param movesPerHour the most moves within any hour
   */
  public static RelocationSettings usual(
      Algorithm algorithm, Objective objective, int movesPerHour) {
    return new RelocationSettings(
        algorithm,
        objective,
        1,
        Duration.ofMinutes(15),
        0.8,
        Duration.ofMinutes(5),
        Integer.MAX_VALUE,
        Duration.ofHours(1),
        0.10,
        0.5,
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(12),
        movesPerHour,
        Long.MAX_VALUE / 2,
        Duration.ofMinutes(30));
  }

  /**
   * @throws IllegalArgumentException naming the first value that makes no sense
   */
  public RelocationSettings {
    if (schedule.compareTo(confirm) <= 0) {
      throw new IllegalArgumentException(
          "confirm " + confirm + " is not below schedule " + schedule);
    }
    if (returnAfter.compareTo(dwell) < 0) {
      throw new IllegalArgumentException(
          "return-after " + returnAfter + " is below dwell " + dwell);
    }
    if (!(overload >= 0) || !(gainMin >= 0 && gainMin < 1) || !(stepGainMin >= 0)) {
      throw new IllegalArgumentException("a share is out of range");
    }
    if (movesPerHour < 1 || memoryMibPerHour < 1) {
      throw new IllegalArgumentException("nothing may be moved");
    }
  }

  /** Who searches. */
  Planner planner() {
    return new Planner(algorithm, objective, new Limits(movesPerHour, memoryMibPerHour), seed);
  }
}
