package io.sterna.protocol.wire;

import org.jspecify.annotations.Nullable;

/**
 * The peer sent bytes that are not a message. The session is of no further use; nothing else is
 * harmed.
 */
public final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int REASON_CHARS_MAX = 200;

  MalformedFrameException(String reason) {
    this(reason, null);
  }

  MalformedFrameException(String reason, @Nullable Throwable cause) {
    super(oneLine(reason), cause);
  }

  /**
   * Reasons quote what the peer sent, and they end up in logs: no line breaks, no control
   * characters, bounded length.
   */
  private static String oneLine(String reason) {
    int length = Math.min(reason.length(), REASON_CHARS_MAX);
    StringBuilder line = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = reason.charAt(i);
      line.append(c < ' ' || c > '~' ? '?' : c);
    }
    return line.toString();
  }
}
