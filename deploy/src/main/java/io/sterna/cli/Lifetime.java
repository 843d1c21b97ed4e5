package io.sterna.cli;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps the process for as long as its role runs; a signal ends the role in good order. */
final class Lifetime {
  private final String name;
  private final AutoCloseable role;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Lifetime(String name, AutoCloseable role) {
    this.name = name;
    this.role = role;
  }

  /**
   * @param role closed on SIGTERM and SIGINT
   */
  static Lifetime of(String name, AutoCloseable role) {
    return new Lifetime(name, role);
  }

  /**
   * Waits for the role to end.
   *
   * @throws OperationFailedException if it ended by itself: nobody asked it to
   */
  void until(CompletionStage<?> terminated) throws OperationFailedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    try {
      terminated.toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new OperationFailedException(
          name + " failed: " + words(cause) + "; its log says more", e);
    }
    if (!stopping.get()) {
      throw new OperationFailedException(name + " has stopped; its log says why");
    }
  }

  private void stop() {
    stopping.set(true);
    try {
      role.close();
    } catch (Exception e) {
      // The process ends either way; this line is all that is left to do.
      System.err.println("sterna: " + name + " did not stop in good order: " + words(e));
    }
  }

  /** Some failures have none of their own. */
  private static String words(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
