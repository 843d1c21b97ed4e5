package io.sterna.agent.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Outcome.Failure;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteScheduleTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final NextHop LOCAL = new NextHop.Local(MAC);
  private static final long MS = 1_000_000;

  private static final WriterSettings SETTINGS =
      new WriterSettings(4, 2, Duration.ofMillis(100), Duration.ofSeconds(1));

  private final RouteSchedule schedule = new RouteSchedule(SETTINGS);

  @Test
  void urgentGoesBeforeBulk() {
    schedule.submit(at(1), List.of(put(1, 1), put(2, 1), put(3, 1)), Lane.BULK);
    schedule.submit(at(2), List.of(put(9, 1)), Lane.URGENT);
    assertEquals(List.of(put(9, 1)), schedule.next(0));
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(put(1, 1), put(2, 1)), schedule.next(0));
  }

  @Test
  void bulkIsNotStarved() {
    schedule.submit(at(1), List.of(put(1, 1)), Lane.BULK);
    int batches = 0;
    boolean bulkHadItsTurn = false;
    while (!bulkHadItsTurn && batches < 100) {
      schedule.submit(at(2 + batches), List.of(put(9, batches)), Lane.URGENT);
      bulkHadItsTurn = schedule.next(0).contains(put(1, 1));
      schedule.written(Outcome.COMPLETE, 0);
      batches++;
    }
    assertEquals(9, batches);
  }

  @Test
  void theLatestChangeOfAnAddressWins() {
    schedule.submit(at(1), List.of(put(1, 1), put(2, 1)), Lane.BULK);
    schedule.submit(at(2), List.of(put(1, 2)), Lane.URGENT);
    assertEquals(List.of(put(1, 2)), schedule.next(0));
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(), schedule.drainInstalled());
    assertEquals(List.of(put(2, 1)), schedule.next(0));
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(at(2)), schedule.drainInstalled());
  }

  @Test
  void aChangeThatIsOvertakenInItsLaneKeepsItsPlace() {
    schedule.submit(at(1), List.of(put(1, 1), put(2, 1), put(3, 1)), Lane.BULK);
    schedule.submit(at(2), List.of(put(1, 2)), Lane.BULK);
    assertEquals(List.of(put(1, 2), put(2, 1)), schedule.next(0));
  }

  @Test
  void anyChangeMayLeaveItsLaneForTheFasterOne() {
    List<RouteChange> all = List.of(put(1, 1), put(2, 1), put(3, 1), put(4, 1), put(5, 1));
    for (int leaving = 1; leaving <= all.size(); leaving++) {
      RouteSchedule each = new RouteSchedule(SETTINGS);
      each.submit(at(1), all, Lane.BULK);
      RouteChange urgent = put(leaving, 2);
      each.submit(at(2), List.of(urgent), Lane.URGENT);
      List<RouteChange> written = new ArrayList<>();
      for (List<RouteChange> batch = each.next(0); !batch.isEmpty(); batch = each.next(0)) {
        written.addAll(batch);
        each.written(Outcome.COMPLETE, 0);
      }
      List<RouteChange> expected = new ArrayList<>(all);
      expected.remove(leaving - 1);
      expected.add(0, urgent);
      assertEquals(expected, written);
      assertEquals(List.of(at(2)), each.drainInstalled());
    }
  }

  @Test
  void aPositionWithoutChangesWaitsForThoseBefore() {
    schedule.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    schedule.submit(at(2), List.of(), Lane.URGENT);
    assertEquals(List.of(), schedule.drainInstalled());
    schedule.next(0);
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(at(2)), schedule.drainInstalled());
  }

  @Test
  void aRefusedChangeIsTriedAgainLaterAndHoldsItsPositionOnly() {
    schedule.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    schedule.submit(at(2), List.of(put(2, 1)), Lane.URGENT);
    schedule.next(0);
    assertEquals(List.of(failure(2)), schedule.written(new Outcome(List.of(failure(2))), 0));
    assertEquals(List.of(at(1)), schedule.drainInstalled());
    assertEquals(1, schedule.refusedCount());
    assertEquals(List.of(), schedule.next(99 * MS));
    assertEquals(100 * MS, schedule.dueNanos());

    assertEquals(List.of(put(2, 1)), schedule.next(100 * MS));
    List<Failure> again = schedule.written(new Outcome(List.of(failure(2))), 100 * MS);
    assertEquals(List.of(), again, "reported once");
    assertEquals(300 * MS, schedule.dueNanos(), "waits twice as long");

    assertEquals(List.of(put(2, 1)), schedule.next(300 * MS));
    schedule.written(Outcome.COMPLETE, 300 * MS);
    assertEquals(List.of(at(2)), schedule.drainInstalled());
    assertEquals(0, schedule.pendingCount());
  }

  @Test
  void aChangeThatOvertakesARefusedOneIsTriedAtOnce() {
    schedule.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    schedule.next(0);
    schedule.submit(at(2), List.of(put(1, 2)), Lane.URGENT);
    schedule.written(new Outcome(List.of(failure(1))), 0);
    assertEquals(List.of(put(1, 2)), schedule.next(0));
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(at(2)), schedule.drainInstalled());
  }

  @Test
  void anUnreachableTableIsTriedAgainAfterAPause() {
    schedule.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    schedule.next(0);
    schedule.unreachable(0);
    assertEquals(List.of(), schedule.next(99 * MS));
    assertEquals(100 * MS, schedule.dueNanos());
    assertEquals(List.of(put(1, 1)), schedule.next(100 * MS));
    schedule.written(Outcome.COMPLETE, 100 * MS);
    assertEquals(List.of(at(1)), schedule.drainInstalled());
  }

  @Test
  void whatStandsAlreadyIsNotWrittenAgain() {
    schedule.submit(at(1), List.of(put(1, 1), put(2, 1)), Lane.BULK);
    schedule.found(List.of(route(1, 1), route(2, 7), route(3, 1), route(4, 1)));
    schedule.submit(at(2), List.of(put(3, 1)), Lane.URGENT);
    assertEquals(List.of(put(2, 1)), schedule.next(0));
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(at(2)), schedule.drainInstalled());
    assertEquals(List.of(), schedule.next(0), "nothing is removed before the sweep");

    schedule.sweep(Set.of());
    assertEquals(List.of(new RouteChange.Remove(address(4))), schedule.next(0));
  }

  @Test
  void aSweepMayComeBeforeTheTableIsRead() {
    schedule.submit(at(1), List.of(put(1, 1)), Lane.BULK);
    schedule.sweep(Set.of(address(3)));
    schedule.found(List.of(route(1, 1), route(2, 1), route(3, 1)));
    assertEquals(List.of(at(1)), schedule.drainInstalled());
    assertEquals(List.of(new RouteChange.Remove(address(2))), schedule.next(0));
  }

  @Test
  void aRouteThatWasWrittenIsWrittenAgainWhenItComesBack() {
    schedule.found(List.of(route(1, 1)));
    schedule.submit(at(1), List.of(put(1, 2)), Lane.URGENT);
    schedule.next(0);
    schedule.submit(at(2), List.of(put(1, 1)), Lane.URGENT);
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(put(1, 1)), schedule.next(0));
  }

  @Test
  void saysWhichAddressesMovedAway() {
    RouteChange here = new RouteChange.Put(new Route(address(1), LOCAL));
    schedule.found(List.of(new Route(address(2), LOCAL)));
    write(here);
    assertEquals(List.of(), schedule.drainMovedAway(0));
    write(put(1, 1));
    write(put(2, 1));
    assertEquals(List.of(address(1), address(2)), schedule.drainMovedAway(0));
    write(put(1, 2));
    write(here);
    write(new RouteChange.Remove(address(1)));
    assertEquals(List.of(), schedule.drainMovedAway(0));
  }

  @Test
  void stagingGoesBeforeEverythingAndReplacesNoRoute() {
    RouteChange stage = new RouteChange.Stage(address(1), MAC);
    schedule.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    schedule.stage(address(1), MAC);
    schedule.stage(address(2), MAC);
    schedule.unstage(address(2));
    assertTrue(schedule.urgentFirst(0));
    assertEquals(List.of(stage, new RouteChange.Unstage(address(2))), schedule.next(0));
    schedule.written(new Outcome(List.of(failure(1))), 0);
    assertEquals(List.of(put(1, 1)), schedule.next(0));
    schedule.written(Outcome.COMPLETE, 0);
    assertEquals(List.of(at(1)), schedule.drainInstalled());
  }

  @Test
  void stagingThatDidNotGetToTheTableIsWrittenAgainUnlessSomethingNewerWaits() {
    RouteChange stage = new RouteChange.Stage(address(1), MAC);
    RouteChange unstage = new RouteChange.Unstage(address(2));
    schedule.stage(address(1), MAC);
    schedule.unstage(address(2));
    assertEquals(List.of(stage, unstage), schedule.next(0));
    schedule.unstage(address(1));
    schedule.unreachable(0);
    assertEquals(100 * MS, schedule.dueNanos());
    assertEquals(List.of(), schedule.next(99 * MS));
    assertEquals(
        Set.of(new RouteChange.Unstage(address(1)), unstage), Set.copyOf(schedule.next(100 * MS)));
    schedule.written(Outcome.COMPLETE, 100 * MS);
    schedule.submit(at(1), List.of(put(3, 1)), Lane.URGENT);
    assertEquals(List.of(put(3, 1)), schedule.next(100 * MS));
    schedule.unreachable(100 * MS);
    assertEquals(List.of(put(3, 1)), schedule.next(1000 * MS), "staged once, not each time");
  }

  @Test
  void whatFollowsWaitsForUrgentChangesButNotForEver() {
    int batches = 0;
    do {
      schedule.submit(at(batches + 1), List.of(put(9, batches)), Lane.URGENT);
      schedule.next(0);
      schedule.written(Outcome.COMPLETE, 0);
      schedule.submit(List.of(put(8, batches)), Lane.URGENT);
      batches++;
    } while (schedule.urgentFirst(0) && batches < 100);
    assertEquals(8, batches);
  }

  @Test
  void aVmThatCameBackIsNotReleased() {
    RouteChange here = new RouteChange.Put(new Route(address(1), LOCAL));
    write(here);
    write(put(1, 1));
    write(here);
    assertEquals(List.of(), schedule.drainMovedAway(0));
  }

  @Test
  void aVmWhoseRouteHereWasRefusedMayHaveLeftHalfOfIt() {
    schedule.submit(List.of(new RouteChange.Put(new Route(address(1), LOCAL))), Lane.URGENT);
    schedule.next(0);
    schedule.written(new Outcome(List.of(failure(1))), 0);
    write(put(1, 1));
    assertEquals(List.of(address(1)), schedule.drainMovedAway(0));
  }

  @Test
  void whatIsRemovedIsNotReleasedAnyMore() {
    write(new RouteChange.Put(new Route(address(1), LOCAL)));
    write(put(1, 1));
    write(new RouteChange.Remove(address(1)));
    assertEquals(List.of(), schedule.drainMovedAway(0));
  }

  @Test
  void whatCouldNotBeReleasedIsReleasedLater() {
    schedule.notReleased(List.of(address(1)), 0);
    assertEquals(List.of(), schedule.drainMovedAway(99 * MS));
    assertEquals(100 * MS, schedule.dueNanos());
    assertEquals(List.of(address(1)), schedule.drainMovedAway(100 * MS));
  }

  @Test
  void positionsBehindAFailureDoNotPileUp() {
    schedule.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    schedule.next(0);
    schedule.written(new Outcome(List.of(failure(1))), 0);
    for (int revision = 2; revision < 5000; revision++) {
      schedule.submit(at(revision), List.of(put(2, revision)), Lane.URGENT);
      schedule.next(0);
      schedule.written(Outcome.COMPLETE, 0);
    }
    assertEquals(List.of(), schedule.drainInstalled());
    assertEquals(List.of(put(1, 1)), schedule.next(100 * MS));
    schedule.written(Outcome.COMPLETE, 100 * MS);
    assertEquals(List.of(at(4999)), schedule.drainInstalled());
  }

  private void write(RouteChange change) {
    schedule.submit(List.of(change), Lane.URGENT);
    List<RouteChange> batch = new ArrayList<>(schedule.next(0));
    assertTrue(batch.contains(change));
    schedule.written(Outcome.COMPLETE, 0);
  }

  private static Failure failure(int number) {
    return new Failure(address(number), "no");
  }

  static RouteChange put(int number, int through) {
    return new RouteChange.Put(route(number, through));
  }

  static Route route(int number, int through) {
    return new Route(address(number), new NextHop.Tunnel(IpAddress.ofV4(through)));
  }

  static IpAddress address(int number) {
    return IpAddress.ofV4(0x0a0a_0000 + number);
  }

  static RangePosition at(long revision) {
    return new RangePosition(RANGE, 1, revision, ChainHash.GENESIS);
  }
}
