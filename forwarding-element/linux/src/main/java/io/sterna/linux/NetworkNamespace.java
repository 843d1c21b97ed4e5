package io.sterna.linux;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace by name, as {@code ip netns} knows it, or the one this process runs in.
 *
 * <p>{@code setns(2)} changes the calling thread only, and a socket belongs for ever to the
 * namespace of the thread that made it. So work runs on a fresh platform thread that enters the
 * namespace and ends there; sockets, files under {@code /proc/sys/net} and child processes that it
 * opens are the namespace's.
 */
public final class NetworkNamespace {
  private static final int CLONE_NEWNET = 0x4000_0000;
  private static final int O_RDONLY_CLOEXEC = 0x8_0000;

  private final String name;

  private NetworkNamespace(String name) {
    this.name = name;
  }

  /** The namespace of this process. */
  public static NetworkNamespace own() {
    return new NetworkNamespace("");
  }

  /** The namespace of this name; the empty name is {@link #own()}. */
  public static NetworkNamespace named(String name) {
    return new NetworkNamespace(name);
  }

  /** Its name; empty for this process's own. */
  public String name() {
    return name;
  }

  /**
   * Runs the work inside and waits for it.
   *
   * @throws IOException if the namespace cannot be entered, or what the work threw
   */
  public <T> T call(Callable<T> work) throws IOException {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter();
              return work.call();
            });
    thread("netns-" + name, task).start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while working in network namespace " + name, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("in network namespace '" + name + "': " + e.getCause(), e.getCause());
    }
  }

  /** A daemon thread that enters the namespace and then runs the work; not started yet. */
  public Thread newThread(String threadName, Runnable work) {
    return thread(
        threadName,
        () -> {
          try {
            enter();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          work.run();
        });
  }

  private static Thread thread(String threadName, Runnable work) {
    Thread thread = new Thread(work, threadName);
    thread.setDaemon(true);
    return thread;
  }

  private void enter() throws IOException {
    if (name.isEmpty()) {
      return;
    }
    try {
      int fd = Libc.INSTANCE.open("/run/netns/" + name, O_RDONLY_CLOEXEC);
      try {
        Libc.INSTANCE.setns(fd, CLONE_NEWNET);
      } finally {
        Libc.INSTANCE.close(fd);
      }
    } catch (LastErrorException e) {
      throw new IOException(
          "cannot enter network namespace '" + name + "': errno " + e.getErrorCode(), e);
    }
  }
}
