package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TenureTest {
  private static final Duration TERM = Duration.ofNanos(1_000);

  @Test
  void holdsForOneTermFromTheMomentOfAsking() {
    Tenure tenure = new Tenure(TERM, 5_000);
    assertTrue(tenure.holdsAt(6_000));
    assertFalse(tenure.holdsAt(6_001));
    assertFalse(tenure.isDueAt(5_500));
    assertTrue(tenure.isDueAt(5_501));
    tenure.proven(7_000);
    assertTrue(tenure.holdsAt(8_000));
  }

  @Test
  void anAnswerThatArrivesLateTakesNothingBack() {
    Tenure tenure = new Tenure(TERM, 5_000);
    tenure.proven(4_000);
    assertTrue(tenure.holdsAt(6_000));
  }

  @Test
  void aSuccessorWaitsLonger() {
    assertEquals(Duration.ofNanos(1_200), Tenure.successorWait(TERM));
  }

  /**
   * Whenever the epoch is proven, a row is written and a successor takes over: a row that is
   * acknowledged was in the journal when the successor read it.
   */
  @Property
  void aSuccessorReadsWhatIsAcknowledged(
      @ForAll @LongRange(max = 5_000) long asked,
      @ForAll @LongRange(max = 5_000) long takenOver,
      @ForAll @LongRange(max = 9_000) long written) {
    Tenure tenure = new Tenure(TERM, 0);
    if (takenOver > asked) {
      tenure.proven(asked);
    }
    long read = takenOver + Tenure.successorWait(TERM).toNanos();
    boolean acknowledged = tenure.holdsAt(written);
    // The epoch of time 0 counts as proven then; a takeover cannot be earlier.
    assertTrue(!acknowledged || written <= read, () -> written + " is after " + read);
  }
}
