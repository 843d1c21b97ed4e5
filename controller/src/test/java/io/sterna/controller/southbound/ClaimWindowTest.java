package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClaimWindowTest {
  private final ClaimWindow window = new ClaimWindow(2, Duration.ofNanos(100));

  @Test
  void anAnswerMakesRoom() {
    assertTrue(window.enter(1, 0));
    assertTrue(window.enter(2, 0));
    assertFalse(window.enter(3, 0));
    window.answered(3);
    assertFalse(window.enter(3, 0), "what was refused is not under way");
    window.answered(1);
    assertTrue(window.enter(3, 0));
    assertFalse(window.enter(4, 0));
  }

  @Test
  void whatIsNotAnsweredInTimeMakesRoom() {
    window.enter(1, 0);
    window.enter(2, 50);
    assertFalse(window.enter(3, 99));
    assertTrue(window.enter(3, 100));
    assertFalse(window.enter(4, 149));
    assertTrue(window.enter(4, 150));
    window.answered(1);
    assertFalse(window.enter(5, 150), "a late answer makes no room again");
  }

  @Test
  void anIdThatIsUnderWayIsNotAnotherClaim() {
    assertTrue(window.enter(1, 0));
    assertFalse(window.enter(1, 0));
    assertTrue(window.enter(2, 0));
  }
}
