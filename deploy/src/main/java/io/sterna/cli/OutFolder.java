package io.sterna.cli;

import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Folders that commands write several files to: all of them, or none. */
final class OutFolder {
  private OutFolder() {}

  /** Writes files into a folder. */
  @FunctionalInterface
  interface Writing<T> {
    T into(Path folder) throws IOException;
  }

  /**
   * Refuses early, before anything is made: what is there may be somebody's own.
   *
   * @throws OperationFailedException if one of the files is there, and is not to be overwritten
   */
  static void refuseTaken(Path folder, List<String> files, boolean force)
      throws OperationFailedException {
    for (String name : files) {
      Path file = folder.resolve(name);
      if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new OperationFailedException(file + ": exists already (--force overwrites it)");
      }
      if (Files.isDirectory(file)) {
        throw new OperationFailedException(file + ": is a folder");
      }
    }
  }

  /**
   * Writes into a folder beside, and gives the files their names once all of them are whole: what
   * goes wrong in the middle leaves what was there.
   *
   * @param folder made if it is missing
   */
  static <T> T write(Path folder, Writing<T> writing) throws OperationFailedException {
    try {
      Files.createDirectories(folder);
      Path beside = Files.createTempDirectory(folder, ".new-");
      try {
        T made = writing.into(beside);
        for (Path each : filesOf(beside)) {
          Files.move(
              each,
              folder.resolve(each.getFileName()),
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.ATOMIC_MOVE);
        }
        return made;
      } finally {
        remove(beside);
      }
    } catch (IOException e) {
      throw new OperationFailedException("cannot write to " + FileReason.of(folder, e), e);
    }
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void remove(Path folder) throws IOException {
    for (Path each : filesOf(folder)) {
      Files.delete(each);
    }
    Files.delete(folder);
  }
}
