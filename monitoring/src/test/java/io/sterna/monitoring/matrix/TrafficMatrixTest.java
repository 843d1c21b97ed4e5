package io.sterna.monitoring.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.monitoring.report.AddressPair;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficMatrixTest {
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final SiteId SITE1 = new SiteId("site1");
  private static final SiteId SITE2 = new SiteId("site2");
  private static final IpPrefix A = IpPrefix.parse("10.10.1.1/32");
  private static final IpPrefix B = IpPrefix.parse("10.10.1.2/32");
  private static final IpPrefix C = IpPrefix.parse("10.10.2.1/32");
  private static final IpPrefix OUTSIDE = IpPrefix.parse("198.51.100.0/24");
  private static final MatrixSettings SETTINGS =
      new MatrixSettings(Duration.ofSeconds(60), Duration.ofSeconds(30), 100, 16, 100);

  private static final Placement PLACEMENT = fe -> Optional.of(fe.equals(FE2) ? SITE2 : SITE1);

  private final TrafficMatrix matrix = new TrafficMatrix(SETTINGS);
  private long interval;

  @Test
  void anEvenStreamHasItsRateFromTheFirstIntervalOn() {
    for (int i = 1; i <= 30; i++) {
      report(FE1, 10_000, i * 10_000L, entry(A, B, 50_000, 100));
      Rate rate = matrix.pair(new AddressPair(A, B), i * 10_000L);
      assertEquals(5_000, rate.bytesPerSec(), 1e-6, "after " + i);
      assertEquals(10, rate.packetsPerSec(), 1e-9, "after " + i);
      assertEquals(0, rate.errorBytesPerSec());
    }
  }

  @Test
  void aStreamThatEndedFallsToAThirdInATimeConstant() {
    for (int i = 1; i <= 100; i++) {
      report(FE1, 10_000, i * 10_000L, entry(A, B, 50_000, 100));
    }
    double later = matrix.pair(new AddressPair(A, B), 1_060_000).bytesPerSec();
    assertEquals(5_000 / Math.E, later, 1);
  }

  @Test
  void aLongIntervalCountsAsEvenlySent() {
    report(FE1, 600_000, 600_000, entry(A, B, 600_000, 600));
    assertEquals(1_000, matrix.pair(new AddressPair(A, B), 600_000).bytesPerSec(), 1e-6);
  }

  @Test
  void directionsAreApart() {
    report(FE1, 1_000, 1_000, entry(A, B, 500, 1), entry(B, A, 300, 1));
    assertEquals(500, matrix.pair(new AddressPair(A, B), 1_000).bytesPerSec(), 1e-6);
    assertEquals(300, matrix.pair(new AddressPair(B, A), 1_000).bytesPerSec(), 1e-6);
    EndpointRate ofA = matrix.endpoint(A, 1_000);
    assertEquals(500, ofA.sent().bytesPerSec(), 1e-6);
    assertEquals(300, ofA.received().bytesPerSec(), 1e-6);
  }

  @Test
  void linksHoldWhatGoesBetweenSites() {
    report(
        FE1,
        1_000,
        1_000,
        entry(A, C, 500, 1),
        entry(B, C, 100, 1),
        entry(A, B, 7_000, 1),
        entry(A, OUTSIDE, 9_000, 1));
    report(FE2, 1_000, 1_000, entry(C, A, 40, 1));
    Map<SiteLink, Rate> links = matrix.links(1_000);
    assertEquals(2, links.size());
    assertEquals(600, rate(links, SITE1, SITE2).bytesPerSec(), 1e-6);
    assertEquals(40, rate(links, SITE2, SITE1).bytesPerSec(), 1e-6);
    assertEquals(16_640, matrix.total(1_000).bytesPerSec(), 1e-6);
    assertEquals(
        List.of(new AddressPair(A, OUTSIDE), new AddressPair(A, B), new AddressPair(A, C)),
        matrix.pairs(1_000).stream().limit(3).map(PairRate::pair).toList());
  }

  @Test
  void aReportCountsOnce() {
    TrafficReport report = new TrafficReport(1, 5, 0, true, 1_000, List.of(entry(A, B, 1_000, 1)));
    assertTrue(matrix.offer(FE1, report, PLACEMENT, 1_000));
    assertFalse(matrix.offer(FE1, report, PLACEMENT, 1_000));
    assertEquals(1_000, matrix.total(1_000).bytesPerSec(), 1e-6);
  }

  @Test
  void silentPairsAreForgotten() {
    report(FE1, 1_000, 1_000, entry(A, B, 1_000, 1));
    assertEquals(1, matrix.pairsRemembered());
    report(FE1, 1_000, 3_600_000, entry(B, A, 1_000, 1));
    assertEquals(1, matrix.pairsRemembered());
    assertEquals(1, matrix.endpoint(B, 3_600_000).sent().bytesPerSec() > 0 ? 1 : 0);
    assertEquals(2, matrix.endpoints(3_600_000).size());
    assertEquals(Rate.ZERO, matrix.endpoint(C, 3_600_000).sent());
  }

  @Test
  void endpointsWithoutRoomAreInTheTotalOnly() {
    TrafficMatrix small =
        new TrafficMatrix(
            new MatrixSettings(Duration.ofSeconds(60), Duration.ofSeconds(30), 100, 16, 2));
    List<TrafficEntry> entries =
        IntStream.range(0, 10)
            .mapToObj(i -> entry(IpPrefix.parse("10.10.1." + i + "/32"), A, 100, 1))
            .toList();
    small.offer(FE1, new TrafficReport(1, 1, 0, true, 1_000, entries), PLACEMENT, 1_000);
    assertEquals(2, small.endpoints(1_000).size());
    assertEquals(1_000, small.total(1_000).bytesPerSec(), 1e-6);
  }

  /** The former matrix counted parts 0 and 1 of interval 7. */
  @Test
  void theRestOfAnIntervalThatAnotherMatrixCountedIsLeftOut() {
    List<TrafficEntry> some = List.of(entry(A, B, 1_000, 1));
    assertFalse(matrix.offer(FE1, new TrafficReport(1, 7, 2, true, 1_000, some), PLACEMENT, 1_000));
    assertEquals(Rate.ZERO, matrix.total(1_000));
    TrafficReport whole = new TrafficReport(1, 8, 0, false, 1_000, some);
    assertTrue(matrix.offer(FE1, whole, PLACEMENT, 2_000));
    List<TrafficEntry> others = List.of(entry(A, C, 500, 1));
    assertTrue(
        matrix.offer(FE1, new TrafficReport(1, 8, 1, true, 1_000, others), PLACEMENT, 2_000));
    assertEquals(1_000, matrix.pair(new AddressPair(A, B), 2_000).bytesPerSec(), 1e-6);
    assertEquals(500, matrix.pair(new AddressPair(A, C), 2_000).bytesPerSec(), 1e-6);
  }

  @Test
  void vmsAreWhereTheyWereLastHeardAndClientsWhereMostOfThemComeIn() {
    report(FE1, 1_000, 1_000, entry(A, B, 500, 1), entry(OUTSIDE, A, 900, 1));
    report(FE2, 1_000, 1_000, entry(C, A, 40, 1), entry(OUTSIDE, C, 500, 1));
    assertEquals(Optional.of(SITE1), matrix.endpoint(A, 1_000).site());
    assertEquals(Optional.of(SITE2), matrix.endpoint(C, 1_000).site());
    assertEquals(Optional.of(SITE1), matrix.endpoint(OUTSIDE, 1_000).site());
    // A moves, and so do most clients.
    report(
        FE2,
        1_000,
        2_000,
        entry(A, C, 10, 1),
        new TrafficEntry(OUTSIDE, A, Optional.of(FE2), 900, 1));
    assertEquals(Optional.of(SITE2), matrix.endpoint(A, 2_000).site());
    assertEquals(Optional.of(SITE2), matrix.endpoint(OUTSIDE, 2_000).site());
    assertFalse(matrix.knows(IpPrefix.parse("10.10.9.9/32")));
    assertEquals(Optional.empty(), matrix.endpoint(IpPrefix.parse("10.10.9.9/32"), 2_000).site());
  }

  @Test
  void aFewOfManyAreShownInOrder() {
    report(FE1, 1_000, 1_000, entry(A, B, 500, 9), entry(A, C, 700, 1), entry(B, A, 600, 2));
    assertEquals(
        List.of(new AddressPair(A, C), new AddressPair(B, A)),
        of(matrix.pairs(2, PairRate.HEAVIEST_FIRST, pair -> true, 1_000)));
    assertEquals(
        List.of(new AddressPair(A, B)),
        of(matrix.pairs(1, PairRate.BUSIEST_FIRST, pair -> true, 1_000)));
    AddressPair first = new AddressPair(A, B);
    assertEquals(
        List.of(new AddressPair(A, C), new AddressPair(B, A)),
        of(matrix.pairs(9, PairRate.BY_ADDRESS, pair -> pair.compareTo(first) > 0, 1_000)));
    assertEquals(
        List.of(B, C),
        matrix.endpoints(2, endpoint -> endpoint.compareTo(A) > 0, 1_000).stream()
            .map(EndpointRate::endpoint)
            .toList());
  }

  private static List<AddressPair> of(List<PairRate> rates) {
    return rates.stream().map(PairRate::pair).toList();
  }

  @Test
  void settingsMustMakeSense() {
    Duration minute = Duration.ofMinutes(1);
    assertThrows(
        IllegalArgumentException.class, () -> new MatrixSettings(Duration.ZERO, minute, 1, 8, 1));
    assertThrows(IllegalArgumentException.class, () -> new MatrixSettings(minute, minute, 0, 8, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new MatrixSettings(minute, minute, 1, 12, 1));
  }

  private void report(FeId fe, long durationMs, long nowMillis, TrafficEntry... entries) {
    matrix.offer(
        fe,
        new TrafficReport(1, interval++, 0, true, durationMs, List.of(entries)),
        PLACEMENT,
        nowMillis);
  }

  /** 10.10.1.x is at site 1, 10.10.2.x at site 2. */
  private static TrafficEntry entry(IpPrefix from, IpPrefix to, long bytes, long packets) {
    Optional<FeId> at =
        to.equals(OUTSIDE) ? Optional.empty() : Optional.of(to.equals(C) ? FE2 : FE1);
    return new TrafficEntry(from, to, at, bytes, packets);
  }

  private static Rate rate(Map<SiteLink, Rate> links, SiteId from, SiteId to) {
    return links.getOrDefault(new SiteLink(from, to), Rate.ZERO);
  }
}
