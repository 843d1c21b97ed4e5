package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainTurnsTest {
  @Test
  void pairsAreTwoTurnsOfWhichTheFirstHasAnEvenNumber() throws LabException {
    List<String> lines =
        List.of("1 true 7", "2 true 90", "3 false 100", "4 false 200", "5 true 180", "6 true 3");

    ChainTurns turns = ChainTurns.last(lines, 2, 1);

    assertEquals(
        List.of(new ChainTurns.Pair(180, 200), new ChainTurns.Pair(90, 100)), turns.pairs());
    assertEquals(10, turns.percent(), 1e-9);
    assertEquals(0, turns.percentPlusMinus(), 1e-9);
  }

  @Test
  void aTurnWithoutItsOtherHalfDoesNotCount() {
    List<String> lines = List.of("2 true 90", "5 true 180", "6 true 3", "7 false 4");

    LabException refused = assertThrows(LabException.class, () -> ChainTurns.last(lines, 2, 0));

    assertEquals("1 pairs of turns, not 2", refused.getMessage());
  }

  @Test
  void whatIsNoTurnIsRefused() {
    assertThrows(LabException.class, () -> ChainTurns.last(List.of("2 true 9", "3"), 1, 0));
  }

  /** In 100 noisy records the truth lies outside of what is said about as seldom as is said. */
  @Test
  void theTruthLiesWithinWhatIsSaid() throws LabException {
    int outside = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<String> lines = new ArrayList<>();
      for (int turn = 0; turn < 400; turn++) {
        boolean chained = (turn & 1) == 0;
        double changes = (chained ? 0.96 : 1) * 25_000 * (1 + 0.2 * random.nextGaussian());
        lines.add("%d %b %d".formatted(turn, chained, Math.round(changes)));
      }
      ChainTurns turns = ChainTurns.last(lines, 200, 0);
      if (Math.abs(turns.percent() - 4) > turns.percentPlusMinus()) {
        outside++;
      }
    }
    assertTrue(outside >= 1 && outside <= 12, outside + " of 100 outside");
  }
}
