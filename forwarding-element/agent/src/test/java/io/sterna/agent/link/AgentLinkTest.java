package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sterna.agent.AgentSettings;
import io.sterna.agent.ForwardingElementAgent;
import io.sterna.agent.forwarding.InMemoryForwardingTable;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.link.ScriptedController.Peer;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.neighbourhood.RecordingNeighbourhood;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.SouthboundMessage.Welcome;
import io.sterna.protocol.VmUse;
import io.sterna.protocol.tls.TlsFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent over real TLS on loopback, against controllers that the test plays. */
class AgentLinkTest {
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final ControllerId C1 = new ControllerId("c1");
  private static final ControllerId C2 = new ControllerId("c2");
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress OTHER = IpAddress.parse("10.10.1.12");
  private static final IpAddress LEFTOVER = IpAddress.parse("10.10.1.99");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0b");
  private static final NextHop TO_FE2 = new NextHop.Tunnel(IpAddress.parse("172.16.2.1"));

  private static Path folder;
  private static TestCertificates certificates;

  private final InMemoryForwardingTable table = new InMemoryForwardingTable();
  private final RecordingNeighbourhood vms = new RecordingNeighbourhood();
  private String silenceLimit = "60s";
  private String resyncPatience = "60s";
  private String hypervisor = "";
  private ScriptedController c1;
  private ScriptedController c2;
  private @Nullable ForwardingElementAgent started;

  @BeforeAll
  static void issueCertificates(@TempDir Path shared) throws Exception {
    folder = shared;
    certificates = new TestCertificates(folder);
    certificates.issue("fe1", "urn:sterna:fe:fe1");
    certificates.issue("fe2", "urn:sterna:fe:fe2");
    certificates.issue("c1", "urn:sterna:controller:c1");
    certificates.issue("c2", "urn:sterna:controller:c2");
  }

  @BeforeEach
  void startControllers() throws Exception {
    c1 = new ScriptedController(certificates.context("c1"));
    c2 = new ScriptedController(certificates.context("c2"));
  }

  @AfterEach
  void stop() throws Exception {
    if (started != null) {
      started.close();
    }
    c1.close();
    c2.close();
  }

  @Test
  void followsAFeedAndReportsWhatIsInstalled() throws Exception {
    table.with(new Route(LEFTOVER, TO_FE2)).with(new Route(OTHER, TO_FE2));
    start(c1);
    Peer peer = c1.accept();
    Hello hello = peer.expect(Hello.class);
    assertEquals(FE1, hello.fe());
    assertEquals(List.of(), hello.positions());

    peer.send(welcome(C1));
    Binding other = new Binding(OTHER, FE2, MAC, 3);
    peer.send(new Snapshot(at(1, 5), 0, false, List.of(new Binding(VM, FE1, MAC, 2))));
    assertFalse(agent().inSync());
    peer.send(new Snapshot(at(1, 5), 1, true, List.of(other)));
    assertEquals(List.of(at(1, 5)), peer.expect(Applied.class).positions());
    assertTrue(agent().inSync());
    await(() -> table.routes().equals(Map.of(VM, new NextHop.Local(MAC), OTHER, TO_FE2)));
    assertTrue(
        table.writes().stream().noneMatch(change -> change.address().equals(OTHER)),
        "what stands already is not written again");

    peer.send(delta(1, 5, 6, new Binding(VM, FE2, MAC, 3)));
    assertEquals(List.of(at(1, 6)), peer.expect(Applied.class).positions());
    assertEquals(Map.of(VM, TO_FE2, OTHER, TO_FE2), table.routes());
    await(() -> vms.redirected().equals(List.of(VM)));
    assertEquals(List.of(at(1, 6)), agent().status().installed());
    assertEquals(2, agent().status().bindings());
  }

  @Test
  void asksForAllOfARangeAfterAGapOnceAndGoesOn() throws Exception {
    Peer peer = startInSync();
    peer.send(delta(1, 7, 8, new Binding(VM, FE2, MAC, 9)));
    peer.send(delta(1, 8, 9, new Binding(VM, FE1, MAC, 10)));
    assertEquals(RANGE, peer.expect(ResyncRequested.class).range());
    peer.send(new Snapshot(at(1, 9), 0, true, List.of(new Binding(VM, FE1, MAC, 10))));
    assertEquals(List.of(at(1, 9)), peer.expect(Applied.class).positions());
    assertEquals(Map.of(VM, new NextHop.Local(MAC)), table.routes());
  }

  @Test
  void asksAgainForASnapshotThatDoesNotCome() throws Exception {
    resyncPatience = "100ms";
    Peer peer = startInSync();
    peer.send(delta(1, 7, 8, new Binding(VM, FE2, MAC, 9)));
    assertEquals(RANGE, peer.expect(ResyncRequested.class).range());
    assertEquals(RANGE, peer.expect(ResyncRequested.class).range(), "nothing else was said");
    peer.send(new Snapshot(at(1, 8), 0, true, List.of(new Binding(VM, FE2, MAC, 9))));
    Object next = peer.pollWithin(60_000);
    while (next instanceof ResyncRequested) {
      next = peer.pollWithin(60_000);
    }
    assertEquals(new Applied(List.of(at(1, 8))), next);
    assertNull(peer.pollWithin(300), "what was answered is not asked for again");
  }

  @Test
  void aMalformedFrameEndsItsSessionOnlyAndTheNextContinues() throws Exception {
    Peer peer = startInSync();
    peer.sendBytes(new byte[] {0, 0, 0, 3, 1, 99, 99});
    peer.expectEnd();
    Peer again = c1.accept();
    assertEquals(List.of(at(1, 0)), again.expect(Hello.class).positions());
    again.send(welcome(C1));
    again.send(delta(1, 0, 0));
    assertEquals(List.of(at(1, 0)), again.expect(Applied.class).positions());
    again.send(delta(1, 0, 1, new Binding(VM, FE2, MAC, 1)));
    assertEquals(List.of(at(1, 1)), again.expect(Applied.class).positions());
  }

  @Test
  void anOversizedFrameEndsItsSession() throws Exception {
    Peer peer = startInSync();
    peer.sendBytes(new byte[] {0x7f, 0, 0, 0});
    peer.expectEnd();
    c1.accept().expect(Hello.class);
    assertTrue(agent().inSync());
  }

  @Test
  void aSilentControllerLosesItsSession() throws Exception {
    silenceLimit = "2s";
    Peer peer = startInSync();
    peer.fallSilent();
    peer.expectEnd();
    c1.accept().expect(Hello.class);
  }

  @Test
  void claimsWhatIsAnnouncedUntilItIsBound() throws Exception {
    Peer peer = startInSync();
    Announcement announcement = new Announcement.OfAddress(VM, MAC, Evidence.GRATUITOUS_ARP);
    vms.announce(announcement);
    Claim claim = peer.expect(Claim.class);
    assertEquals(new Claim(claim.claimId(), VM, MAC, 0, Evidence.GRATUITOUS_ARP), claim);
    vms.announce(announcement);
    Binding binding = new Binding(VM, FE1, MAC, 1);
    peer.send(new ClaimAccepted(claim.claimId(), binding));
    vms.announce(announcement);
    peer.send(delta(1, 0, 1, binding));
    peer.expect(Applied.class);
    vms.announce(announcement);
    assertNull(peer.pollWithin(200));
    assertEquals(0, agent().status().pendingClaims());
  }

  @Test
  void asksTheVmAfterAStaleClaimAndClaimsAgainWhenItAnswers() throws Exception {
    Peer peer = startInSync();
    peer.send(delta(1, 0, 1, new Binding(VM, FE2, MAC, 1)));
    peer.expect(Applied.class);
    vms.announce(new Announcement.OfMac(MAC, Evidence.RARP));
    Claim claim = peer.expect(Claim.class);
    assertEquals(new Claim(claim.claimId(), VM, MAC, 1, Evidence.RARP), claim);
    peer.send(new ClaimRejected(claim.claimId(), RejectReason.STALE, 7));
    await(() -> vms.probed().contains(VM));
    vms.announce(new Announcement.OfAddress(VM, MAC, Evidence.ARP_REPLY));
    Claim again = peer.expect(Claim.class);
    assertEquals(new Claim(again.claimId(), VM, MAC, 7, Evidence.PROBE_ANSWERED), again);
  }

  @Test
  void claimsGoToAnotherControllerWhenTheirSessionDies() throws Exception {
    Peer first = startInSync();
    first.send(new Members(List.of(endpoint(C1, c1), endpoint(C2, c2))));
    Peer second = c2.accept();
    second.expect(Hello.class);
    second.send(welcome(C2));
    vms.announce(new Announcement.OfAddress(VM, MAC, Evidence.GRATUITOUS_ARP));
    first.expect(Claim.class);
    first.close();
    assertEquals(VM, second.expect(Claim.class).address());
  }

  @Test
  void keepsASessionToEachMemberAndFollowsANewOwner() throws Exception {
    Peer first = startInSync();
    first.send(new Members(List.of(endpoint(C1, c1), endpoint(C2, c2))));
    Peer second = c2.accept();
    second.expect(Hello.class);
    second.send(welcome(C2));
    second.send(delta(2, 0, 0));
    assertEquals(List.of(at(2, 0)), second.expect(Applied.class).positions());
    first.send(delta(1, 0, 1, new Binding(VM, FE2, MAC, 1)));
    second.send(delta(2, 0, 1, new Binding(VM, FE1, MAC, 1)));
    assertEquals(List.of(at(2, 1)), second.expect(Applied.class).positions());
    assertEquals(Map.of(VM, new NextHop.Local(MAC)), table.routes());
    assertNull(first.pollWithin(50), "the old owner is told nothing");

    // The new owner still counts itself in: whoever anybody names is kept.
    second.send(new Members(List.of(endpoint(C1, c1), endpoint(C2, c2))));
    second.send(delta(2, 1, 2, new Binding(VM, FE2, MAC, 2)));
    assertEquals(List.of(at(2, 2)), second.expect(Applied.class).positions());
    first.send(new Members(List.of(endpoint(C1, c1))));
    first.send(delta(2, 7, 8));
    first.expect(ResyncRequested.class);
    second.send(delta(2, 2, 3, new Binding(VM, FE1, MAC, 3)));
    assertEquals(List.of(at(2, 3)), second.expect(Applied.class).positions());
    second.send(new Members(List.of(endpoint(C1, c1))));
    second.expectEnd();
    assertNull(c2.acceptWithin(500), "who left is not called again");
  }

  @Test
  void aControllerIsWhoItsCertificateSays() throws Exception {
    start(c1);
    Peer peer = c1.accept();
    peer.expect(Hello.class);
    peer.send(welcome(C2));
    peer.expectEnd();
  }

  @Test
  void aForwardingElementIsNoController() throws Exception {
    try (ScriptedController impostor = new ScriptedController(certificates.context("fe2"))) {
      start(impostor);
      Peer peer = impostor.acceptWithin(1000);
      assertTrue(peer == null || peer.pollWithin(1000) instanceof IOException);
      assertFalse(agent().inSync());
    }
  }

  @Test
  void theCertificateHasToBeTheElements() {
    AgentSettings settings = settings("fe2", c1);
    AgentSettings asFe1 =
        new AgentSettings(
            FE1,
            settings.tls(),
            settings.dataPlane(),
            settings.link(),
            settings.claims(),
            settings.silence(),
            settings.routes(),
            settings.telemetry(),
            settings.hypervisor(),
            settings.akka());
    assertThrows(ConfigException.class, () -> ForwardingElementAgent.start(asFe1, table, vms));
  }

  @Test
  void endsWhenNobodyWritesItsRoutesAnyMore() throws Exception {
    Peer peer = startInSync();
    table.broken();
    peer.send(delta(1, 0, 1, new Binding(VM, FE2, MAC, 1)));
    agent().whenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertEquals(Map.of(), table.routes());
  }

  @Test
  void movesAVmForWhoeverAsksAndOnlyOnce(@TempDir Path calls) throws Exception {
    Path log = calls.resolve("log");
    hypervisor =
        "/bin/sh, -c, \"\"\"test $0 = report || echo $0 >> %s; echo '{\"state\":\"paused\"}'\"\"\""
            .formatted(log);
    Peer peer = startInSync();
    Migration migration = new Migration(new OperationId("p1-1"), VM, FE1, FE2);
    MigrationCommand command = new MigrationCommand(migration, MigrationPhase.MOVE, "there");
    peer.send(command);
    assertEquals(MigrationState.ACCEPTED, peer.expect(MigrationReport.class).state());
    assertEquals(MigrationState.PAUSED, peer.expect(MigrationReport.class).state());
    assertEquals(MigrationState.DONE, peer.expect(MigrationReport.class).state());
    peer.close();
    Peer again = c1.accept();
    again.expect(Hello.class);
    again.send(welcome(C1));
    again.send(command);
    MigrationReport report = again.expect(MigrationReport.class);
    assertEquals(
        new MigrationReport(
            migration.operation(), MigrationPhase.MOVE, MigrationState.DONE, 0, 0, ""),
        report);
    assertEquals(List.of("move"), Files.readAllLines(log));
  }

  @Test
  void tellsWhatItsVmsUseAgainAndAgain() throws Exception {
    hypervisor =
        "/bin/sh, -c, \"\"\"test $0 = report && echo '{\"vms\":[{\"address\":\"%s\",\"memory_mib\":512}],"
                .formatted(VM)
            + "\"vm_capacity\":1,\"memory_capacity_mib\":1}'\"\"\"";
    Peer peer = startInSync();
    VmReport report = new VmReport(100, List.of(new VmUse(VM, 512, 0)));
    assertEquals(report, peer.expect(VmReport.class));
    assertEquals(report, peer.expect(VmReport.class));
  }

  @Test
  void withoutAHypervisorItSaysSo() throws Exception {
    Peer peer = startInSync();
    Migration migration = new Migration(new OperationId("p1-1"), VM, FE1, FE2);
    peer.send(new MigrationCommand(migration, MigrationPhase.MOVE, ""));
    MigrationReport report = peer.expect(MigrationReport.class);
    assertEquals(MigrationState.FAILED, report.state());
    assertEquals("fe1 has no hypervisor that may be asked", report.text());
  }

  private void start(ScriptedController controller) throws TlsFileException {
    started = ForwardingElementAgent.start(settings("fe1", controller), table, vms);
  }

  private ForwardingElementAgent agent() {
    return Objects.requireNonNull(started);
  }

  private Peer startInSync() throws Exception {
    start(c1);
    Peer peer = c1.accept();
    peer.expect(Hello.class);
    peer.send(welcome(C1));
    peer.send(delta(1, 0, 0));
    assertEquals(List.of(at(1, 0)), peer.expect(Applied.class).positions());
    return peer;
  }

  private AgentSettings settings(String name, ScriptedController controller) {
    return AgentSettings.from(
        ConfigFactory.parseString(
            """
            sterna.fe {
              id = %s
              controllers = ["127.0.0.1:%d"]
              tls { certificate = %s.pem, key = %s.key, authority = ca.pem }
              hypervisor { command = [%s], report-interval = 100ms }
              link { reconnect-min = 20ms, heartbeat-interval = 50ms, silence-limit = %s
                     resync-patience = %s }
            }
            """
                .formatted(
                    name, controller.port(), name, name, hypervisor, silenceLimit, resyncPatience)),
        folder);
  }

  private static Welcome welcome(ControllerId controller) {
    return new Welcome(
        controller,
        List.of(),
        List.of(
            new FeEndpoint(FE1, new SiteId("site1"), IpAddress.parse("172.16.1.1")),
            new FeEndpoint(FE2, new SiteId("site2"), IpAddress.parse("172.16.2.1"))),
        List.of(RANGE));
  }

  private static ControllerEndpoint endpoint(ControllerId id, ScriptedController controller) {
    return new ControllerEndpoint(id, "127.0.0.1", controller.port());
  }

  private static Delta delta(long epoch, long from, long to, Binding... changes) {
    return new Delta(from, at(epoch, from).hash(), at(epoch, to), List.of(changes));
  }

  private static RangePosition at(long epoch, long revision) {
    byte[] hash = new byte[ChainHash.BYTES];
    hash[0] = (byte) revision;
    return new RangePosition(RANGE, epoch, revision, ChainHash.ofBytes(hash));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "did not happen in time");
      LockSupport.parkNanos(1_000_000);
    }
  }
}
