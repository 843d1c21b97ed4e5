package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FlushPaceTest {
  private static final long MICROS = 1_000;
  private static final long MS = 1_000_000;

  @Test
  void sendingTakesATwentiethOfTheTimeHoweverManyAreConnected() {
    FlushPace pace = connected(new FlushPace(1), 20);
    assertEquals(8 * MS, pace.intervalNanos(20 * MICROS, 4 << 10, 2 * MS));
    assertEquals(4 * MS, pace.intervalNanos(10 * MICROS, 4 << 10, 2 * MS));
    assertEquals(
        4 * MS, connected(new FlushPace(2), 20).intervalNanos(20 * MICROS, 4 << 10, 2 * MS));
    pace.closed();
    assertEquals(7_600 * MICROS, pace.intervalNanos(20 * MICROS, 4 << 10, 2 * MS));
  }

  @Test
  void fewConnectionsWaitHardlyAndManyNotForEver() {
    assertEquals(
        2 * MS, connected(new FlushPace(1), 2).intervalNanos(40 * MICROS, 4 << 10, 2 * MS));
    assertEquals(2 * MS, new FlushPace(1).intervalNanos(0, 4 << 10, 2 * MS));
    assertEquals(
        16 * MS, connected(new FlushPace(1), 1_000).intervalNanos(40 * MICROS, 4 << 10, 2 * MS));
  }

  @Test
  void littleIsNotKeptWaiting() {
    FlushPace pace = connected(new FlushPace(1), 1_000);
    assertEquals(16 * MS, pace.intervalNanos(30 * MICROS, 1_280, 2 * MS));
    assertEquals(2 * MS, pace.intervalNanos(30 * MICROS, 1_279, 2 * MS));
    assertEquals(2 * MS, pace.intervalNanos(30 * MICROS, 1_280, 16 * MS));
  }

  private static FlushPace connected(FlushPace pace, int count) {
    for (int i = 0; i < count; i++) {
      pace.opened();
    }
    return pace;
  }
}
