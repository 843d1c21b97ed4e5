package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.RangeCommand.FeProgress;
import io.sterna.controller.owner.RangeCommand.Installed;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.range.Decision;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.southbound.SessionCommand.FeedFrames;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final IpAddress VM = IpAddress.parse("10.10.0.1");
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");
  private static final long RECENT_LIMIT_BYTES = 1 << 17;
  private static final long EPOCH = 2;
  private static final long MS = 1_000_000;

  private final TestProbe<RangeCommand> owner = KIT.createTestProbe();
  private final TestProbe<SessionCommand> first = KIT.createTestProbe();
  private final TestProbe<SessionCommand> second = KIT.createTestProbe();
  private final Feed feed = new Feed(RANGE, owner.getRef(), () -> 1, RECENT_LIMIT_BYTES);
  private final ClaimAnswers answers = new ClaimAnswers();
  private long revision = 4;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void twoFollow() {
    feed.startAt(at(1, revision), at(EPOCH, revision));
    feed.attach(FE1, first.getRef(), Optional.empty(), 0);
    feed.attach(FE2, second.getRef(), Optional.empty(), 0);
  }

  @Test
  void anElementThatSaysItIsAheadKeepsNobodyFromConverging() {
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH, Long.MAX_VALUE), 0));
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH + 1, revision), 0));
    commit();
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH, revision + 1), MS));
    feed.applied(new Installed(FE2, second.getRef(), at(EPOCH, revision), MS));
    assertEquals(0, feed.convergence().changes());
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH, revision), 2 * MS));
    assertEquals(1, feed.convergence().changes());
    assertEquals(0, feed.convergence().givenUp());
  }

  @Test
  void whatAnElementSaidOfAnEarlierEpochTakesNothingBack() {
    commit();
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH, revision), MS));
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH - 1, revision), MS));
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH, revision - 1), MS));
    feed.applied(new Installed(FE2, second.getRef(), at(EPOCH - 1, revision), MS));
    assertEquals(0, feed.convergence().changes(), "of an earlier epoch it may be another row");
    assertEquals(
        List.of(new FeProgress(FE1, EPOCH, revision), new FeProgress(FE2, EPOCH - 1, revision)),
        feed.progress());
  }

  @Test
  void whatAnElementSaidInAnEarlierSessionDoesNotCount() {
    TestProbe<SessionCommand> newer = KIT.createTestProbe();
    feed.attach(FE1, newer.getRef(), Optional.empty(), 0);
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH, revision), MS));
    feed.applied(new Installed(FE2, second.getRef(), at(EPOCH, revision), MS));
    assertEquals(
        List.of(new FeProgress(FE1, 0, 0), new FeProgress(FE2, EPOCH, revision)), feed.progress());
  }

  @Test
  void howeverLittleIsKeptAnElementHearsOfTheEpoch() {
    Feed forgetful = new Feed(RANGE, owner.getRef(), () -> 1, 1);
    forgetful.startAt(at(1, revision), at(EPOCH, revision));
    TestProbe<SessionCommand> session = KIT.createTestProbe();
    forgetful.attach(FE1, session.getRef(), Optional.empty(), 0);
    List<SouthboundMessage> fed =
        FollowingElement.messages(session.expectMessageClass(FeedFrames.class).frames());
    assertEquals(1, fed.size());
    assertEquals(at(EPOCH, revision), ((Delta) fed.get(0)).position());
  }

  @Test
  void rowsThatNobodyReportedWhenTheOwnerStartsOverAreGivenUp() {
    commit();
    feed.applied(new Installed(FE1, first.getRef(), at(EPOCH, revision), MS));
    feed.startAt(at(EPOCH, revision), at(EPOCH + 1, revision));
    assertEquals(1, feed.convergence().givenUp());
    assertEquals(0, feed.convergence().changes());
  }

  @Test
  void whoFollowsIsAnsweredWithTheChangeAndWhoDoesNotByItself() {
    TestProbe<SessionCommand> elsewhere = KIT.createTestProbe();
    feed.congested(FE2, second.getRef());
    first.receiveMessage();
    second.receiveMessage();
    List<TestProbe<SessionCommand>> claimants = List.of(first, second, elsewhere);
    for (int i = 0; i < claimants.size(); i++) {
      refuse(i, claimants.get(i));
    }
    commit();
    FeedFrames fed = first.expectMessageClass(FeedFrames.class);
    assertEquals(List.of(new ClaimRejected(0, RejectReason.STALE, 1)), fed.answers());
    assertEquals(1, FollowingElement.messages(fed.frames()).size());
    for (int i = 1; i < claimants.size(); i++) {
      assertEquals(
          List.of(new ClaimRejected(i, RejectReason.STALE, 1)),
          claimants.get(i).expectMessageClass(ClaimsAnswered.class).answers());
    }
    commit();
    assertEquals(List.of(), first.expectMessageClass(FeedFrames.class).answers());
    second.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void whereNothingChangedAnswersGoByThemselves() {
    first.receiveMessage();
    refuse(7, first);
    feed.publish(
        new Committed(
            List.of(),
            List.of(),
            at(EPOCH, revision),
            at(EPOCH, revision),
            List.of(),
            Set.of(),
            RangeCounts.NOTHING),
        answers,
        0);
    assertEquals(
        List.of(new ClaimRejected(7, RejectReason.STALE, 1)),
        first.expectMessageClass(ClaimsAnswered.class).answers());
    first.expectNoMessage(Duration.ofMillis(50));
  }

  private void refuse(long claimId, TestProbe<SessionCommand> claimant) {
    answers.add(
        new RegisterBinding(
            FE1, new Claim(claimId, VM, MAC, 0, Evidence.GRATUITOUS_ARP), claimant.getRef()),
        new Decision.Rejected(RejectReason.STALE, 1));
  }

  private void commit() {
    RangePosition from = at(EPOCH, revision++);
    RangePosition to = at(EPOCH, revision);
    Binding bound = new Binding(VM, FE1, MAC, revision);
    feed.publish(
        new Committed(
            List.of(), List.of(), from, to, List.of(bound), Set.of(), RangeCounts.NOTHING),
        answers,
        0);
  }

  private static RangePosition at(long epoch, long revision) {
    return new RangePosition(RANGE, epoch, revision, ChainHash.GENESIS);
  }
}
