package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.RangeMap;
import io.sterna.controller.execution.RelocationCommand;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.owner.RangeCommand.Installed;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.SouthboundMessage.Welcome;
import io.sterna.protocol.VmUse;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A session whose connection is played by the test. */
class SessionTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final FeId FE1 = new FeId("fe1");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final int CLAIMS_MAX = 2;

  private final TestProbe<SouthboundMessage> element = KIT.createTestProbe();
  private final TestProbe<RangeCommand> range = KIT.createTestProbe();
  private final TestProbe<Sessions.Command> registry = KIT.createTestProbe();
  private final TestProbe<TrafficCommand> traffic = KIT.createTestProbe();
  private final TestProbe<RelocationCommand> relocation = KIT.createTestProbe();
  private final TestProbe<Integer> flushes = KIT.createTestProbe();
  private final AtomicBoolean congested = new AtomicBoolean();
  private final AtomicBoolean flushDue = new AtomicBoolean();
  private final AtomicInteger writes = new AtomicInteger();
  private ClaimRates claimRates = new ClaimRates(0);
  private Duration silenceLimit = Duration.ofSeconds(3);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void anElementThatFloodsIsRefusedAndTheSessionGoesOn() {
    ActorRef<SessionCommand> session = opened(1 << 20);
    for (int id = 1; id <= CLAIMS_MAX; id++) {
      say(session, claim(id));
      assertEquals(id, range.expectMessageClass(RegisterBinding.class).claim().claimId());
    }
    say(session, claim(3));
    assertEquals(
        new ClaimRejected(3, RejectReason.UNAVAILABLE, 0),
        element.expectMessageClass(ClaimRejected.class));
    say(session, new Heartbeat(7));
    element.expectMessageClass(Heartbeat.class);

    session.tell(new ClaimsAnswered(List.of(new ClaimAccepted(1, new Binding(VM, FE1, MAC, 1)))));
    element.expectMessageClass(ClaimAccepted.class);
    session.tell(new ClaimsAnswered(List.of(new ClaimRejected(2, RejectReason.STALE, 1))));
    element.expectMessageClass(ClaimRejected.class);
    say(session, claim(4));
    say(session, claim(5));
    assertEquals(4, range.expectMessageClass(RegisterBinding.class).claim().claimId());
    assertEquals(5, range.expectMessageClass(RegisterBinding.class).claim().claimId());
  }

  @Test
  void whoOnlySaysHeartbeatsIsNotWaitedForForEver() {
    silenceLimit = Duration.ofMillis(100);
    ActorRef<SessionCommand> session = connected(1 << 20);
    say(session, new Heartbeat(1));
    element.expectNoMessage(Duration.ofMillis(50));
    element.expectTerminated(session);
  }

  @Test
  void whoSaidHelloStays() {
    silenceLimit = Duration.ofMillis(100);
    ActorRef<SessionCommand> session = opened(1 << 20);
    element.expectNoMessage(Duration.ofMillis(500));
    say(session, new Heartbeat(1));
    element.expectMessageClass(Heartbeat.class);
  }

  @Test
  void anElementThatClaimsTooOftenIsRefusedAndThatIsNotedOnceInAWhile() {
    claimRates = new ClaimRates(1);
    ActorRef<SessionCommand> session = opened(1 << 20);
    say(session, claim(1));
    range.expectMessageClass(RegisterBinding.class);
    for (int id = 2; id <= 4; id++) {
      say(session, claim(id));
      assertEquals(
          new ClaimRejected(id, RejectReason.RATE_LIMITED, 0),
          element.expectMessageClass(ClaimRejected.class));
    }
    RangeCommand.NoteRefusals noted = range.expectMessageClass(RangeCommand.NoteRefusals.class);
    assertEquals(
        List.of(FE1, 2L, RejectReason.RATE_LIMITED, 0L),
        List.of(noted.fe(), noted.claim().claimId(), noted.reason(), noted.omitted()));
    range.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void anElementThatOpensAnotherSessionClaimsNoMore() {
    claimRates = claimedFor(Duration.ofHours(1));
    for (int id = 1; id <= 2; id++) {
      ActorRef<SessionCommand> session = opened(1 << 20);
      say(session, claim(id));
      assertEquals(
          new ClaimRejected(id, RejectReason.RATE_LIMITED, 0),
          element.expectMessageClass(ClaimRejected.class));
      KIT.stop(session);
      registry.expectMessageClass(Sessions.SessionEnded.class);
    }
  }

  @Test
  void claimsOfAddressesThatAreNotMobileCountToo() {
    IpAddress foreign = IpAddress.parse("192.0.2.1");
    say(opened(1 << 20), new Claim(1, foreign, MAC, 0, Evidence.GRATUITOUS_ARP));
    assertEquals(
        new ClaimRejected(1, RejectReason.NOT_MOBILE, 0),
        element.expectMessageClass(ClaimRejected.class));
    claimRates = claimedFor(Duration.ofHours(1));
    say(opened(1 << 20), new Claim(2, foreign, MAC, 0, Evidence.GRATUITOUS_ARP));
    assertEquals(
        new ClaimRejected(2, RejectReason.RATE_LIMITED, 0),
        element.expectMessageClass(ClaimRejected.class));
    range.expectNoMessage(Duration.ofMillis(50));
  }

  /** The element may claim again so much later. */
  private static ClaimRates claimedFor(Duration ahead) {
    ClaimRates rates = new ClaimRates(1);
    rates.of(FE1).isExceeded(System.nanoTime() + ahead.toNanos());
    return rates;
  }

  @Test
  void anElementThatFloodsAndDoesNotReadLosesItsSession() {
    ActorRef<SessionCommand> session = opened(1 << 10);
    for (int id = 1; id <= 1000; id++) {
      session.tell(new Session.Received(List.of(claim(id))));
    }
    registry.expectMessageClass(Sessions.SessionEnded.class);
  }

  @Test
  void rangesHearOnceThatAnElementIsCongestedAndThatItIsNoMore() {
    ActorRef<SessionCommand> session = opened(1 << 30);
    RangeId id = RangeId.parse("10.10.0.0/20");
    ByteString heartbeat = ByteString.fromArray(WireCodec.encodeFrame(new Heartbeat(1)));
    session.tell(new SessionCommand.FeedFrames(id, range.getRef(), heartbeat, List.of()));
    congested.set(true);
    session.tell(new SessionCommand.FeedFrames(id, range.getRef(), heartbeat, List.of()));
    session.tell(new SessionCommand.FeedFrames(id, range.getRef(), heartbeat, List.of()));
    assertEquals(FE1, range.expectMessageClass(RangeCommand.FeCongested.class).fe());
    congested.set(false);
    session.tell(Session.Drained.INSTANCE);
    assertEquals(FE1, range.expectMessageClass(RangeCommand.FeDrained.class).fe());
    session.tell(new SessionCommand.FeedFrames(id, range.getRef(), heartbeat, List.of()));
    range.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void answersThatComeWithChangesGoBeforeThem() {
    ActorRef<SessionCommand> session = opened(1 << 20);
    say(session, claim(1));
    range.expectMessageClass(RegisterBinding.class);
    RangeId id = RangeId.parse("10.10.0.0/20");
    ByteString heartbeat = ByteString.fromArray(WireCodec.encodeFrame(new Heartbeat(1)));
    ClaimAccepted accepted = new ClaimAccepted(1, new Binding(VM, FE1, MAC, 1));
    session.tell(new SessionCommand.FeedFrames(id, range.getRef(), heartbeat, List.of(accepted)));
    assertEquals(accepted, element.expectMessageClass(ClaimAccepted.class));
    element.expectMessageClass(Heartbeat.class);
    for (int next = 2; next < 2 + CLAIMS_MAX; next++) {
      // The answered one takes no room any more.
      say(session, claim(next));
      assertEquals(next, range.expectMessageClass(RegisterBinding.class).claim().claimId());
    }
  }

  @Test
  void whatLeavesWithAFlushThatIsDueNeedsNoOther() {
    ActorRef<SessionCommand> session = opened(1 << 20);
    flushes.receiveMessage();
    flushDue.set(true);
    int before = writes.get();
    say(session, new Heartbeat(7));
    flushes.awaitAssert(
        () -> {
          assertEquals(before + 1, writes.get());
          return writes;
        });
    flushes.expectNoMessage(Duration.ofMillis(50));
    flushDue.set(false);
    say(session, new Heartbeat(8));
    assertEquals(2, flushes.receiveMessage());
  }

  @Test
  void whoInstallsIsSentMoreAtATime() {
    assertEquals(5, catchUpsUntilTwoAreInstalled(false));
  }

  @Test
  void aChangeThatIsSentKeepsShortWhatIsInFrontOfTheNext() {
    assertEquals(4, catchUpsUntilTwoAreInstalled(true));
  }

  /** Six ranges are due; between the two that are installed another range may change. */
  private int catchUpsUntilTwoAreInstalled(boolean changes) {
    TestProbe<RangeCommand> owner = KIT.createTestProbe();
    ActorRef<SessionCommand> session = opened(1 << 30);
    ByteString heartbeat = ByteString.fromArray(WireCodec.encodeFrame(new Heartbeat(1)));
    for (int i = 0; i < 6; i++) {
      session.tell(new SessionCommand.CatchUpDue(at(i).range(), owner.getRef(), 4_096, false));
    }
    for (int i = 0; i < 2; i++) {
      session.tell(new SessionCommand.CatchUpFrames(at(i), owner.getRef(), heartbeat));
      say(session, new Applied(List.of(at(i))));
      if (changes) {
        session.tell(
            new SessionCommand.FeedFrames(at(9).range(), owner.getRef(), heartbeat, List.of()));
      }
    }
    // Answered by its owner after everything above: all that became due then is known.
    session.tell(
        new SessionCommand.FeedFrames(at(9).range(), owner.getRef(), heartbeat, List.of()));
    say(session, new ResyncRequested(at(9).range()));
    int catchUps = 0;
    RangeCommand heard = owner.receiveMessage();
    while (!(heard instanceof RangeCommand.FeLost)) {
      catchUps += heard instanceof RangeCommand.FeCatchesUp ? 1 : 0;
      heard = owner.receiveMessage();
    }
    return catchUps;
  }

  @Test
  void anElementThatAsksForEverythingAgainAndAgainIsHeardOnceASecond() {
    ActorRef<SessionCommand> session = opened(1 << 30);
    ByteString heartbeat = ByteString.fromArray(WireCodec.encodeFrame(new Heartbeat(1)));
    session.tell(
        new SessionCommand.FeedFrames(at(1).range(), range.getRef(), heartbeat, List.of()));
    for (int i = 0; i < 100; i++) {
      say(session, new ResyncRequested(at(1).range()));
    }
    say(session, new Applied(List.of(at(1))));
    range.expectMessageClass(RangeCommand.FeLost.class);
    List<Installed> heard = range.expectMessageClass(RangeCommand.FesApplied.class).reports();
    assertEquals(1, heard.size());
    assertEquals(new Installed(FE1, session, at(1), heard.get(0).saidNanos()), heard.get(0));
    long agoNanos = System.nanoTime() - heard.get(0).saidNanos();
    assertTrue(agoNanos >= 0 && agoNanos < 60_000_000_000L, agoNanos + " ns ago");
    element.expectMessageClass(Heartbeat.class);
    // The last one is kept until its time has come.
    range.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          say(session, new Heartbeat(2));
          return range.expectMessageClass(RangeCommand.FeLost.class, Duration.ofMillis(50));
        });
  }

  @Test
  void migrationsAreAskedForAndToldOf() {
    ActorRef<SessionCommand> session = opened(1 << 30);
    MigrationCommand command =
        new MigrationCommand(
            new Migration(
                new OperationId("p1-1"), IpAddress.parse("10.10.0.1"), FE1, new FeId("fe2")),
            MigrationPhase.MOVE,
            "there");
    session.tell(new SessionCommand.MigrationAsked(command));
    assertEquals(command, element.expectMessageClass(MigrationCommand.class));
    MigrationReport report =
        new MigrationReport(
            new OperationId("p1-1"), MigrationPhase.MOVE, MigrationState.DONE, 0, 0, "");
    say(session, report);
    relocation.expectMessage(new RelocationCommand.MigrationReported(FE1, report));
  }

  @Test
  void whatIsSaidAtATimeLeavesTogether() {
    ActorRef<SessionCommand> session = opened(1 << 30);
    flushes.receiveMessage();
    session.tell(
        new Session.Received(List.of(new Heartbeat(1), new Heartbeat(2), new Heartbeat(3))));
    assertEquals(3, flushes.receiveMessage());
  }

  @Test
  void aReportIsAcknowledgedWhenTheCollectorHasCountedIt() {
    ActorRef<SessionCommand> session = opened(1 << 20);
    TrafficReport report = new TrafficReport(7, 3, 1, true, 1_000, List.of());
    say(session, report);
    TrafficCommand.Reported reported = traffic.expectMessageClass(TrafficCommand.Reported.class);
    assertEquals(new TrafficCommand.Reported(FE1, report, session), reported);
    element.expectNoMessage(Duration.ofMillis(50));
    reported.replyTo().tell(new SessionCommand.TrafficCounted(7, 3, 1));
    assertEquals(
        new TrafficAcknowledged(7, 3, 1), element.expectMessageClass(TrafficAcknowledged.class));
  }

  @Test
  void whatAHypervisorSaysIsHandedOn() {
    VmReport report =
        new VmReport(30_000, List.of(new VmUse(IpAddress.parse("10.10.1.11"), 512, 0)));
    say(opened(1 << 20), report);
    assertEquals(
        new TrafficCommand.VmsReported(FE1, report),
        traffic.expectMessageClass(TrafficCommand.VmsReported.class));
  }

  private ActorRef<SessionCommand> connected(long backlogLimitBytes) {
    Southbound southbound =
        new Southbound(
            new ControllerId("c1"),
            new ControllerSettings.Southbound(
                new ControllerSettings.Endpoint("127.0.0.1", 1),
                "127.0.0.1",
                silenceLimit,
                backlogLimitBytes,
                CLAIMS_MAX),
            claimRates,
            new RangeMap(List.of(new RangeMap.MobilePrefix(IpPrefix.parse("10.10.0.0/16"), 20))),
            Map.of(FE1, new FeEndpoint(FE1, new SiteId("s1"), IpAddress.parse("172.16.1.1"))),
            List::of,
            AppliedReports.start(KIT.system()),
            (owned, command) -> range.getRef().tell(command),
            traffic.getRef(),
            relocation.getRef(),
            registry.getRef());
    return KIT.spawn(Session.create(southbound, new PlayedConnection(backlogLimitBytes)));
  }

  private ActorRef<SessionCommand> opened(long backlogLimitBytes) {
    ActorRef<SessionCommand> session = connected(backlogLimitBytes);
    say(session, new Hello(FE1, "test", List.of()));
    element.expectMessageClass(Welcome.class);
    registry.expectMessageClass(Sessions.SessionOpened.class);
    return session;
  }

  /** An element that hears everything; nothing is ever taken off its backlog. */
  private final class PlayedConnection implements Connection {
    private final long backlogLimitBytes;
    private final AtomicLong backlogBytes = new AtomicLong();
    private final List<ByteString> written = new ArrayList<>();

    PlayedConnection(long backlogLimitBytes) {
      this.backlogLimitBytes = backlogLimitBytes;
    }

    @Override
    public PeerName peer() {
      return new PeerName.ForwardingElement(FE1);
    }

    @Override
    public String remote() {
      return "test";
    }

    @Override
    public void listen(ActorRef<SessionCommand> session) {}

    @Override
    public void taken() {}

    @Override
    public boolean write(ByteString frames) {
      written.add(frames);
      writes.incrementAndGet();
      return backlogBytes.getAndAdd(frames.size()) <= backlogLimitBytes;
    }

    @Override
    public void flush() {
      flushes.getRef().tell(written.size());
      written.forEach(frames -> element.getRef().tell(decoded(frames)));
      written.clear();
    }

    @Override
    public boolean isFlushDue() {
      return flushDue.get();
    }

    @Override
    public boolean isCongested() {
      return congested.get();
    }

    @Override
    public void close() {}
  }

  private void say(ActorRef<SessionCommand> session, SouthboundMessage message) {
    session.tell(new Session.Received(List.of(message)));
  }

  private static SouthboundMessage decoded(ByteString frame) {
    byte[] bytes = frame.toArray();
    try {
      return WireCodec.decodeBody(
          bytes, WireCodec.LENGTH_BYTES, bytes.length - WireCodec.LENGTH_BYTES);
    } catch (MalformedFrameException e) {
      throw new AssertionError(e);
    }
  }

  private static RangePosition at(int number) {
    RangeId id = RangeId.parse("10.10." + 16 * number + ".0/20");
    return new RangePosition(id, 1, 1, ChainHash.GENESIS);
  }

  private static Claim claim(long id) {
    return new Claim(id, VM, MAC, 0, Evidence.GRATUITOUS_ARP);
  }
}
