package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.model.Objective;
import java.time.Duration;

/** Settings of which a test says only what it is about. */
final class SettingsOfTests {
  private SettingsOfTests() {}

  /** What a controller does by default, but executes without asking. */
  static RelocationSettings automatic(Objective objective, int movesPerHour) {
    return RelocationSettings.usual(Algorithm.STERNA, objective, movesPerHour);
  }

  /** The same with a search that takes no time: what keeps VMs where they are is not the search. */
  static RelocationSettings quick(Objective objective, int movesPerHour) {
    return RelocationSettings.usual(Algorithm.DESCENT, objective, movesPerHour);
  }

  /** Waits for an operator; proposes what it finds at once. */
  static RelocationSettings manual(int movesPerHour) {
    return new RelocationSettings(
        Algorithm.STERNA,
        Objective.LINK_LOAD,
        1,
        Duration.ofMinutes(15),
        0.8,
        Duration.ofMinutes(5),
        0,
        Duration.ofHours(1),
        0.10,
        0.1,
        Duration.ZERO,
        Duration.ofHours(1),
        Duration.ofHours(12),
        movesPerHour,
        Long.MAX_VALUE / 2,
        Duration.ofMinutes(30));
  }
}
