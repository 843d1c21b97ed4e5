package io.sterna.protocol.tls;

import java.nio.file.Path;

/** A certificate or key file cannot be used. The message is one line, {@code file: reason}. */
public final class TlsFileException extends Exception {
  private static final long serialVersionUID = 1L;

  TlsFileException(Path file, String reason) {
    super(file + ": " + reason);
  }

  TlsFileException(Path file, String reason, Throwable cause) {
    super(file + ": " + reason, cause);
  }
}
