package io.sterna.controller.http;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lines of a followed log that are no entries. */
record FollowLine(Answers answers, InstantSource clock) {
  /**
   * Says that the connection lives, and where the reader is.
   *
   * @param cursor empty if it has not begun yet
   */
  byte[] cursor(String cursor) {
    return line(cursor.isEmpty() ? Map.of() : Map.of("cursor", cursor));
  }

  /**
   * The last line of a reader that has to go.
   *
   * @param cursor empty if it never began
   */
  byte[] cut(Cut cut, String message, String cursor) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("cut", true);
    line.put("reason", cut.word());
    line.put("message", message);
    if (!cursor.isEmpty()) {
      line.put("cursor", cursor);
    }
    return line(line);
  }

  private byte[] line(Map<String, ?> content) {
    Map<String, Object> line = new LinkedHashMap<>(content);
    line.put("at", clock.instant().toString());
    byte[] text = answers.write(line);
    byte[] ended = Arrays.copyOf(text, text.length + 1);
    ended[text.length] = '\n';
    return ended;
  }

  /** Why a reader has to go. */
  enum Cut {
    /** It took nothing for too long. */
    STALLED,
    /** The controller stops. */
    STOPPING,
    /** Cassandra does not answer. */
    UNAVAILABLE,
    /** The record cannot be read on. */
    BROKEN,
    /** There are too many followers. */
    FULL,
    /** None of these; the controller's log says what. */
    FAILED;

    String word() {
      return io.sterna.store.audit.AuditEntry.word(this);
    }
  }
}
