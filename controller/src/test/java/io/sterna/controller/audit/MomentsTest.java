package io.sterna.controller.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T14:00:00Z");

  @Test
  void readsIsoAndHowLongAgo() {
    assertEquals(NOW, Moments.parse("now", NOW));
    assertEquals(NOW.minusSeconds(300), Moments.parse("-5m", NOW));
    assertEquals(NOW.minusSeconds(300), Moments.parse("5m", NOW));
    assertEquals(NOW.minusMillis(20), Moments.parse("-20ms", NOW));
    assertEquals(NOW.minusSeconds(3 * 86_400), Moments.parse("-3d", NOW));
    assertEquals(NOW, Moments.parse("2026-11-28T15:00:00+01:00", NOW));
    assertEquals(NOW, Moments.parse("2026-11-28T14:00:00", NOW));
    assertEquals(Instant.parse("2026-11-28T00:00:00Z"), Moments.parse("2026-11-28", NOW));
  }

  @Test
  void saysWhatATimeLooksLike() {
    for (String wrong : new String[] {"", "5w", "yesterday", "2026-13-01", "-5", "12:00"}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> Moments.parse(wrong, NOW));
      assertEquals(0, String.valueOf(e.getMessage()).indexOf("'" + wrong + "' is no time"));
    }
  }

  @Test
  void noYearIsTooFarAwayForMilliseconds() {
    assertEquals(
        253_402_300_799_999L, Moments.parse("9999-12-31T23:59:59.999Z", NOW).toEpochMilli());
    for (String wrong :
        new String[] {
          "+999999999-01-01", "-999999999-01-01", "+292278995-01-01T00:00:00Z", "999999999d"
        }) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> Moments.parse(wrong, NOW));
      assertEquals("'" + wrong + "' is not in the years 1 to 9999", e.getMessage());
    }
  }
}
