package io.sterna.loadgen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.scenario.ControllerAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstContactTest {
  private static final ControllerAddress A = new ControllerAddress("10.0.0.1", 4780);
  private static final ControllerAddress B = new ControllerAddress("fd00::2", 4780);
  private static final ControllerAddress LEARNED = new ControllerAddress("10.0.0.3", 4780);

  private final List<String> said = new ArrayList<>();
  private final FirstContact contact = new FirstContact(List.of(A, B), said::add);

  @Test
  void allOfThemRefuse() {
    contact.refused(A, "connection refused");
    assertFalse(contact.isHopeless());
    contact.refused(A, "connection reset");
    assertFalse(contact.isHopeless());
    contact.refused(B, "no such host");
    assertTrue(contact.isHopeless());
    assertEquals(
        "10.0.0.1:4780: connection refused; [fd00::2]:4780: no such host", contact.reasons());
    assertEquals(List.of(), said);
  }

  @Test
  void oneAnswersAndTheOtherIsSaidOnce() {
    contact.refused(A, "connection refused");
    contact.answered(B);
    contact.refused(A, "connection refused");
    contact.answered(B);
    assertEquals(List.of("10.0.0.1:4780: connection refused; going on without it"), said);
    assertFalse(contact.isHopeless());
  }

  @Test
  void oneThatWasLearnedIsSaidOnceToo() {
    contact.answered(A);
    contact.answered(B);
    contact.refused(LEARNED, "connection refused");
    contact.refused(LEARNED, "connection refused");
    assertEquals(List.of("10.0.0.3:4780: connection refused; going on without it"), said);
  }

  @Test
  void whoAnsweredBeforeIsLostAndNotRefused() {
    contact.answered(A);
    contact.refused(A, "connection refused");
    assertEquals(List.of(), said);
    assertFalse(contact.isHopeless());
  }

  @Test
  void aScenarioWithoutControllersIsNotHopeless() {
    assertFalse(new FirstContact(List.of(), said::add).isHopeless());
  }
}
