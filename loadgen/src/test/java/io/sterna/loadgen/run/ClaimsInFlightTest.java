package io.sterna.loadgen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsInFlightTest {
  private final ClaimsInFlight claims = new ClaimsInFlight();
  private final Event first = event(100);
  private final Event second = event(200);

  @Test
  void anAnswerFindsItsEventOnce() {
    claims.sent(1, first);
    claims.sent(2, second);
    assertSame(second, claims.accepted(2));
    assertNull(claims.accepted(2));
    assertSame(first, claims.refused(1));
    assertEquals(0, claims.size());
  }

  @Test
  void whatIsOverdueIsHandedOutInOrder() {
    claims.sent(1, first);
    claims.sent(2, second);
    assertEquals(List.of(first), claims.sentUntil(150));
    assertEquals(1, claims.size());
    assertEquals(List.of(second), claims.sentUntil(200));
  }

  @Test
  void theFirstCopyMayBeTheOneThatIsAccepted() {
    claims.sent(1, first);
    claims.sentUntil(100);
    claims.sent(2, first);
    Event accepted = claims.accepted(1);
    assertSame(first, accepted);
    assertEquals(0, claims.size());
    first.settled = true;
    assertNull(claims.accepted(2));
    assertNull(claims.accepted(1));
  }

  @Test
  void theFirstCopyMayBeAcceptedBeforeTheSecondIsSent() {
    claims.sent(1, first);
    claims.sentUntil(100);
    assertSame(first, claims.accepted(1));
  }

  @Test
  void aSecondCopyThatIsAcceptedEndsTheWaitForTheFirst() {
    claims.sent(1, first);
    claims.sentUntil(100);
    claims.sent(2, first);
    assertSame(first, claims.accepted(2));
    first.settled = true;
    assertNull(claims.accepted(1));
  }

  @Test
  void aFirstCopyThatIsRefusedLeavesTheSecondUnderWay() {
    claims.sent(1, first);
    claims.sentUntil(100);
    claims.sent(2, first);
    assertNull(claims.refused(1));
    assertEquals(1, claims.size());
    assertSame(first, claims.refused(2));
  }

  @Test
  void whatIsLostIsHandedOut() {
    claims.sent(1, first);
    claims.sent(2, second);
    assertEquals(List.of(second), claims.remove(event -> event == second));
    assertEquals(1, claims.size());
    assertNull(claims.accepted(2));
  }

  private static Event event(long sentNanos) {
    Event event = new Event(0, 0, true);
    event.atNanos = sentNanos;
    return event;
  }
}
