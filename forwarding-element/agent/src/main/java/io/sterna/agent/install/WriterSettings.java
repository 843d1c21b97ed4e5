package io.sterna.agent.install;

import io.sterna.agent.forwarding.ForwardingTable;
import java.time.Duration;

/**
 * How routes are written.
 *
 * @param urgentBatchMax the most urgent changes of one write
 * @param bulkBatchMax the most bulk changes of one write: an urgent change waits for at most one
 * @param retryMin how long a refused change waits before it is tried again; doubled each time
 * @param retryMax the longest such wait
 */
public record WriterSettings(
    int urgentBatchMax, int bulkBatchMax, Duration retryMin, Duration retryMax) {
  /**
   * @throws IllegalArgumentException if a batch is empty or larger than a table takes
   */
  public WriterSettings {
    checkBatch("urgent", urgentBatchMax);
    checkBatch("bulk", bulkBatchMax);
  }

  private static void checkBatch(String lane, int max) {
    if (max < 1 || max > ForwardingTable.MAX_BATCH) {
      throw new IllegalArgumentException(
          lane + " batch " + max + " is not between 1 and " + ForwardingTable.MAX_BATCH);
    }
  }

  /** The wait after this many failures in a row, in nanoseconds. */
  long retryNanos(int failures) {
    long doubled = retryMin.toNanos() << Math.min(failures - 1, 20);
    return Math.min(doubled, retryMax.toNanos());
  }
}
