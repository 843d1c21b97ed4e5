package io.sterna.monitoring.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.monitoring.kernel.PairCounters.Interval;
import io.sterna.monitoring.kernel.PairCounters.Totals;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A kernel that refuses at each step once: what it counted arrives all the same, and once. */
class RotationTest {
  private static final Totals NONE = new Totals(0, 0, 0, 0);

  private final PlayedKernel kernel = new PlayedKernel();

  /** Two generations; what is counted falls into the one in use. */
  private static final class PlayedKernel implements Rotation.Kernel {
    final long[] v4 = new long[2];
    final long[] v6 = new long[2];
    int generation;
    long begunNanos;
    Totals totals = NONE;
    Totals told = NONE;
    String refuses = "";

    void count(long bytesV4, long bytesV6) {
      v4[generation] += bytesV4;
      v6[generation] += bytesV6;
    }

    private void step(String name) throws IOException {
      if (refuses.equals(name)) {
        refuses = "";
        throw new IOException(name);
      }
    }

    @Override
    public PairMaps.Ended flip(long nowNanos) throws IOException {
      step("flip");
      PairMaps.Ended ended = new PairMaps.Ended(generation, begunNanos, nowNanos);
      generation = 1 - generation;
      begunNanos = nowNanos;
      return ended;
    }

    @Override
    public void awaitRunning() throws IOException {
      step("await");
    }

    @Override
    public void drain(int of, PairCounts into) throws IOException {
      step("v4");
      take(v4, of, into);
      step("v6");
      take(v6, of, into);
    }

    private static void take(long[] bytes, int of, PairCounts into) {
      if (bytes[of] > 0) {
        into.add(0, 0, 1, 0, 2, bytes[of], 1);
        bytes[of] = 0;
      }
    }

    @Override
    public Totals totals() throws IOException {
      step("totals");
      return totals;
    }

    @Override
    public void keepTold(Totals now) throws IOException {
      step("keep");
      told = now;
    }
  }

  @Test
  void whateverFailsTheIntervalComesWholeTheNextTime() throws Exception {
    for (String step : new String[] {"await", "v4", "v6", "totals", "keep"}) {
      Rotation rotation = new Rotation(kernel, kernel.told);
      rotation.rotate(1_000);
      kernel.count(10, 200);
      kernel.totals = new Totals(0, 0, kernel.totals.missedBytes() + 7, 1);
      kernel.refuses = step;
      assertThrows(IOException.class, () -> rotation.rotate(3_000), step);
      kernel.count(1, 1);
      Interval late = rotation.rotate(5_000);
      assertEquals(210, late.pairs().bytes(), step);
      assertEquals(Duration.ofNanos(2_000), late.duration(), step);
      assertEquals(7, late.totals().missedBytes(), step);
      Interval next = rotation.rotate(6_000);
      assertEquals(2, next.pairs().bytes(), step);
      assertEquals(Duration.ofNanos(3_000), next.duration(), step);
      assertEquals(0, next.totals().missedBytes(), step);
    }
  }

  @Test
  void aFlipThatFailsMakesTheIntervalLonger() throws Exception {
    Rotation rotation = new Rotation(kernel, NONE);
    kernel.count(10, 0);
    kernel.refuses = "flip";
    assertThrows(IOException.class, () -> rotation.rotate(1_000));
    kernel.count(5, 0);
    Interval interval = rotation.rotate(2_000);
    assertEquals(15, interval.pairs().bytes());
    assertEquals(Duration.ofNanos(2_000), interval.duration());
  }

  /** What found no room while no agent ran. */
  @Test
  void aSuccessorTellsWhatWasMissedBeforeIt() throws Exception {
    kernel.totals = new Totals(5, 1, 100, 2);
    assertEquals(kernel.totals, new Rotation(kernel, kernel.told).rotate(1_000).totals());
    kernel.totals = new Totals(5, 1, 160, 3);
    Interval next = new Rotation(kernel, kernel.told).rotate(2_000);
    assertEquals(new Totals(0, 0, 60, 1), next.totals());
  }
}
