package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CatchUpTurnsTest {
  private static final int FULL = 4_096;

  private final CatchUpTurns turns = new CatchUpTurns(4 * FULL, 4 * FULL);
  private long nowNanos;

  @Test
  void onlySoMuchIsUnderWay() {
    dueAll(10, FULL);
    assertEquals(List.of(range(0), range(1), range(2)), taken());
    turns.sent(at(1, 7));
    turns.applied(at(1, 6));
    assertEquals(List.of(), taken(), "an older position is no answer");
    turns.applied(at(1, 8));
    assertEquals(List.of(range(3)), taken());
  }

  @Test
  void whoInstallsHasMoreUnderWayUntilItHasCaughtUp() {
    CatchUpTurns growing = new CatchUpTurns(FULL + 64, 3 * (FULL + 64));
    for (int i = 0; i < 20; i++) {
      growing.due(range(i), FULL, false);
    }
    List<Integer> underWay = new ArrayList<>();
    int first = 0;
    int next = 0;
    while (first < 20) {
      while (growing.next(nowNanos).isPresent()) {
        growing.sent(at(next++, 1));
      }
      underWay.add(next - first);
      growing.applied(at(first++, 1));
    }
    assertEquals(List.of(1, 1, 2, 2, 3, 3), underWay.subList(0, 6));
    assertEquals(3, underWay.stream().mapToInt(each -> each).max().orElseThrow());
    growing.due(range(1), FULL, false);
    growing.due(range(2), FULL, false);
    assertTrue(growing.next(nowNanos).isPresent());
    assertEquals(Optional.empty(), growing.next(nowNanos), "as slowly as at first");
  }

  @Test
  void whileSomethingChangesNoMoreIsUnderWayThanAtFirst() {
    CatchUpTurns growing = new CatchUpTurns(FULL + 64, 9 * (FULL + 64));
    for (int i = 0; i < 20; i++) {
      growing.due(range(i), FULL, i == 0);
    }
    for (int i = 0; i < 20; i++) {
      assertEquals(Optional.of(range(i)), growing.next(nowNanos));
      assertEquals(Optional.empty(), growing.next(nowNanos));
      growing.sent(at(i, 1));
      growing.applied(at(i, 1));
    }
  }

  @Test
  void whatChangesAgainAndAgainKeepsNoRangeWaitingForEver() {
    turns.due(range(9), FULL, false);
    int before = 0;
    Optional<RangeId> next = Optional.empty();
    while (before < 100 && !next.equals(Optional.of(range(9)))) {
      // The element is slower than what changes there: it is behind again at once.
      turns.due(range(before % 2), FULL, true);
      next = turns.next(nowNanos);
      turns.sent(at(before % 2, 1));
      turns.applied(at(before % 2, 1));
      before++;
    }
    assertEquals(9, before, "eight that are urgent, then one that waits");
    turns.sent(at(9, 1));
    turns.applied(at(9, 1));
    turns.due(range(9), FULL, false);
    turns.due(range(0), FULL, true);
    assertEquals(Optional.of(range(0)), turns.next(nowNanos), "then the urgent ones again");
  }

  @Test
  void aChangeOfAnotherRangeEndsTheGrowth() {
    CatchUpTurns growing = grown();
    growing.changed();
    assertEquals(Optional.empty(), growing.next(nowNanos), "two are under way, one has room");
    growing.applied(at(4, 1));
    assertEquals(Optional.empty(), growing.next(nowNanos), "one still is");
    growing.applied(at(5, 1));
    assertTrue(growing.next(nowNanos).isPresent());
    assertEquals(Optional.empty(), growing.next(nowNanos));
  }

  @Test
  void whoseCatchingUpWasGivenUpBeginsAsSlowlyAgain() {
    CatchUpTurns growing = grown();
    for (int i = 4; i < 20; i++) {
      growing.forget(range(i));
    }
    growing.due(range(1), FULL, false);
    growing.due(range(2), FULL, false);
    assertEquals(Optional.of(range(1)), growing.next(nowNanos));
    assertEquals(Optional.empty(), growing.next(nowNanos));
  }

  /** Twenty ranges, four of which are installed; the next two are under way, a third has room. */
  private CatchUpTurns grown() {
    CatchUpTurns growing = new CatchUpTurns(FULL + 64, 3 * (FULL + 64));
    for (int i = 0; i < 20; i++) {
      growing.due(range(i), FULL, false);
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(Optional.of(range(i)), growing.next(nowNanos));
      growing.sent(at(i, 1));
      growing.applied(at(i, 1));
    }
    for (int i = 4; i < 6; i++) {
      assertEquals(Optional.of(range(i)), growing.next(nowNanos));
      growing.sent(at(i, 1));
    }
    return growing;
  }

  @Test
  void whatIsAppliedBeforeItWasSentIsNoAnswer() {
    dueAll(4, FULL);
    taken();
    turns.applied(at(0, 9));
    assertEquals(List.of(), taken());
  }

  @Test
  void emptyRangesDoNotWaitForEachOther() {
    dueAll(200, 0);
    assertEquals(200, taken().size());
  }

  @Test
  void oneThatIsLargerThanEverythingStillHasItsTurn() {
    dueAll(2, 1_000_000);
    assertEquals(List.of(range(0)), taken());
  }

  @Test
  void rangesInWhichSomethingChangesComeFirstAndSoon() {
    dueAll(10, FULL);
    taken();
    turns.due(range(9), FULL, true);
    turns.due(range(8), FULL, true);
    assertEquals(List.of(range(9), range(8)), taken());
    turns.sent(at(9, 1));
    turns.applied(at(9, 1));
    assertEquals(List.of(), taken(), "the others still wait until there is room for them");
  }

  @Test
  void nobodyOvertakesAnUrgentOneThatHasNoRoomYet() {
    dueAll(3, FULL);
    taken();
    turns.due(range(9), 10 * FULL, true);
    turns.due(range(8), 0, false);
    assertEquals(List.of(), taken());
    for (int i = 0; i < 3; i++) {
      turns.sent(at(i, 1));
      turns.applied(at(i, 1));
    }
    assertEquals(List.of(range(9)), taken());
  }

  @Test
  void oneThatIsDueOnceMoreWhileItsTurnIsOnItsWayIsServedByWhatIsSentThen() {
    dueAll(3, FULL);
    taken();
    turns.due(range(0), 20 * FULL, true);
    turns.sent(at(0, 1));
    turns.applied(at(0, 1));
    turns.due(range(5), FULL, false);
    assertEquals(List.of(range(5)), taken(), "range 0 is not due any more");
  }

  @Test
  void aRangeThatIsDueAgainWaitsAgain() {
    dueAll(4, FULL);
    taken();
    turns.sent(at(0, 1));
    turns.due(range(0), FULL, false);
    assertEquals(List.of(), taken(), "what was sent is on its way still");
    turns.applied(at(0, 1));
    assertEquals(List.of(range(3)), taken());
    turns.sent(at(3, 1));
    turns.applied(at(3, 1));
    assertEquals(List.of(range(0)), taken());
  }

  @Test
  void whoAsksAgainAndAgainIsSentNoMoreThanOthers() {
    turns.due(range(0), FULL, true);
    turns.due(range(1), FULL, true);
    int sent = 0;
    for (int i = 0; i < 100; i++) {
      for (RangeId each : taken()) {
        turns.sent(at(each.equals(range(0)) ? 0 : 1, 1));
        sent++;
      }
      turns.due(range(0), FULL, true);
      turns.due(range(1), FULL, true);
    }
    // Those that are urgent have twice the room.
    assertEquals(7, sent);
  }

  @Test
  void aSnapshotThatIsNeverReportedHoldsNobodyUpForLong() {
    dueAll(4, FULL);
    taken();
    nowNanos += TimeUnit.MILLISECONDS.toNanos(999);
    assertEquals(List.of(), taken());
    nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
    assertEquals(List.of(range(3)), taken());
  }

  @Test
  void whatNobodySendsAnyMoreMakesRoom() {
    dueAll(4, FULL);
    taken();
    turns.forget(range(2));
    assertEquals(List.of(range(3)), taken());
  }

  private void dueAll(int ranges, int bindings) {
    for (int i = 0; i < ranges; i++) {
      turns.due(range(i), bindings, false);
    }
  }

  private List<RangeId> taken() {
    List<RangeId> taken = new ArrayList<>();
    Optional<RangeId> next = turns.next(nowNanos);
    while (next.isPresent()) {
      taken.add(next.get());
      next = turns.next(nowNanos);
    }
    return taken;
  }

  private static RangeId range(int number) {
    return RangeId.parse("10." + number / 16 + "." + number % 16 * 16 + ".0/20");
  }

  private static RangePosition at(int number, long revision) {
    return new RangePosition(range(number), 1, revision, ChainHash.GENESIS);
  }
}
