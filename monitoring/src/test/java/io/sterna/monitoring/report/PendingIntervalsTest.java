package io.sterna.monitoring.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PendingIntervalsTest {
  private static final FeId FE = new FeId("fe1");
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void whatIsNotSentIsOneSum() {
    PendingIntervals pending = new PendingIntervals(7, 1, 10, 10);
    assertEquals(Optional.empty(), next(pending), "nothing was counted");
    pending.add(Map.of(pair(1), new Count(100, 1)), SECOND);
    TrafficReport first = next(pending).orElseThrow();
    assertEquals(new TrafficReport(7, 0, 0, true, 1000, List.of(entry(1, 100, 1))), first);
    pending.add(Map.of(pair(1), new Count(50, 1)), SECOND);
    pending.add(Map.of(pair(1), new Count(51, 2)), SECOND);
    assertEquals(Optional.empty(), next(pending), "one is on its way");
    pending.again();
    assertEquals(Optional.of(first), next(pending));
    assertFalse(pending.acknowledged(6, 0, 0), "of another incarnation");
    assertEquals(1, pending.inFlight());
    assertTrue(pending.acknowledged(7, 0, 0));
    assertFalse(pending.acknowledged(7, 0, 0));
    assertEquals(
        Optional.of(new TrafficReport(7, 1, 0, true, 2000, List.of(entry(1, 101, 3)))),
        next(pending));
  }

  @Test
  void aLargeIntervalIsCutAndAnEmptyOneIsSent() {
    PendingIntervals pending = new PendingIntervals(0, 2, 100, 10);
    Map<AddressPair, Count> counted = new HashMap<>();
    IntStream.range(0, 25).forEach(i -> counted.put(pair(i), new Count(i, 1)));
    pending.add(counted, SECOND);
    pending.add(Map.of(), SECOND);
    List<TrafficReport> parts = new ArrayList<>();
    parts.add(next(pending).orElseThrow());
    parts.add(next(pending).orElseThrow());
    assertEquals(Optional.empty(), next(pending), "two are on their way");
    pending.acknowledged(0, 0, 0);
    parts.add(next(pending).orElseThrow());
    assertEquals(List.of(10, 10, 5), parts.stream().map(part -> part.entries().size()).toList());
    assertEquals(List.of(0, 1, 2), parts.stream().map(TrafficReport::part).toList());
    assertEquals(List.of(false, false, true), parts.stream().map(TrafficReport::last).toList());
    assertEquals(2000, parts.get(2).durationMs());
    pending.add(Map.of(), SECOND);
    pending.acknowledged(0, 0, 2);
    assertEquals(Optional.of(new TrafficReport(0, 1, 0, true, 1000, List.of())), next(pending));
  }

  /** The acknowledgement of the first sending comes when all waits to be sent again. */
  @Test
  void whatIsAcknowledgedLateIsNotSentAgain() {
    PendingIntervals pending = new PendingIntervals(0, 3, 100, 10);
    Map<AddressPair, Count> counted = new HashMap<>();
    IntStream.range(0, 30).forEach(i -> counted.put(pair(i), new Count(i, 1)));
    pending.add(counted, SECOND);
    next(pending);
    next(pending);
    pending.again();
    assertEquals(0, pending.inFlight());
    assertEquals(0, next(pending).orElseThrow().part());
    assertTrue(pending.acknowledged(0, 0, 1));
    assertEquals(2, next(pending).orElseThrow().part());
  }

  @Test
  void theDestinationIsWhereItIsWhenTheIntervalIsCut() {
    PendingIntervals pending = new PendingIntervals(0, 1, 10, 10);
    pending.add(Map.of(pair(1), new Count(1, 1)), SECOND);
    assertEquals(
        Optional.of(FE),
        pending.next(vm -> Optional.of(FE)).orElseThrow().entries().get(0).destinationFe());
  }

  @Test
  void thePairsAreBoundedAndTheirSumIsNotLost() {
    PendingIntervals pending = new PendingIntervals(0, 1, 3, 100);
    IntStream.range(0, 50).forEach(i -> pending.add(Map.of(pair(i), new Count(10, 1)), SECOND));
    assertEquals(4, pending.accumulatingPairs());
    List<TrafficEntry> entries = next(pending).orElseThrow().entries();
    assertEquals(500, entries.stream().mapToLong(TrafficEntry::bytes).sum());
    assertTrue(
        entries.contains(
            new TrafficEntry(
                AddressPair.REST_V4.source(),
                AddressPair.REST_V4.destination(),
                Optional.empty(),
                470,
                47)));
  }

  @Test
  void limitsMustBeSome() {
    assertThrows(IllegalArgumentException.class, () -> new PendingIntervals(0, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new PendingIntervals(0, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new PendingIntervals(0, 1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new PendingIntervals(0, 1, 1, 2001));
  }

  @Test
  void theGateKnowsRestartedAgents() {
    ReportGate gate = new ReportGate();
    assertTrue(gate.passes(FE, report(1, 8, 0)));
    assertTrue(gate.passes(FE, report(1, 8, 1)));
    assertFalse(gate.passes(FE, report(1, 8, 0)));
    assertFalse(gate.passes(FE, report(1, 7, 9)));
    assertTrue(gate.passes(new FeId("fe2"), report(1, 7, 9)), "each FE has its own numbers");
    assertTrue(gate.passes(FE, report(2, 0, 0)), "restarted");
    assertFalse(gate.passes(FE, report(1, 9, 0)), "late");
    assertTrue(gate.passes(FE, report(2, 1, 0)));
    gate.forget(FE);
    assertTrue(gate.passes(FE, report(1, 0, 0)));
  }

  @Test
  void theGateWaitsForWhatIsMissingButNotForEver() {
    ReportGate gate = new ReportGate();
    assertFalse(gate.comesTooEarly(FE, report(1, 8, 0)), "the first says nothing");
    assertTrue(gate.passes(FE, report(1, 8, 0)));
    assertFalse(gate.comesTooEarly(FE, report(1, 8, 0)), "known");
    assertFalse(gate.comesTooEarly(FE, report(1, 9, 0)));
    assertTrue(gate.comesTooEarly(FE, report(1, 9, 1)));
    assertTrue(gate.comesTooEarly(FE, report(1, 10, 0)));
    assertFalse(gate.comesTooEarly(FE, report(2, 0, 0)), "restarted");
    for (int time = 2; time <= 8; time++) {
      assertTrue(gate.comesTooEarly(FE, report(1, 9, 1)), "time " + time);
    }
    assertFalse(gate.comesTooEarly(FE, report(1, 9, 1)), "the element does not have it");
    assertTrue(gate.passes(FE, report(1, 9, 1)));
    assertTrue(gate.comesTooEarly(FE, report(1, 9, 3)), "begins anew");
  }

  /**
   * Sessions break at any moment, with messages and acknowledgements under way, and single messages
   * are lost behind the session; the receiver's sum is exactly what was counted.
   */
  @Property(tries = 500)
  void nothingIsLostOrCountedTwice(@ForAll long seed) {
    Random chance = new Random(seed);
    PendingIntervals pending =
        new PendingIntervals(1, 1 + chance.nextInt(3), 20, 1 + chance.nextInt(5));
    ReportGate gate = new ReportGate();
    Map<AddressPair, Count> truth = new HashMap<>();
    Map<AddressPair, Count> received = new HashMap<>();
    Deque<TrafficReport> toController = new ArrayDeque<>();
    Deque<TrafficReport> toFe = new ArrayDeque<>();
    for (int step = 0; step < 400; step++) {
      switch (chance.nextInt(6)) {
        case 0 -> {
          Map<AddressPair, Count> counted = new HashMap<>();
          for (int i = chance.nextInt(6); i > 0; i--) {
            counted.put(pair(chance.nextInt(12)), new Count(chance.nextInt(1000), 1));
          }
          pending.add(counted, SECOND);
          counted.forEach((pair, count) -> truth.merge(pair, count, Count::plus));
        }
        case 1 -> next(pending).ifPresent(toController::add);
        case 2, 3 -> {
          if (!toController.isEmpty()) {
            TrafficReport part = toController.remove();
            // Before the first that is heard nobody knows that something is missing.
            if (received.isEmpty() || chance.nextInt(20) != 0) {
              deliver(part, gate, received, toFe);
            }
          }
        }
        case 4 -> {
          if (!toFe.isEmpty()) {
            acknowledge(pending, toFe.remove());
          }
        }
        default -> {
          if (chance.nextInt(4) == 0) { // a new session, or nothing came for long
            if (chance.nextBoolean()) {
              toController.clear();
              toFe.clear();
            }
            pending.again();
          }
        }
      }
    }
    settle(pending, gate, received);
    assertEquals(truth, received, "seed " + seed);
  }

  private static void settle(
      PendingIntervals pending, ReportGate gate, Map<AddressPair, Count> received) {
    Deque<TrafficReport> acknowledged = new ArrayDeque<>();
    pending.again();
    Optional<TrafficReport> part = next(pending);
    while (part.isPresent()) {
      deliver(part.get(), gate, received, acknowledged);
      acknowledged.forEach(each -> acknowledge(pending, each));
      acknowledged.clear();
      part = next(pending);
    }
  }

  private static Optional<TrafficReport> next(PendingIntervals pending) {
    return pending.next(vm -> Optional.empty());
  }

  private static void acknowledge(PendingIntervals pending, TrafficReport part) {
    pending.acknowledged(part.incarnation(), part.interval(), part.part());
  }

  private static void deliver(
      TrafficReport report,
      ReportGate gate,
      Map<AddressPair, Count> received,
      Deque<TrafficReport> acknowledged) {
    if (gate.comesTooEarly(FE, report)) {
      return;
    }
    if (gate.passes(FE, report)) {
      for (TrafficEntry entry : report.entries()) {
        received.merge(
            new AddressPair(entry.source(), entry.destination()),
            new Count(entry.bytes(), entry.packets()),
            Count::plus);
      }
    }
    acknowledged.add(report);
  }

  private static TrafficReport report(long incarnation, long interval, int part) {
    return new TrafficReport(incarnation, interval, part, true, 1, List.of());
  }

  private static AddressPair pair(int number) {
    return new AddressPair(
        IpPrefix.parse("10.10.0." + number + "/32"), IpPrefix.parse("10.10.1.1/32"));
  }

  private static TrafficEntry entry(int number, long bytes, long packets) {
    return new TrafficEntry(
        pair(number).source(), pair(number).destination(), Optional.empty(), bytes, packets);
  }
}
