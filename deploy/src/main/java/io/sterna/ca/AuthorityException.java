package io.sterna.ca;

/** A certificate cannot be made or read. The message is one line that names the file. */
public final class AuthorityException extends Exception {
  private static final long serialVersionUID = 1L;

  AuthorityException(String message) {
    super(message);
  }

  AuthorityException(String message, Throwable cause) {
    super(message, cause);
  }
}
