package io.sterna.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation can fail: a part that is broken on purpose violates an invariant soon. */
class MutationsTest {
  private static final int SEEDS_MAX = 2_000;

  static List<Mutant> mutants() {
    return Mutant.all();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void isCaught(Mutant mutant) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed, mutant.rules());
      if (outcome.violation().isPresent()) {
        Set<String> expected = mutant.violates();
        assertTrue(expected.contains(outcome.violation().get().invariant()), outcome::report);
        return;
      }
    }
    fail(mutant + " was not caught by " + SEEDS_MAX + " seeds");
  }
}
