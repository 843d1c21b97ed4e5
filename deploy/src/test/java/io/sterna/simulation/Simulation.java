package io.sterna.simulation;

import java.util.List;
import java.util.Optional;

/** One run of one seed. */
final class Simulation {
  private Simulation() {}

  /**
   * What came of it.
   *
   * @param violation what did not hold; empty = everything did
   * @param traceHash equal for runs in which the same happened
   * @param lastEvents what happened last, for people
   */
  record Outcome(
      long seed,
      Optional<Checks.Violation> violation,
      long traceHash,
      long eventCount,
      int acknowledgedCount,
      int releasedCount,
      int dampedCount,
      int orderedCount,
      List<String> lastEvents) {
    /** Everything needed to understand and repeat a failure. */
    String report() {
      return "seed "
          + seed
          + ": "
          + violation.map(Checks.Violation::getMessage).orElse("everything held")
          + "\n  "
          + String.join("\n  ", lastEvents)
          + "\nreplay: -Dsterna.simulation.first-seed="
          + seed
          + " -Dsterna.simulation.seeds=1";
    }
  }

  static Outcome run(long seed, Rules rules) {
    World world = new World(seed, rules);
    Optional<Checks.Violation> violation = Optional.empty();
    try {
      world.run();
    } catch (Checks.Violation found) {
      violation = Optional.of(found);
    }
    Timeline timeline = world.timeline();
    return new Outcome(
        seed,
        violation,
        timeline.hash(),
        timeline.eventCount(),
        world.checks().acknowledgedCount(),
        world.checks().releasedCount(),
        world.checks().dampedCount(),
        world.checks().orderedCount(),
        timeline.lastEvents());
  }
}
