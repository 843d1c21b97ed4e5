package io.sterna.cli;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Folders that commands write several files to. */
final class OutFolder {
  private OutFolder() {}

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
    }
  }
}
