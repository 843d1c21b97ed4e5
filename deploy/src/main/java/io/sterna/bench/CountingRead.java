package io.sterna.bench;

import com.sun.management.ThreadMXBean;
import io.sterna.lab.LabException;
import io.sterna.lab.kernel.FrameFlood;
import io.sterna.monitoring.kernel.PairCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * All pairs of an interval are read, several times; and whether the intervals hold exactly what the
 * receiver got, while packets flow and intervals end.
 *
 * @param pairs how many
 */
record CountingRead(int pairs) implements Experiment<CountingRead.Found> {
  private static final int READS = 7;
  private static final int ROTATIONS = 50;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MEBIBYTE = 1 << 20;

  /**
   * What was found.
   *
   * @param seconds the longest read took, from the decision to end the interval
   * @param mebibytes the most that one read allocated, the kernel's buffers included
   * @param miscounted packets counted more or less often than once
   */
  record Found(double seconds, double mebibytes, long miscounted, Map<String, Object> conditions) {}

  @Override
  public Found run(Bench bench) throws LabException {
    bench.progress().say("reading " + pairs + " pairs");
    try (CountedBridge bridge = CountedBridge.make("read");
        FrameFlood flood = bridge.flood(pairs);
        PairCounters counters = PairCounters.open(bridge.host(), CountingCost.settings(), 0)) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      double slowest = 0;
      double first = 0;
      long most = 0;
      for (int read = 0; read < READS; read++) {
        onceEach(flood);
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        PairCounters.Interval interval = counters.rotate(start);
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - allocated);
        slowest = Math.max(slowest, seconds);
        first = read == 0 ? seconds : first;
        if (interval.pairs().size() != pairs) {
          throw new LabException(interval.pairs().size() + " pairs of " + pairs + " were read");
        }
      }
      long miscounted = miscounted(bridge, flood, counters);
      Map<String, Object> conditions = bench.conditions();
      conditions.put("pairs", pairs);
      conditions.put("reads", READS);
      conditions.put("seconds_first", Figure.rounded(first));
      conditions.put("rotations_under_load", ROTATIONS);
      double mebibytes = (most + PairCounters.BUFFER_BYTES) / MEBIBYTE;
      counters.remove();
      return new Found(slowest, mebibytes, miscounted, conditions);
    } catch (IOException e) {
      throw new LabException("cannot count: " + e.getMessage(), e);
    }
  }

  private static long miscounted(CountedBridge bridge, FrameFlood flood, PairCounters counters)
      throws IOException, LabException {
    Sender sender = new Sender(flood);
    long arrivedBefore = bridge.arrived();
    Thread thread = new Thread(sender, "flood");
    thread.start();
    long counted = 0;
    for (int i = 0; i < ROTATIONS; i++) {
      counted += packets(counters.rotate(System.nanoTime()));
    }
    sender.more = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
    counted += packets(counters.rotate(System.nanoTime()));
    return Math.abs(counted - (bridge.arrived() - arrivedBefore));
  }

  private static long packets(PairCounters.Interval interval) {
    return interval.pairs().packets() + interval.totals().missedPackets();
  }

  private void onceEach(FrameFlood flood) throws IOException {
    for (int sent = 0; sent < pairs; ) {
      sent += flood.send();
    }
  }

  /** Sends until it is told to end. */
  private static final class Sender implements Runnable {
    private final FrameFlood flood;
    volatile boolean more = true;

    Sender(FrameFlood flood) {
      this.flood = flood;
    }

    @Override
    public void run() {
      try {
        while (more) {
          flood.send();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
