package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RareWarningTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void whatGoesOnIsSaidAgainNowAndThen() {
    RareWarning warning = new RareWarning(Duration.ofMinutes(1));
    assertTrue(warning.isDue(true, "refused", 0));
    assertFalse(warning.isDue(false, "refused", 59 * SECOND));
    assertTrue(warning.isDue(false, "refused", 60 * SECOND));
    assertFalse(warning.isDue(false, "refused", 61 * SECOND));
    assertTrue(warning.isDue(false, "no certificate", 62 * SECOND));
    assertTrue(warning.isDue(true, "no certificate", 63 * SECOND));
  }
}
