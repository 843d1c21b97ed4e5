package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.archive.ArchiveStep;
import io.sterna.store.archive.StretchCutter;
import io.sterna.store.audit.CheckpointChain;
import io.sterna.store.cassandra.Archiving;
import io.sterna.store.cassandra.Archiving.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Archives range after range, with a pause after each piece of work; can be ended in between. */
final class ArchiveRun {
  /** So many numbers are removed before a pause. */
  private static final int PIECE = 1_000;

  private final Parts parts;
  private final Asked asked;
  private final CountDownLatch stop = new CountDownLatch(1);

  /** What a run works with. */
  record Parts(
      String writer, List<RangeId> ranges, Duration pause, InstantSource clock, Source source) {}

  /** Opens what a run needs when it is needed: connecting may take a while. */
  interface Source {
    /** Archives, in this way. */
    Archiving archiving(Archiving.Way way);

    /** All checkpoints, checked. */
    CheckpointChain signed();
  }

  /** What is wanted: only rows before a moment; with {@code dryRun} nothing is changed. */
  record Asked(Instant before, boolean dryRun) {}

  /** It was ended before it was done. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("it was stopped; the next run goes on from there");
    }
  }

  ArchiveRun(Parts parts, Asked asked) {
    this.parts = parts;
    this.asked = asked;
  }

  /** Ends the run after the step that it is at. Any thread. */
  void stop() {
    stop.countDown();
  }

  /**
   * Runs; for a thread that may wait.
   *
   * @param done told of each range
   */
  void run(Consumer<Outcome> done) {
    Archiving archiving =
        parts
            .source()
            .archiving(
                new Archiving.Way(
                    StretchCutter.Limits.STANDARD,
                    PIECE,
                    parts.writer(),
                    parts.clock(),
                    (step, stretch) -> rest(step)));
    CheckpointChain signed = parts.source().signed();
    for (RangeId range : parts.ranges()) {
      checkStopped();
      done.accept(
          archiving.archive(
              range, signed.heads(range), asked.before().toEpochMilli(), asked.dryRun()));
    }
  }

  private void rest(ArchiveStep step) {
    checkStopped();
    if (step == ArchiveStep.REGISTERED || step == ArchiveStep.PARTLY_REMOVED) {
      try {
        if (stop.await(parts.pause().toMillis(), TimeUnit.MILLISECONDS)) {
          throw new StoppedException();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoppedException();
      }
    }
  }

  private void checkStopped() {
    if (stop.getCount() == 0) {
      throw new StoppedException();
    }
  }
}
