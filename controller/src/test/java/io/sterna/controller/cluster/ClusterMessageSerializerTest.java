package io.sterna.controller.cluster;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.SerializationTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.execution.RelocationCommand;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.owner.SiteNews;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.Sessions;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.monitoring.matrix.EndpointRate;
import io.sterna.monitoring.matrix.PairRate;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.SiteLink;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.TrafficEntry;
import io.sterna.protocol.VmUse;
import io.sterna.store.event.Order;
import io.sterna.store.plan.PlanId;
import java.io.NotSerializableException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ClusterMessageSerializerTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.parseResources("controller-akka.conf"))
              .withFallback(ConfigFactory.load()));
  private static final RangeId RANGE = RangeId.parse("fd0a:10::/116");
  private static final IpAddress VM = IpAddress.parse("fd0a:10::1:11");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final FeId FE = new FeId("fe1");
  private static final Binding BINDING = new Binding(VM, FE, MAC, 3);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void everyMessageBetweenControllersSurvivesTheWire() {
    Claim claim = new Claim(7, VM, MAC, 2, Evidence.RARP);
    TestProbe<SessionCommand> session = KIT.createTestProbe();
    TestProbe<RangeCommand.BindingPage> pages = KIT.createTestProbe();
    TestProbe<RangeCommand.FoundBinding> found = KIT.createTestProbe();
    TestProbe<RangeCommand.RangeDescription> described = KIT.createTestProbe();
    TestProbe<RangeCommand.DampingCleared> undamped = KIT.createTestProbe();
    TestProbe<RangeCommand.BindingsChanged> changed = KIT.createTestProbe();
    Order order = new Order("ann", "192.0.2.1", "weil's sein muß", 1_700_000_000_000L);
    TestProbe<Sessions.SessionListing> listings = KIT.createTestProbe();
    List<Object> messages =
        List.of(
            new RangeCommand.Wake(),
            new RangeCommand.RegisterBinding(FE, claim, session.getRef()),
            new RangeCommand.ListBindings(Optional.of(VM), 10, pages.getRef()),
            new RangeCommand.ListBindings(Optional.empty(), 10, pages.getRef()),
            new RangeCommand.BindingPage(RANGE, List.of(BINDING), List.of(VM), List.of()),
            new RangeCommand.BindingPage(
                RANGE,
                List.of(BINDING, BINDING, BINDING),
                List.of(),
                List.of(new RangeCommand.Damped(VM, 41_500), new RangeCommand.Damped(VM, 0))),
            new RangeCommand.FindBinding(VM, found.getRef()),
            new RangeCommand.FoundBinding(Optional.of(BINDING), true, Optional.empty()),
            new RangeCommand.FoundBinding(
                Optional.of(BINDING), false, Optional.of(new RangeCommand.Damped(VM, 41_500))),
            new RangeCommand.DescribeRange(described.getRef()),
            new RangeCommand.RangeDescription(
                RANGE,
                new ControllerId("c1"),
                4,
                5,
                ChainHash.GENESIS,
                6,
                2,
                1,
                List.of(new RangeCommand.FeProgress(FE, 4, 5)),
                new RangeCommand.ConvergenceTimes(6, 1, 1.5, 2.5, 3.5)),
            new RangeCommand.ClearDamping(VM, order, undamped.getRef()),
            new RangeCommand.ChangeBindings(
                new Orders(
                    order,
                    List.of(
                        new OrderedChange(VM, FE, MAC, 3),
                        new OrderedChange(VM, null, MacAddress.NONE, 0))),
                changed.getRef()),
            new RangeCommand.BindingsChanged(
                List.of(
                    new RangeCommand.ChangeResult(Optional.empty(), 4, true),
                    new RangeCommand.ChangeResult(Optional.of(RejectReason.STALE), 5, false))),
            new RangeCommand.BindingsChanged(List.of()),
            new RangeCommand.DampingCleared(true),
            new RangeCommand.NoteRefusals(FE, claim, RejectReason.RATE_LIMITED, 300),
            new RangeCommand.NoteMigration(VM, FE, new FeId("fe9")),
            new SiteNews.Told(
                new ControllerId("c1"),
                List.of(
                    new SiteNews.RangeCount(
                        RANGE, 7, List.of(new SiteNews.SiteCount(new SiteId("s1"), 300))))),
            new SessionCommand.ClaimsAnswered(List.of(new ClaimAccepted(7, BINDING))),
            new SessionCommand.ClaimsAnswered(List.of(new ClaimRejected(7, RejectReason.STALE, 3))),
            new Sessions.ListSessions(listings.getRef()),
            new Sessions.SessionListing(new ControllerId("c1"), List.of(FE)));
    verify(messages);
  }

  private static void verify(List<Object> messages) {
    SerializationTestKit serialization = KIT.serializationTestKit();

    messages.forEach(message -> serialization.verifySerialization(message, true));
  }

  @Test
  void everyMessageAboutTrafficSurvivesTheWire() {
    TestProbe<SessionCommand> session = KIT.createTestProbe();
    TestProbe<TrafficCommand.TrafficDescription> described = KIT.createTestProbe();
    TestProbe<TrafficCommand.PairPage> pairs = KIT.createTestProbe();
    TestProbe<TrafficCommand.EndpointPage> endpoints = KIT.createTestProbe();
    TestProbe<TrafficCommand.LinkPage> links = KIT.createTestProbe();
    TestProbe<TrafficCommand.FoundEndpoint> found = KIT.createTestProbe();
    IpPrefix vm = IpPrefix.parse("10.10.1.11/32");
    IpPrefix clients = IpPrefix.parse("2001:db8:1::/48");
    AddressPair pair = new AddressPair(vm, clients);
    SiteId site = new SiteId("s1");
    SiteLink link = new SiteLink(site, new SiteId("s2"));
    Rate rate = new Rate(1.5, 2.5, 0.5);
    PairRate pairRate = new PairRate(pair, rate);
    EndpointRate endpoint = new EndpointRate(vm, Optional.of(site), rate, Rate.ZERO);
    List<TrafficEntry> entries =
        List.of(
            new TrafficEntry(vm, clients, Optional.empty(), 0, 1),
            new TrafficEntry(clients, vm, Optional.of(FE), Long.MAX_VALUE, 300));
    List<Object> messages =
        List.of(
            new TrafficCommand.Reported(
                FE, new TrafficReport(7, 300, 2, true, 10_000, entries), session.getRef()),
            new TrafficCommand.VmsReported(
                FE, new VmReport(30_000, List.of(new VmUse(VM, 2_048, 10_000)))),
            new SessionCommand.TrafficCounted(7, 300, 2),
            new TrafficCommand.DescribeTraffic(described.getRef()),
            new TrafficCommand.TrafficDescription(
                new ControllerId("c1"),
                2,
                1,
                rate,
                rate,
                3,
                4,
                List.of(new TrafficCommand.Reporter(FE, 300, 5, 6, 7))),
            new TrafficCommand.ListPairs(
                Optional.of(vm),
                TrafficCommand.Order.BUSIEST,
                Optional.of(pair),
                9,
                pairs.getRef()),
            new TrafficCommand.PairPage(
                1,
                List.of(
                    new TrafficCommand.PairTraffic(pairRate, Optional.of(site), Optional.empty()))),
            new TrafficCommand.ListEndpoints(Optional.of(vm), 9, endpoints.getRef()),
            new TrafficCommand.EndpointPage(1, List.of(endpoint)),
            new TrafficCommand.FindEndpoint(vm, found.getRef()),
            new TrafficCommand.FoundEndpoint(1, Optional.of(endpoint)),
            new TrafficCommand.ListLinks(Optional.of(link), 9, links.getRef()),
            new TrafficCommand.LinkPage(1, List.of(new TrafficCommand.LinkTraffic(link, rate))));
    SerializationTestKit serialization = KIT.serializationTestKit();

    messages.forEach(message -> serialization.verifySerialization(message, true));
  }

  /** Artery carries 512 KiB. */
  @Test
  void theLargestReportAndPageFitAFrameBetweenControllers() {
    TestProbe<SessionCommand> session = KIT.createTestProbe();
    IpPrefix vm = IpPrefix.parse("fd0a:10::ffff:1/128");
    FeId fe = new FeId("f".repeat(63));
    SiteId site = new SiteId("s".repeat(63));
    TrafficEntry entry = new TrafficEntry(vm, vm, Optional.of(fe), Long.MAX_VALUE, Long.MAX_VALUE);
    List<TrafficEntry> entries = Collections.nCopies(TrafficReport.ENTRIES_MAX, entry);
    TrafficReport report = new TrafficReport(7, 1, 2, true, 10_000, entries);
    PairRate pair = new PairRate(new AddressPair(vm, vm), new Rate(1e9 / 3, 1e9 / 3, 1e9 / 3));
    TrafficCommand.PairTraffic row =
        new TrafficCommand.PairTraffic(pair, Optional.of(site), Optional.of(site));
    ClusterMessageSerializer serializer =
        new ClusterMessageSerializer(
            (akka.actor.ExtendedActorSystem)
                akka.actor.typed.javadsl.Adapter.toClassic(KIT.system()));
    for (Object each :
        List.of(
            new TrafficCommand.Reported(fe, report, session.getRef()),
            new TrafficCommand.VmsReported(
                fe,
                new VmReport(
                    30_000,
                    Collections.nCopies(
                        VmReport.VMS_MAX,
                        new VmUse(VM, VmUse.MEMORY_MIB_MAX, VmUse.DIRTY_KBPS_MAX)))),
            new TrafficCommand.PairPage(1, Collections.nCopies(TrafficCommand.ROWS_MAX, row)))) {
      int bytes = serializer.toBinary(each).length;
      assertTrue(bytes < 500_000, each.getClass().getSimpleName() + " takes " + bytes);
    }
  }

  @Test
  void everyMessageAboutPlansSurvivesTheWire() {
    OperationId operation = new OperationId("p1-1");
    Migration migration = new Migration(operation, VM, FE, new FeId("fe-other"));
    TestProbe<RelocationCommand.PlanListing> listings = KIT.createTestProbe();
    TestProbe<RelocationCommand.PlanPage> pages = KIT.createTestProbe();
    TestProbe<RelocationCommand.PlanChanged> changes = KIT.createTestProbe();
    PlanId id = new PlanId(7);
    RelocationCommand.PlanSummary plan =
        new RelocationCommand.PlanSummary(7, "done", "schedule", 1, 2, 1.5, 0.5, 3, 3, "é", "");
    RelocationCommand.StepView step =
        new RelocationCommand.StepView(1, "v", "a", "b", 5, "done", 1, 0.5, "why", "", 3, 4);
    verify(
        List.of(
            new Sessions.TellElement(
                FE, new MigrationCommand(migration, MigrationPhase.CANCEL, "there")),
            new RelocationCommand.MigrationReported(
                FE,
                new MigrationReport(
                    operation, MigrationPhase.MOVE, MigrationState.COPYING, 5, 9, "")),
            new RelocationCommand.ListPlans(listings.getRef()),
            new RelocationCommand.PlanListing(List.of(plan)),
            new RelocationCommand.ShowPlan(id, 500, pages.getRef()),
            new RelocationCommand.PlanPage(Optional.of(plan), List.of(step)),
            new RelocationCommand.ProposePlan("alice", changes.getRef()),
            new RelocationCommand.ApprovePlan(id, "alice", changes.getRef()),
            new RelocationCommand.RejectPlan(id, "alice", changes.getRef()),
            new RelocationCommand.StopPlan(id, "alice", changes.getRef()),
            new RelocationCommand.PlanChanged(Optional.empty(), true, "no plan 7")));
  }

  @Test
  void anotherVersionIsRefused() {
    ClusterMessageSerializer serializer =
        new ClusterMessageSerializer(
            (akka.actor.ExtendedActorSystem)
                akka.actor.typed.javadsl.Adapter.toClassic(KIT.system()));
    byte[] bytes = serializer.toBinary(new RangeCommand.Wake());

    assertThrows(NotSerializableException.class, () -> serializer.fromBinary(bytes, "2"));
    assertThrows(
        NotSerializableException.class, () -> serializer.fromBinary(new byte[] {1, 2, 3}, "1"));
  }
}
