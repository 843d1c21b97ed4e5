package io.sterna.controller.owner;

import io.sterna.controller.owner.RangeCommand.ConvergenceTimes;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long changes of one range take from committed to installed at every element that follows, as
 * the elements report it: so it includes the time for which they collect their reports. Changes of
 * one row count with the row's time, each by itself. Elements that come later are not waited for,
 * those that leave no longer. Pure; confined to its {@link Feed}.
 *
 * <p>At most {@value #ROWS_MAX} rows are waited for; beyond, because an element does not follow,
 * the oldest is given up and counted as such.
 */
final class Convergence {
  static final int ROWS_MAX = 1 << 10;

  private static final int ROWS_AT_FIRST = 16;
  private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final int DIGITS = 2;

  private final Histogram micros = new Histogram(LONGEST_MICROS, DIGITS);
  private long givenUp;

  /** Rows that are waited for, in order of revision: a ring, as long as a power of two. */
  private long[] revisions = new long[ROWS_AT_FIRST];

  private long[] committedNanos = new long[ROWS_AT_FIRST];
  private int[] changes = new int[ROWS_AT_FIRST];
  private int[] missing = new int[ROWS_AT_FIRST];
  private long first;
  private long end;

  /**
   * A row was committed.
   *
   * @param revision after it, above that of the row before
   * @param followers how many elements will report it
   */
  void committed(long revision, int changeCount, int followers, long nowNanos) {
    if (changeCount == 0 || followers == 0) {
      return;
    }
    makeRoom();
    int slot = slot(end++);
    revisions[slot] = revision;
    committedNanos[slot] = nowNanos;
    changes[slot] = changeCount;
    missing[slot] = followers;
  }

  /**
   * An element has installed what is above one revision and up to another.
   *
   * @param saidNanos when it said so
   */
  void installed(long aboveRevision, long upToRevision, long saidNanos) {
    for (long row = firstAbove(aboveRevision); row < end; row++) {
      int slot = slot(row);
      if (revisions[slot] > upToRevision) {
        break;
      }
      if (--missing[slot] == 0) {
        // An element may say what it was not told yet, and be told before it is heard.
        long tookNanos = Math.max(0, saidNanos - committedNanos[slot]);
        long tookMicros = TimeUnit.NANOSECONDS.toMicros(tookNanos);
        micros.recordValueWithCount(Math.min(tookMicros, LONGEST_MICROS), changes[slot]);
      }
    }
    forgetDone();
  }

  /** An element that had installed everything up to a revision does not follow any more. */
  void left(long upToRevision) {
    for (long row = firstAbove(upToRevision); row < end; row++) {
      int slot = slot(row);
      if (--missing[slot] == 0) {
        givenUp += changes[slot];
      }
    }
    forgetDone();
  }

  ConvergenceTimes times() {
    return new ConvergenceTimes(
        micros.getTotalCount(),
        givenUp,
        ms(micros.getValueAtPercentile(50)),
        ms(micros.getValueAtPercentile(99)),
        ms(micros.getMaxValue()));
  }

  private static double ms(long micros) {
    return micros / 1e3;
  }

  private void forgetDone() {
    while (first < end && missing[slot(first)] <= 0) {
      first++;
    }
  }

  private void makeRoom() {
    if (end - first < revisions.length) {
      return;
    }
    if (revisions.length == ROWS_MAX) {
      if (missing[slot(first)] > 0) {
        givenUp += changes[slot(first)];
      }
      first++;
      return;
    }
    grow();
  }

  private void grow() {
    int length = revisions.length * 2;
    long[] grownRevisions = new long[length];
    long[] grownNanos = new long[length];
    int[] grownChanges = new int[length];
    int[] grownMissing = new int[length];
    for (long row = first; row < end; row++) {
      int to = (int) (row & (length - 1));
      grownRevisions[to] = revisions[slot(row)];
      grownNanos[to] = committedNanos[slot(row)];
      grownChanges[to] = changes[slot(row)];
      grownMissing[to] = missing[slot(row)];
    }
    revisions = grownRevisions;
    committedNanos = grownNanos;
    changes = grownChanges;
    missing = grownMissing;
  }

  private long firstAbove(long revision) {
    long low = first;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (revisions[slot(middle)] <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int slot(long row) {
    return (int) (row & (revisions.length - 1));
  }
}
