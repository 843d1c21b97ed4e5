package io.sterna.controller.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.TrafficCounted;
import io.sterna.controller.traffic.TrafficCommand.DescribeTraffic;
import io.sterna.controller.traffic.TrafficCommand.EndpointPage;
import io.sterna.controller.traffic.TrafficCommand.FindEndpoint;
import io.sterna.controller.traffic.TrafficCommand.FoundEndpoint;
import io.sterna.controller.traffic.TrafficCommand.LinkPage;
import io.sterna.controller.traffic.TrafficCommand.ListEndpoints;
import io.sterna.controller.traffic.TrafficCommand.ListLinks;
import io.sterna.controller.traffic.TrafficCommand.ListPairs;
import io.sterna.controller.traffic.TrafficCommand.Order;
import io.sterna.controller.traffic.TrafficCommand.PairPage;
import io.sterna.controller.traffic.TrafficCommand.Reported;
import io.sterna.controller.traffic.TrafficCommand.Reporter;
import io.sterna.controller.traffic.TrafficCommand.SnapshotOfTraffic;
import io.sterna.controller.traffic.TrafficCommand.TrafficDescription;
import io.sterna.controller.traffic.TrafficCommand.VmsReported;
import io.sterna.monitoring.matrix.MatrixSettings;
import io.sterna.monitoring.matrix.SiteLink;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.TrafficEntry;
import io.sterna.protocol.VmUse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The collector alone; sessions and clock are the test's. */
class TrafficCollectorTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final Instant NOW = Instant.parse("2026-08-03T10:00:00Z");
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final SiteId SITE1 = new SiteId("site1");
  private static final SiteId SITE2 = new SiteId("site2");
  private static final IpPrefix A = IpPrefix.parse("10.10.1.1/32");
  private static final IpPrefix B = IpPrefix.parse("10.10.2.1/32");
  private static final IpPrefix CLIENTS = IpPrefix.parse("198.51.100.0/24");

  private final AtomicLong nanoTime = new AtomicLong();
  private final TestProbe<SessionCommand> session = KIT.createTestProbe();
  private final ActorRef<TrafficCommand> collector =
      KIT.spawn(
          TrafficCollector.create(
              new TrafficCollector.Parts(
                  new ControllerId("c1"),
                  MatrixSettings.DEFAULT,
                  Map.of(FE1, SITE1, FE2, SITE2),
                  InstantSource.fixed(NOW),
                  nanoTime::get)));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void whatIsCountedIsAcknowledgedAndAlsoWhatWasBefore() {
    TrafficReport report = report(3, 0, entry(A, B, FE2, 1_000, 2));
    tell(FE1, report);
    assertEquals(new TrafficCounted(7, 3, 0), session.receiveMessage());
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(2));
    tell(FE1, report);
    assertEquals(new TrafficCounted(7, 3, 0), session.receiveMessage());

    TestProbe<TrafficDescription> described = KIT.createTestProbe();
    collector.tell(new DescribeTraffic(described.ref()));
    TrafficDescription answer = described.receiveMessage();
    assertEquals(List.of(new Reporter(FE1, 3, 2_000, 1_000, 2)), answer.reporters());
    assertEquals(new ControllerId("c1"), answer.controller());
    assertEquals(1, answer.pairs());
    assertEquals(2, answer.endpoints());
  }

  @Test
  void whatComesBeforeWhatIsMissingIsNotAcknowledged() {
    tell(FE1, report(3, 0, entry(A, B, FE2, 1_000, 2)));
    assertEquals(new TrafficCounted(7, 3, 0), session.receiveMessage());
    tell(FE1, report(5, 0, entry(A, B, FE2, 4_000, 8)));
    tell(FE1, report(4, 0, entry(A, B, FE2, 2_000, 4)));
    assertEquals(new TrafficCounted(7, 4, 0), session.receiveMessage());
    tell(FE1, report(5, 0, entry(A, B, FE2, 4_000, 8)));
    assertEquals(new TrafficCounted(7, 5, 0), session.receiveMessage());
    TestProbe<TrafficDescription> described = KIT.createTestProbe();
    collector.tell(new DescribeTraffic(described.ref()));
    assertEquals(
        List.of(new Reporter(FE1, 5, 0, 7_000, 14)), described.receiveMessage().reporters());
  }

  /** Parts 0 and 1 were counted by a collector that is gone. */
  @Test
  void theRestOfAnIntervalIsAcknowledgedAndLeftOut() {
    tell(FE1, report(3, 2, entry(A, B, FE2, 1_000, 2)));
    assertEquals(new TrafficCounted(7, 3, 2), session.receiveMessage());
    TestProbe<TrafficSnapshot> snapshots = KIT.createTestProbe();
    collector.tell(new SnapshotOfTraffic(snapshots.ref()));
    TrafficSnapshot snapshot = snapshots.receiveMessage();
    assertEquals(List.of(), snapshot.pairs());
    assertEquals(Set.of(), snapshot.heard());
  }

  @Test
  void theSnapshotHoldsWhatHypervisorsSay() {
    VmUse use = new VmUse(A.address(), 512, 100);
    collector.tell(new VmsReported(FE1, new VmReport(30_000, List.of(use))));
    TestProbe<TrafficSnapshot> snapshots = KIT.createTestProbe();
    collector.tell(new SnapshotOfTraffic(snapshots.ref()));
    assertEquals(
        Map.of(A.address(), List.of(new KnownUse(FE1, use))), snapshots.receiveMessage().vms());
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(90));
    collector.tell(new SnapshotOfTraffic(snapshots.ref()));
    assertEquals(Map.of(), snapshots.receiveMessage().vms());
  }

  @Test
  void theSnapshotHoldsPairsEndpointsLinksAndTheirSites() {
    fill();
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    TestProbe<TrafficSnapshot> snapshots = KIT.createTestProbe();
    collector.tell(new SnapshotOfTraffic(snapshots.ref()));
    TrafficSnapshot snapshot = snapshots.receiveMessage();
    assertEquals(NOW, snapshot.asOf());
    assertEquals(Duration.ofSeconds(1), snapshot.observed());
    assertEquals(Set.of(FE1, FE2), snapshot.heard());
    assertEquals(
        List.of(
            new AddressPair(A, B),
            new AddressPair(B, A),
            new AddressPair(A, CLIENTS),
            new AddressPair(CLIENTS, B)),
        snapshot.pairs().stream().map(each -> each.pair()).toList());
    assertEquals(
        List.of(Optional.of(SITE1), Optional.of(SITE2), Optional.of(SITE1)),
        snapshot.endpoints().stream().map(each -> each.site()).toList());
    assertEquals(
        Set.of(new SiteLink(SITE1, SITE2), new SiteLink(SITE2, SITE1)), snapshot.links().keySet());
    double faded = Math.exp(-1 / 60.0);
    assertEquals(1_000 * faded, snapshot.pairs().get(0).rate().bytesPerSec(), 1e-6);
    assertEquals(1_600 * faded, snapshot.total().bytesPerSec(), 1e-6);
  }

  /** Reports of this test take a second, which counts as ten. */
  @Test
  void anElementThatStoppedReportingIsNotHeardOf() {
    tell(FE1, report(3, 0, entry(A, B, FE2, 1_000, 2)));
    session.receiveMessage();
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    tell(FE2, report(3, 0, entry(B, A, FE1, 1_000, 2)));
    session.receiveMessage();
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(29));
    assertEquals(Set.of(FE1, FE2), heard());
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertEquals(Set.of(FE2), heard());
    tell(FE1, report(4, 0));
    assertEquals(Set.of(FE1, FE2), heard());
  }

  private Set<FeId> heard() {
    TestProbe<TrafficSnapshot> snapshots = KIT.createTestProbe();
    collector.tell(new SnapshotOfTraffic(snapshots.ref()));
    return snapshots.receiveMessage().heard();
  }

  @Test
  void listsAreReadPageByPage() {
    fill();
    TestProbe<PairPage> pairs = KIT.createTestProbe();
    AddressPair first = new AddressPair(A, B);
    collector.tell(
        new ListPairs(Optional.empty(), Order.ADDRESS, Optional.empty(), 1, pairs.ref()));
    assertEquals(List.of(first), addresses(pairs.receiveMessage()));
    collector.tell(
        new ListPairs(Optional.empty(), Order.ADDRESS, Optional.of(first), 2, pairs.ref()));
    assertEquals(
        List.of(new AddressPair(A, CLIENTS), new AddressPair(B, A)),
        addresses(pairs.receiveMessage()));
    collector.tell(new ListPairs(Optional.of(B), Order.BUSIEST, Optional.empty(), 9, pairs.ref()));
    PairPage ofB = pairs.receiveMessage();
    assertEquals(
        List.of(new AddressPair(CLIENTS, B), first, new AddressPair(B, A)), addresses(ofB));
    assertEquals(Optional.of(SITE1), ofB.pairs().get(1).from());
    assertEquals(Optional.of(SITE2), ofB.pairs().get(1).to());

    TestProbe<EndpointPage> endpoints = KIT.createTestProbe();
    collector.tell(new ListEndpoints(Optional.of(A), 1, endpoints.ref()));
    assertEquals(B, endpoints.receiveMessage().endpoints().get(0).endpoint());
    TestProbe<LinkPage> links = KIT.createTestProbe();
    collector.tell(new ListLinks(Optional.of(new SiteLink(SITE1, SITE2)), 9, links.ref()));
    assertEquals(
        List.of(new SiteLink(SITE2, SITE1)),
        links.receiveMessage().links().stream().map(each -> each.link()).toList());
    TestProbe<FoundEndpoint> found = KIT.createTestProbe();
    collector.tell(new FindEndpoint(B, found.ref()));
    assertEquals(
        1_100, found.receiveMessage().endpoint().orElseThrow().received().bytesPerSec(), 1e-6);
    collector.tell(new FindEndpoint(IpPrefix.parse("10.10.9.9/32"), found.ref()));
    assertEquals(Optional.empty(), found.receiveMessage().endpoint());
  }

  private void fill() {
    tell(FE1, report(0, 0, entry(A, B, FE2, 1_000, 2), entry(A, CLIENTS, null, 200, 1)));
    tell(FE2, report(0, 0, entry(B, A, FE1, 300, 1), entry(CLIENTS, B, FE2, 100, 9)));
    session.receiveMessage();
    session.receiveMessage();
  }

  private void tell(FeId fe, TrafficReport report) {
    collector.tell(new Reported(fe, report, session.ref()));
  }

  private static List<AddressPair> addresses(PairPage page) {
    return page.pairs().stream().map(each -> each.pair().pair()).toList();
  }

  private static TrafficReport report(long interval, int part, TrafficEntry... entries) {
    return new TrafficReport(7, interval, part, true, 1_000, List.of(entries));
  }

  private static TrafficEntry entry(
      IpPrefix from, IpPrefix to, @Nullable FeId at, long bytes, int packets) {
    return new TrafficEntry(from, to, Optional.ofNullable(at), bytes, packets);
  }
}
