package io.sterna.replay;

import io.sterna.loadgen.replay.Outcome;
import io.sterna.loadgen.replay.Replay;
import io.sterna.protocol.FeId;
import io.sterna.store.audit.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Replays a span at its pace, a multiple of it, or as fast as it goes. Interrupted, it ends with
 * what was replayed so far.
 */
public final class ReplayRun {
  /** As fast as it goes. */
  public static final double MAX = Double.POSITIVE_INFINITY;

  /** So often all tables are compared on the way. */
  private static final int CHECKPOINTS = 10;

  private static final long PROGRESS_NANOS = 1_000_000_000L;
  private static final long WAIT_MILLIS_MAX = 100;
  private static final double NANOS_PER_MILLI = 1e6;

  private final ReplaySpool spool;
  private final long fromMillis;
  private final long toMillis;
  private final double speed;
  private final Replay replay;
  private final LongSupplier nanoTime;
  private final Consumer<String> progress;
  private final long began;
  private long saidNanos;
  private long saidChanges;
  private boolean stopped;
  private long reachedMillis;

  /**
   * What a run showed.
   *
   * @param complete whether it came to the end of the span
   * @param reachedMillis how far it came
   * @param seconds how long it took
   */
  public record Result(Outcome outcome, boolean complete, long reachedMillis, double seconds) {}

  /** The rows of a range that are to come. */
  private static final class Source {
    private final Iterator<Recorded> rows;
    private Recorded next;

    Source(Iterator<Recorded> rows) {
      this.rows = rows;
      this.next = rows.next();
    }
  }

  /**
   * @param speed so much faster than it was recorded; {@link #MAX} = without waiting
   * @param delayMillis of elements that hear late, on the clock of the record
   * @param progress a line a second
   */
  public ReplayRun(
      ReplaySpool spool,
      long fromMillis,
      long toMillis,
      double speed,
      Map<FeId, Long> delayMillis,
      LongSupplier nanoTime,
      Consumer<String> progress) {
    this.spool = spool;
    // Nothing is waited for before the record begins.
    this.fromMillis =
        Math.max(fromMillis, Math.min(toMillis, spool.firstMillis().orElse(fromMillis)));
    this.toMillis = toMillis;
    this.speed = speed;
    this.replay =
        new Replay(spool.vms(), new ArrayList<>(spool.elements()), delayMillis, spool.ranges());
    this.nanoTime = nanoTime;
    this.progress = progress;
    this.began = nanoTime.getAsLong();
    this.saidNanos = began;
    this.reachedMillis = this.fromMillis;
  }

  /** Replays. */
  public Result run() {
    PriorityQueue<Source> sources =
        new PriorityQueue<>(
            Comparator.<Source>comparingLong(source -> source.next.atEpochMillis())
                .thenComparing(source -> source.next.range()));
    replay.advance(fromMillis);
    for (ReplaySpool.Part part : spool.parts()) {
      if (part.before().row() > 0) {
        replay.begin(part.before().position(), part.before().row(), spool.bindings(part.before()));
      }
      Iterator<Recorded> rows = spool.rows(part);
      if (rows.hasNext()) {
        sources.add(new Source(rows));
      }
    }
    play(sources);
    if (!stopped) {
      hearAll();
    }
    boolean complete = !stopped;
    if (complete) {
      replay.end();
      compareWithTables();
    } else {
      replay.checkpoint();
    }
    spool.parts().forEach(this::tellIfBroken);
    double seconds = (nanoTime.getAsLong() - began) / 1e9;
    return new Result(replay.outcome(), complete, reachedMillis, seconds);
  }

  private void play(PriorityQueue<Source> sources) {
    long step = Math.max(1, (toMillis - fromMillis) / CHECKPOINTS);
    long checkpoint = fromMillis + step;
    for (Source source = sources.poll(); source != null; source = sources.poll()) {
      long at = source.next.atEpochMillis();
      if (at > checkpoint) {
        replay.checkpoint();
        checkpoint += (at - checkpoint + step - 1) / step * step;
      }
      if (!waitFor(at)) {
        return;
      }
      replay.take(RecordedRows.told(source.next));
      if (source.rows.hasNext()) {
        source.next = source.rows.next();
        sources.add(source);
      }
    }
  }

  /** Those that hear late hear the last of it. */
  private void hearAll() {
    for (long due = replay.dueMillis(); due != Long.MAX_VALUE; due = replay.dueMillis()) {
      if (!waitFor(due)) {
        return;
      }
      replay.advance(due);
    }
  }

  /** Returns whether the moment has come; not if somebody ended the run. */
  private boolean waitFor(long atEpochMillis) {
    while (true) {
      long now = nanoTime.getAsLong();
      if (now - saidNanos >= PROGRESS_NANOS) {
        say(now);
      }
      double aheadMillis = (atEpochMillis - fromMillis) / speed - (now - began) / NANOS_PER_MILLI;
      if (aheadMillis <= 0) {
        stopped = stopped || Thread.interrupted();
        reachedMillis = stopped ? reachedMillis : Math.max(reachedMillis, atEpochMillis);
        return !stopped;
      }
      reachedMillis = Math.max(reachedMillis, recordMillis(now));
      replay.advance(reachedMillis);
      try {
        TimeUnit.MILLISECONDS.sleep((long) Math.ceil(Math.min(aheadMillis, WAIT_MILLIS_MAX)));
      } catch (InterruptedException e) {
        stopped = true;
        return false;
      }
    }
  }

  private long recordMillis(long nowNanos) {
    return fromMillis + (long) ((nowNanos - began) / NANOS_PER_MILLI * speed);
  }

  private void say(long now) {
    Outcome outcome = replay.outcome();
    double seconds = (now - saidNanos) / 1e9;
    long percent =
        100 * (Math.min(reachedMillis, toMillis) - fromMillis) / Math.max(1, toMillis - fromMillis);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s (%d %%): %d of %d rows, %d changes, %.0f changes/s",
            Instant.ofEpochMilli(reachedMillis),
            percent,
            outcome.rows(),
            spool.rowCount(),
            outcome.changes(),
            (outcome.changes() - saidChanges) / seconds));
    saidNanos = now;
    saidChanges = outcome.changes();
  }

  private void compareWithTables() {
    for (ReplaySpool.Part part : spool.parts()) {
      ReplaySpool.Kept after = part.after();
      if (after.row() > 0) {
        replay.compare(after.position(), after.row(), spool.bindings(after));
      }
    }
  }

  private void tellIfBroken(ReplaySpool.Part part) {
    part.broken()
        .ifPresent(
            broken ->
                replay.broken(
                    part.range(),
                    broken.row(),
                    broken.revision(),
                    broken.atEpochMillis(),
                    broken.why()));
  }
}
