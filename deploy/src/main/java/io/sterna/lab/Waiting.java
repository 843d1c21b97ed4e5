package io.sterna.lab;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for something by asking again and again. */
public final class Waiting {
  private static final long POLL_MS = 50;

  private final Progress progress;

  /** Says through this what is waited for. */
  public Waiting(Progress progress) {
    this.progress = progress;
  }

  /** What a question found out. */
  @FunctionalInterface
  public interface Question {
    /**
     * What is still missing; empty when it is there.
     *
     * @throws LabException if it will never be there
     */
    String missing() throws LabException;
  }

  /**
   * Waits until nothing is missing.
   *
   * @throws LabException if something still is when the bound has passed; it says what
   */
  public void until(Question question, Duration bound) throws LabException {
    until(question, bound, () -> "");
  }

  /**
   * Waits until nothing is missing.
   *
   * @param advice added to the message if the bound passes
   * @throws LabException if something still is when the bound has passed; it says what
   */
  public void until(Question question, Duration bound, Supplier<String> advice)
      throws LabException {
    long startNanos = System.nanoTime();
    while (true) {
      String missing = question.missing();
      if (missing.isEmpty()) {
        return;
      }
      Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
      if (elapsed.compareTo(bound) > 0) {
        throw new LabException(
            "gave up after " + bound.toSeconds() + " s waiting for " + missing + advice.get());
      }
      progress.waitingFor(missing, elapsed);
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted while waiting for " + missing, e);
      }
    }
  }
}
