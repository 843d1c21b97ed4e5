package io.sterna.loadgen.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionLoopTest {
  private static final long MS = 1_000_000;

  private final AtomicLong now = new AtomicLong();

  @Test
  void silenceIsCountedByTurnsThatAreOver() throws IOException {
    try (SessionLoop loop = new SessionLoop(now::get)) {
      now.addAndGet(10 * MS);
      assertEquals(0, loop.listenedNanos());
      turn(loop);
      assertEquals(10 * MS, loop.listenedNanos());
    }
  }

  @Test
  void aTurnThatTookLongIsNoLongSilence() throws IOException {
    try (SessionLoop loop = new SessionLoop(now::get)) {
      now.addAndGet(5_000 * MS);
      turn(loop);
      assertEquals(50 * MS, loop.listenedNanos());
    }
  }

  private static void turn(SessionLoop loop) throws IOException {
    loop.turn(Long.MIN_VALUE / 2, () -> {});
  }
}
