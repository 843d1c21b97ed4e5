package io.sterna.lab;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While open: if this process is told to end (SIGINT, SIGTERM), the thread that opened this is
 * interrupted, and the process does not end before that thread has closed it. So what it built is
 * taken down by the same code as after any other failure.
 */
public final class UnwindOnExit implements AutoCloseable {
  private static final int UNWIND_BOUND_SECONDS = 60;

  private final CountDownLatch unwound = new CountDownLatch(1);
  private final Thread hook;

  private UnwindOnExit(Thread worker) {
    this.hook =
        new Thread(
            () -> {
              worker.interrupt();
              awaitUnwound();
            },
            "unwind-on-exit");
  }

  /** Watches over the calling thread. */
  public static UnwindOnExit ofThisThread() {
    UnwindOnExit unwind = new UnwindOnExit(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(unwind.hook);
    return unwind;
  }

  private void awaitUnwound() {
    try {
      boolean complete = unwound.await(UNWIND_BOUND_SECONDS, TimeUnit.SECONDS);
      assert complete : "the lab was not taken down in time";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs work that must be done even if the thread was interrupted: without the interrupt, which is
   * back afterwards.
   */
  public static void uninterrupted(CleanUp work) throws LabException {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Work that removes something. */
  @FunctionalInterface
  public interface CleanUp {
    /**
     * @throws LabException if something could not be removed
     */
    void run() throws LabException;
  }

  @Override
  public void close() {
    unwound.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook waits for the line above.
    }
  }
}
