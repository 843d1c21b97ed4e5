package io.sterna.store.codec;

/** Stored bytes are not a record of this version: truncated, damaged, or written by newer code. */
public final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;

  /** One line that says what is wrong. */
  public MalformedRecordException(String reason) {
    super(reason);
  }

  /** One line that says what is wrong, and what found it. */
  public MalformedRecordException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
