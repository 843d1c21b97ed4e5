package io.sterna.store.keys;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Why a file could not be read or written, for people: what Java says is often its name alone. */
public final class FileReason {
  private FileReason() {}

  /** One line that begins with the file. */
  public static String of(Path file, IOException e) {
    if (e instanceof FileSystemException about && about.getReason() == null) {
      // What lacks may be a folder on the way, or another file.
      String what = String.valueOf(about.getFile());
      boolean other = e instanceof NoSuchFileException && !what.equals(file.toString());
      return file + ": " + (other ? what + " " : "") + without(about);
    }
    String why = why(e);
    return why.startsWith(file.toString()) ? why : file + ": " + why;
  }

  /** The reason alone, with the file only if Java names one. */
  public static String why(IOException e) {
    if (e instanceof FileSystemException about) {
      String file = about.getFile() == null ? "" : about.getFile() + ": ";
      return file + without(about);
    } else if (e instanceof CharacterCodingException) {
      return "is no text";
    } else if (e instanceof UnknownHostException) {
      return "there is no host " + e.getMessage();
    } else if (e instanceof ConnectException
        && (e.getMessage() == null || e.getMessage().equals("Connection refused"))) {
      return "nobody listens there";
    } else if (e instanceof EOFException) {
      return "it ends too soon";
    }
    return e.getMessage() == null ? "the reason is not known" : e.getMessage();
  }

  private static String without(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist";
    } else if (e instanceof FileAlreadyExistsException) {
      return "exists already";
    } else if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof NotDirectoryException) {
      return "is no folder";
    } else if (e instanceof DirectoryNotEmptyException) {
      return "is not empty";
    }
    return e.getReason() == null ? "the reason is not known" : e.getReason();
  }
}
