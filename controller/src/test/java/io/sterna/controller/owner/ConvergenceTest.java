package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConvergenceTest {
  private static final long MS = 1_000_000;

  /** Two digits. */
  private static final double PRECISION = 0.01;

  private final Convergence convergence = new Convergence();

  @Test
  void aChangeHasConvergedWhenTheLastFollowerHasInstalledIt() {
    convergence.committed(1, 1, 2, 0);
    convergence.committed(4, 3, 2, 2 * MS);
    convergence.installed(0, 4, 5 * MS);
    assertEquals(0, convergence.times().changes());
    convergence.installed(0, 1, 10 * MS);
    assertEquals(1, convergence.times().changes());
    convergence.installed(1, 4, 22 * MS);

    RangeCommand.ConvergenceTimes times = convergence.times();
    assertEquals(4, times.changes());
    assertEquals(20, times.p50Ms(), 20 * PRECISION);
    assertEquals(20, times.maxMs(), 20 * PRECISION);
    assertEquals(0, times.givenUp());
  }

  @Test
  void whatWasSaidBeforeItWasCommittedTookNoTime() {
    convergence.committed(1, 1, 1, 10 * MS);
    convergence.installed(0, 1, 5 * MS);
    assertEquals(1, convergence.times().changes());
    assertEquals(0, convergence.times().maxMs());
  }

  @Test
  void nobodyWaitsForAnElementThatLeft() {
    convergence.committed(1, 1, 2, 0);
    convergence.committed(2, 1, 2, 0);
    convergence.committed(3, 1, 1, 0);
    convergence.installed(0, 1, MS);
    convergence.left(1);
    convergence.installed(0, 1, 3 * MS);
    convergence.installed(1, 2, 4 * MS);

    assertEquals(2, convergence.times().changes());
    assertEquals(1, convergence.times().givenUp());
  }

  @Test
  void rowsWithoutChangesOrFollowersDoNotCount() {
    convergence.committed(1, 0, 2, 0);
    convergence.committed(2, 5, 0, 0);
    convergence.installed(0, 2, MS);

    assertEquals(0, convergence.times().changes());
  }

  @Test
  void itWaitsForSoManyRowsOnly() {
    int rows = Convergence.ROWS_MAX + 100;
    for (int row = 1; row <= rows; row++) {
      convergence.committed(row, 1, 1, 0);
    }
    convergence.installed(0, rows, MS);

    assertEquals(Convergence.ROWS_MAX, convergence.times().changes());
    assertEquals(100, convergence.times().givenUp());
  }
}
