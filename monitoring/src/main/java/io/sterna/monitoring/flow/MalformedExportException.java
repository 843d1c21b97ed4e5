package io.sterna.monitoring.flow;

/** A message that its protocol does not allow; the message is one line. */
public final class MalformedExportException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedExportException(String reason) {
    super(reason);
  }
}
