package io.sterna.lab;

import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Held while a command changes a lab; the kernel releases it when the command dies. */
final class LabLock implements AutoCloseable {
  private final FileChannel channel;

  private LabLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws LabException if another command holds it
   */
  static LabLock take(Path directory) throws LabException {
    FileChannel channel = null;
    boolean taken = false;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      taken = tryLock(channel) != null;
      if (!taken) {
        throw new LabException(
            "another command is changing the lab in " + directory + " just now; try again later");
      }
      return new LabLock(channel);
    } catch (IOException e) {
      throw new LabException("cannot lock the lab in " + directory + ": " + FileReason.why(e), e);
    } finally {
      if (channel != null && !taken) {
        closeQuietly(channel);
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by another thread of this same process.
      return null;
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock was not ours, or goes with the process.
    }
  }

  /**
   * @throws LabException if it is not held any more
   */
  void require() throws LabException {
    if (!channel.isOpen()) {
      throw new LabException("the lock of the lab was lost");
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
