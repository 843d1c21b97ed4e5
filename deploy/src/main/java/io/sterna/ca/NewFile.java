package io.sterna.ca;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file whole or not at all: into a temporary file with its final permissions first, which
 * then gets its name in one step.
 */
final class NewFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PUBLIC =
      PosixFilePermissions.fromString("rw-r--r--");

  private NewFile() {}

  /** Refuses early, before anything is made, if one of the files is there. */
  static void refuseExisting(boolean force, Path... files) throws AuthorityException {
    for (Path file : files) {
      if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw exists(file, null);
      }
    }
  }

  static void writePrivate(Path file, String text, boolean force) throws AuthorityException {
    write(file, text, OWNER_ONLY, force);
  }

  static void writePublic(Path file, String text, boolean force) throws AuthorityException {
    write(file, text, PUBLIC, force);
  }

  private static void write(
      Path file, String text, Set<PosixFilePermission> permissions, boolean force)
      throws AuthorityException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new AuthorityException(file + ": is not a file name");
    }
    Path temporary = null;
    try {
      // Created with OWNER_ONLY, so that a key is at no moment open to others.
      temporary =
          Files.createTempFile(
              folder, ".new-", ".pem", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      writeDurably(temporary, text);
      Files.setPosixFilePermissions(temporary, permissions);
      if (force) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        // A hard link, unlike a move, fails if the name is taken: no check-then-act.
        Files.createLink(file, temporary);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(file, e);
    } catch (IOException e) {
      throw new AuthorityException(file + ": cannot be written: " + reason(e), e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static void writeDurably(Path file, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void deleteQuietly(@Nullable Path temporary) {
    if (temporary == null) {
      return;
    }
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The file proper is already right or already reported; a stray copy has mode 0600.
      temporary.toFile().deleteOnExit();
    }
  }

  private static AuthorityException exists(Path file, @Nullable IOException e) {
    String message = file + ": exists already (--force overwrites it)";
    return e == null ? new AuthorityException(message) : new AuthorityException(message, e);
  }

  static String reason(IOException e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName().replaceAll("Exception$", "")
        + (message == null ? "" : " " + message);
  }
}
