package io.sterna.monitoring.kernel;

import io.sterna.monitoring.kernel.PairCounters.Interval;
import io.sterna.monitoring.kernel.PairCounters.Totals;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes one interval after the other from the kernel. Any step may fail: the next call then goes on
 * with the same interval, and what was taken of it already is kept. Not thread-safe.
 */
final class Rotation {
  private final Kernel kernel;
  private Totals told;
  private PairMaps.@Nullable Ended ended;
  private PairCounts taken = new PairCounts();

  /**
   * @param told what of the totals has been in an interval already
   */
  Rotation(Kernel kernel, Totals told) {
    this.kernel = kernel;
    this.told = told;
  }

  /** What it asks of the kernel. */
  interface Kernel {
    /** Packets that come from now on count in the other generation. */
    PairMaps.Ended flip(long nowNanos) throws IOException;

    /** Returns when no packet counts in the generation that ended. */
    void awaitRunning() throws IOException;

    /** Takes out what was counted in a generation; what was taken out before a failure, too. */
    void drain(int generation, PairCounts into) throws IOException;

    Totals totals() throws IOException;

    /** Keeps what was told, for the next process. */
    void keepTold(Totals told) throws IOException;
  }

  /** The interval that ends now; after a failure, that which ended then. */
  Interval rotate(long nowNanos) throws IOException {
    PairMaps.Ended ending = ended;
    if (ending == null) {
      ending = kernel.flip(nowNanos);
      ended = ending;
    }
    kernel.awaitRunning();
    kernel.drain(ending.generation(), taken);
    Totals now = kernel.totals();
    kernel.keepTold(now);
    Duration duration = Duration.ofNanos(ending.endedNanos() - ending.begunNanos());
    Interval interval = new Interval(duration, taken, now.since(told));
    told = now;
    ended = null;
    taken = new PairCounts();
    return interval;
  }
}
