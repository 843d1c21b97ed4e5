package io.sterna.store.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class FileReasonTest {
  private static final Path FILE = Path.of("a/b");

  @Test
  void aReasonIsInWordsAndNamesTheFileOnce() {
    of("a/b: does not exist", new NoSuchFileException("a/b"));
    of("a/b: a does not exist", new NoSuchFileException("a"));
    of("a/b: permission denied", new AccessDeniedException("a/b"));
    of("a/b: exists already", new FileAlreadyExistsException("a/b"));
    of("a/b: Read-only file system", new FileSystemException("a/b", null, "Read-only file system"));
    of("a/b: No space left on device", new IOException("No space left on device"));
    of("a/b: the reason is not known", new IOException());
  }

  @Test
  void withoutAFileItIsTheReasonAlone() {
    why("a/b: does not exist", new NoSuchFileException("a/b"));
    why("there is no host nowhere", new UnknownHostException("nowhere"));
    why("nobody listens there", new ConnectException("Connection refused"));
    why("Connection timed out", new ConnectException("Connection timed out"));
    why("the reason is not known", new IOException());
  }

  private static void of(String expected, IOException e) {
    assertEquals(expected, FileReason.of(FILE, e));
  }

  private static void why(String expected, IOException e) {
    assertEquals(expected, FileReason.why(e));
  }
}
