package io.sterna.store.keys;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file could not be read or written, for people: what Java says is often its name alone. */
public final class FileReason {
  private FileReason() {}

  /** One line that begins with the file. */
  public static String of(Path file, IOException e) {
    if (e instanceof NoSuchFileException none) {
      // What lacks may be a folder on the way, or another file.
      String what = String.valueOf(none.getFile());
      return file + ": " + (what.equals(file.toString()) ? "" : what + " ") + "does not exist";
    } else if (e instanceof FileAlreadyExistsException) {
      return file + ": exists already";
    } else if (e instanceof AccessDeniedException) {
      return file + ": permission denied";
    } else if (e instanceof FileSystemException other && other.getReason() != null) {
      return file + ": " + other.getReason();
    } else if (e instanceof CharacterCodingException) {
      return file + ": is no text";
    }
    String message = String.valueOf(e.getMessage());
    return message.startsWith(file.toString()) ? message : file + ": " + message;
  }
}
