package io.sterna.controller.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moments as people write them: ISO 8601 (UTC where no offset is given), {@code now}, or how long
 * ago: {@code 90s}, {@code 5m}, {@code 2h}, {@code 3d}, with or without a minus (a command line
 * takes that for an option).
 */
public final class Moments {
  private static final Pattern AGO = Pattern.compile("-?(\\d{1,9})(ms|s|m|h|d)");

  /** All years that have four digits: these fit into milliseconds, and no record has others. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private Moments() {}

  /**
   * @throws IllegalArgumentException if it is none of these
   */
  public static Instant parse(String text, Instant now) {
    Instant moment = read(text, now);
    if (moment.isBefore(FIRST) || moment.isAfter(LAST)) {
      throw new IllegalArgumentException("'" + text + "' is not in the years 1 to 9999");
    }
    return moment;
  }

  private static Instant read(String text, Instant now) {
    if (text.equals("now")) {
      return now;
    }
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return now.minusMillis(Long.parseLong(ago.group(1)) * millis(ago.group(2)));
    }
    try {
      if (!text.contains("T")) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no time: 2026-11-28T14:00:00Z, 2026-11-28, now, or how long ago: 90s, 5m,"
              + " 2h, 3d",
          e);
    }
  }

  private static long millis(String unit) {
    return switch (unit) {
      case "ms" -> 1L;
      case "s" -> 1_000L;
      case "m" -> 60_000L;
      case "h" -> 3_600_000L;
      default -> 86_400_000L;
    };
  }
}
