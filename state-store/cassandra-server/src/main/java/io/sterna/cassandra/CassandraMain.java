package io.sterna.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.cassandra.service.CassandraDaemon;
import org.jspecify.annotations.Nullable;

/**
 * Runs Cassandra's daemon for as long as its parent lives.
 *
 * <p>The parent holds the other end of standard input and never writes to it. The kernel closes
 * that end with the parent, also when the parent is killed with SIGKILL, so the end of the stream
 * means: nobody is left to use this node, stop.
 *
 * <p>The data folder is locked by this process and not by the parent, because the folder is in use
 * for as long as this process lives, which may be some seconds longer than the parent.
 *
 * <p>System properties: {@code sterna.cassandra.lock} names the lock file, {@code
 * sterna.cassandra.stop-bound-ms} bounds a stop that follows the parent's death.
 */
public final class CassandraMain {
  /** Exit status: another process holds the lock of the data folder. */
  public static final int EXIT_LOCKED = 75;

  private static final int EXIT_ORPHANED = 143;

  /** A fraction of what a row takes; see {@link TimerSlack}. */
  private static final long TIMER_SLACK_NANOS = 200_000;

  // Reachable for ever: the lock ends with its channel.
  private static @Nullable FileLock held;

  private CassandraMain() {}

  /** Locks the data folder, watches the parent and hands over to the daemon. */
  public static void main(String[] arguments) throws IOException {
    held = lock(Path.of(System.getProperty("sterna.cassandra.lock", "lock")));
    if (held == null) {
      System.exit(EXIT_LOCKED);
    }
    TimerSlack.set(TIMER_SLACK_NANOS);
    Thread watch = new Thread(() -> stopAtEnd(System.in), "parent-watch");
    watch.setDaemon(true);
    watch.start();
    CassandraDaemon.main(arguments);
  }

  private static @Nullable FileLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return null;
    }
    // For people and for the parent's message; the lock is what counts.
    channel.truncate(0);
    String pid = Long.toString(ProcessHandle.current().pid());
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
    return lock;
  }

  private static void stopAtEnd(InputStream parent) {
    try {
      while (parent.read() >= 0) {
        // Nothing is ever said on this stream; only its end means something.
      }
    } catch (IOException e) {
      // A broken stream is a gone parent too.
    }
    haltAfter(Long.getLong("sterna.cassandra.stop-bound-ms", 20_000));
    System.exit(EXIT_ORPHANED);
  }

  /** Shutdown hooks may hang, for instance on a full disk: nobody is left to kill this process. */
  private static void haltAfter(long boundMs) {
    Thread bound =
        new Thread(
            () -> {
              try {
                Thread.sleep(boundMs);
              } catch (InterruptedException e) {
                // Halting early is right as well.
              }
              Runtime.getRuntime().halt(EXIT_ORPHANED);
            },
            "stop-bound");
    bound.setDaemon(true);
    bound.start();
  }
}
