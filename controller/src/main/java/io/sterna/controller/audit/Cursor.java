package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a reader of the log is, as text that he hands back. */
final class Cursor {
  private static final int PARTS = 4;

  private Cursor() {}

  static String text(AuditEntry.Place place) {
    String plain =
        place.atEpochMillis() + " " + place.range() + " " + place.row() + " " + place.index();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * @throws IllegalArgumentException if no cursor was ever written like this
   */
  static AuditEntry.Place parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      String[] parts = plain.split(" ", -1);
      if (parts.length == PARTS) {
        return new AuditEntry.Place(
            Long.parseLong(parts[0]),
            RangeId.parse(parts[1]),
            Long.parseLong(parts[2]),
            Integer.parseInt(parts[3]));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no cursor of this log", e);
    }
    throw new IllegalArgumentException("'" + text + "' is no cursor of this log");
  }
}
