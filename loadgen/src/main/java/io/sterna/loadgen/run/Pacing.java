package io.sterna.loadgen.run;

import io.sterna.loadgen.measure.Counts;
import io.sterna.loadgen.scenario.Scenario;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets no more events happen than elements outside of this process follow, which a thread of its
 * own asks for again and again. The bound is safe, however old the answer is: what was acknowledged
 * before the question is installed, but for what the answer says is not.
 */
final class Pacing implements AutoCloseable {
  /** What happens between two answers is not known to be installed: a small part of the bound. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30));

  private final Scenario.Followers wanted;
  private final FollowerProgress progress;
  private final Patience patience;
  private final Thread thread;
  private volatile long settled;
  private volatile long eventsMax;
  private volatile boolean closed;
  private volatile @Nullable String failure;

  /**
   * What is waited for in vain.
   *
   * @param answer how long for an answer
   * @param still how long for an element that is behind to install anything
   */
  record Patience(Duration answer, Duration still) {}

  private Pacing(Scenario.Followers wanted, FollowerProgress progress, Patience patience) {
    this.wanted = wanted;
    this.progress = progress;
    this.patience = patience;
    this.thread = new Thread(this::ask, "load-pacing");
    thread.setDaemon(true);
  }

  /** Begins to ask, when no event has happened yet that counts. */
  static Pacing start(Scenario.Followers wanted, FollowerProgress progress) {
    return start(wanted, progress, PATIENCE);
  }

  /** The same, with another patience. */
  static Pacing start(Scenario.Followers wanted, FollowerProgress progress, Patience patience) {
    Pacing pacing = new Pacing(wanted, progress, patience);
    pacing.thread.start();
    return pacing;
  }

  /** How many more events may happen now. */
  long room(Counts counts) {
    settled(counts.events() - counts.open());
    return eventsMax - counts.events();
  }

  /** How many events may have happened by now; {@link #settled} says how many are settled. */
  long eventsMax() {
    return eventsMax;
  }

  /** So many events were acknowledged or given up by now. */
  void settled(long events) {
    settled = events;
  }

  /** Whether nobody can tell any more how far the elements are, or they stand still. */
  boolean hasFailed() {
    return failure != null;
  }

  /**
   * @throws LoadException if nobody can tell any more how far the elements are, or they stand still
   */
  void check() throws LoadException {
    String failed = failure;
    if (failed != null) {
      throw new LoadException("followers: " + failed);
    }
  }

  private void ask() {
    long answeredNanos = System.nanoTime();
    long movedNanos = answeredNanos;
    long highest = Long.MIN_VALUE;
    while (!closed && failure == null) {
      long settledBefore = settled;
      try {
        long behind = progress.mostBehind(wanted.fes());
        answeredNanos = System.nanoTime();
        long max = settledBefore - behind + wanted.behindMax();
        if (max > highest || behind == 0) {
          highest = max;
          movedNanos = answeredNanos;
        } else if (answeredNanos - movedNanos > patience.still().toNanos()) {
          failure =
              "%d changes behind, and for %d s nothing was installed"
                  .formatted(behind, patience.still().toSeconds());
        }
        eventsMax = max;
      } catch (IOException e) {
        if (System.nanoTime() - answeredNanos > patience.answer().toNanos()) {
          failure = e.getMessage();
        }
      } catch (RuntimeException | Error e) {
        failure = e.toString();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
