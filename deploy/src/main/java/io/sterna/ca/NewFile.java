package io.sterna.ca;

import io.sterna.store.keys.FileReason;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that are written whole or not at all, and together: into temporary files with their final
 * permissions first, which get their names once all of them are whole.
 *
 * @param file its name
 * @param text what it holds
 * @param secret whether only its owner may read it
 */
record NewFile(Path file, String text, boolean secret) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PUBLIC =
      PosixFilePermissions.fromString("rw-r--r--");

  static NewFile secret(Path file, String text) {
    return new NewFile(file, text, true);
  }

  static NewFile open(Path file, String text) {
    return new NewFile(file, text, false);
  }

  /** Without the text, which may be a key. */
  @Override
  public String toString() {
    return file.toString();
  }

  /** Refuses early, before anything is made, if one of the files is there. */
  static void refuseExisting(boolean force, Path... files) throws AuthorityException {
    for (Path file : files) {
      if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw exists(file, null);
      }
      refuseFolder(file);
    }
  }

  private static void refuseFolder(Path file) throws AuthorityException {
    if (Files.isDirectory(file)) {
      throw new AuthorityException(file + ": is a folder");
    }
  }

  /** Writes all of them: a key without its certificate would be of no use, and the old one gone. */
  static void writeAll(List<NewFile> all, boolean force) throws AuthorityException {
    List<Path> staged = new ArrayList<>();
    List<Path> named = new ArrayList<>();
    boolean done = false;
    try {
      for (NewFile each : all) {
        refuseFolder(each.file);
        staged.add(each.stage());
      }
      for (int i = 0; i < all.size(); i++) {
        all.get(i).name(staged.get(i), force);
        named.add(all.get(i).file);
      }
      done = true;
    } finally {
      staged.forEach(NewFile::deleteQuietly);
      if (!done && !force) {
        named.forEach(NewFile::deleteQuietly);
      }
    }
  }

  private Path stage() throws AuthorityException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new AuthorityException(file + ": is not a file name");
    }
    Path temporary = null;
    boolean done = false;
    try {
      // Created with OWNER_ONLY, so that a key is at no moment open to others.
      temporary =
          Files.createTempFile(
              folder, ".new-", ".pem", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      writeDurably(temporary, text);
      Files.setPosixFilePermissions(temporary, secret ? OWNER_ONLY : PUBLIC);
      done = true;
      return temporary;
    } catch (IOException e) {
      throw new AuthorityException(file + ": cannot be written: " + reason(e), e);
    } finally {
      if (!done && temporary != null) {
        deleteQuietly(temporary);
      }
    }
  }

  private void name(Path temporary, boolean force) throws AuthorityException {
    try {
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

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // What went wrong is reported already; a stray copy has mode 0600.
      file.toFile().deleteOnExit();
    }
  }

  private static AuthorityException exists(Path file, @Nullable IOException e) {
    String message = file + ": exists already (--force overwrites it)";
    return e == null ? new AuthorityException(message) : new AuthorityException(message, e);
  }

  static String reason(IOException e) {
    return FileReason.why(e);
  }
}
