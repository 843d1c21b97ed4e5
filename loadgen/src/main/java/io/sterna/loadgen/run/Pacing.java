package io.sterna.loadgen.run;

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

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Scenario.Followers wanted;
  private final FollowerProgress progress;
  private final long patienceNanos;
  private final Thread thread;
  private volatile long settled;
  private volatile long eventsMax;
  private volatile boolean closed;
  private volatile @Nullable String failure;

  private Pacing(Scenario.Followers wanted, FollowerProgress progress, Duration patience) {
    this.wanted = wanted;
    this.progress = progress;
    this.patienceNanos = patience.toNanos();
    this.thread = new Thread(this::ask, "load-pacing");
    thread.setDaemon(true);
  }

  /** Begins to ask, when no event has happened yet that counts. */
  static Pacing start(Scenario.Followers wanted, FollowerProgress progress) {
    return start(wanted, progress, PATIENCE);
  }

  /** The same, and an answer is awaited so long in vain. */
  static Pacing start(Scenario.Followers wanted, FollowerProgress progress, Duration patience) {
    Pacing pacing = new Pacing(wanted, progress, patience);
    pacing.thread.start();
    return pacing;
  }

  /**
   * How many events may have happened by now.
   *
   * @param settledNow events that were acknowledged or given up
   * @throws LoadException if nobody can tell any more how far the elements are
   */
  long eventsMax(long settledNow) throws LoadException {
    settled = settledNow;
    String failed = failure;
    if (failed != null) {
      throw new LoadException("followers: " + failed);
    }
    return eventsMax;
  }

  private void ask() {
    long answeredNanos = System.nanoTime();
    while (!closed) {
      long settledBefore = settled;
      try {
        long behind = progress.mostBehind(wanted.fes());
        eventsMax = settledBefore - behind + wanted.behindMax();
        answeredNanos = System.nanoTime();
      } catch (IOException e) {
        if (System.nanoTime() - answeredNanos > patienceNanos) {
          failure = e.getMessage();
          return;
        }
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
