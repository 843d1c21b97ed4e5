package io.sterna.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final long FIRST_SEED = Long.getLong("sterna.simulation.first-seed", 1);
  private static final int SEEDS = Integer.getInteger("sterna.simulation.seeds", 2_000);

  /** Of so many, some release, damp and order. */
  private static final int SEEDS_THAT_COVER = 500;

  @Test
  void everythingHoldsWhateverFails() {
    long acknowledged = 0;
    long released = 0;
    long damped = 0;
    long ordered = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed, Rules.REAL);
      assertTrue(outcome.violation().isEmpty(), outcome::report);
      acknowledged += outcome.acknowledgedCount();
      released += outcome.releasedCount();
      damped += outcome.dampedCount();
      ordered += outcome.orderedCount();
    }
    if (SEEDS < SEEDS_THAT_COVER) {
      return;
    }
    // Else nothing was tested.
    assertTrue(acknowledged >= SEEDS, "only " + acknowledged + " changes were acknowledged");
    assertTrue(released >= SEEDS / 10, "only " + released + " addresses were released");
    assertTrue(damped >= SEEDS / 10, "only " + damped + " times an address was damped");
    assertTrue(ordered >= SEEDS / 10, "only " + ordered + " changes were made by operators");
  }

  @Test
  void aSeedReplaysExactly() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 5; seed++) {
      Simulation.Outcome once = Simulation.run(seed, Rules.REAL);
      Simulation.Outcome again = Simulation.run(seed, Rules.REAL);
      assertEquals(once.traceHash(), again.traceHash());
      assertEquals(once.lastEvents(), again.lastEvents());
      assertNotEquals(once.traceHash(), Simulation.run(seed + 1, Rules.REAL).traceHash());
    }
  }
}
