package io.sterna.agent.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Row by row the state table of DESIGN.md. */
class ClaimsTest {
  private static final FeId HERE = new FeId("fe1");
  private static final FeId AWAY = new FeId("fe2");
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress SECOND = IpAddress.parse("10.10.1.12");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0b");
  private static final MacAddress OTHER_MAC = MacAddress.parse("02:00:00:00:00:0c");
  private static final MacAddress GATEWAY_MAC = MacAddress.parse("02:00:5e:00:00:01");
  private static final IpAddress GATEWAY = IpAddress.parse("10.10.0.1");
  private static final SessionId SESSION = new SessionId(1);
  private static final long MS = 1_000_000;

  private final DesiredTable table = new DesiredTable(HERE);
  private final Claims claims =
      new Claims(
          new ClaimSettings(
              GATEWAY_MAC,
              Set.of(GATEWAY),
              3,
              Duration.ofSeconds(1),
              Duration.ofMillis(500),
              Duration.ofMillis(250),
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofMillis(50),
              Duration.ofSeconds(2),
              Duration.ofSeconds(30)),
          table);
  private long revision;

  @BeforeEach
  void nameTheRange() {
    table.welcome(List.of(RANGE), List.of());
  }

  @Test
  void anAnnouncementIsClaimedWithTheVersionHeld() {
    assertEquals(List.of(send(1, VM, 0, Evidence.DAD_NS)), announce(Evidence.DAD_NS, 0));
    bind(SECOND, AWAY, OTHER_MAC, 7);
    assertEquals(
        List.of(send(2, SECOND, 7, Evidence.ARP_REQUEST)),
        claims.announced(of(SECOND, MAC, Evidence.ARP_REQUEST), 0));
  }

  @Test
  void whatIsNoMovableVmIsNotClaimed() {
    MacAddress group = MacAddress.parse("01:00:5e:00:00:01");
    assertEquals(List.of(), claims.announced(of(VM, group, Evidence.ARP_REPLY), 0));
    assertEquals(List.of(), claims.announced(of(VM, new MacAddress(0), Evidence.ARP_REPLY), 0));
    assertEquals(List.of(), claims.announced(of(VM, GATEWAY_MAC, Evidence.ARP_REPLY), 0));
    assertEquals(List.of(), claims.announced(of(GATEWAY, MAC, Evidence.ARP_REPLY), 0));
    IpAddress immobile = IpAddress.parse("192.0.2.1");
    assertEquals(List.of(), claims.announced(of(immobile, MAC, Evidence.ARP_REPLY), 0));
  }

  @Test
  void whatIsBoundHereIsNotClaimedUnlessItsMacChanged() {
    bind(VM, HERE, MAC, 3);
    assertEquals(List.of(), announce(Evidence.GRATUITOUS_ARP, 0));
    Claim claim = sent(claims.announced(of(VM, OTHER_MAC, Evidence.GRATUITOUS_ARP), 0));
    assertEquals(3, claim.seenVersion());
  }

  @Test
  void rarpClaimsEveryAddressOfItsMacThatIsNotHere() {
    bind(VM, AWAY, MAC, 4);
    bind(SECOND, HERE, MAC, 2);
    List<ClaimAction> actions = claims.announced(new Announcement.OfMac(MAC, Evidence.RARP), 0);
    assertEquals(List.of(send(1, VM, 4, Evidence.RARP)), actions);
    assertEquals(List.of(), claims.announced(new Announcement.OfMac(OTHER_MAC, Evidence.RARP), 0));
  }

  @Test
  void oneClaimAnAddressIsUnderWay() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    assertEquals(List.of(), announce(Evidence.GRATUITOUS_ARP, MS));
    Claim other = sent(claims.announced(of(VM, OTHER_MAC, Evidence.GRATUITOUS_ARP), 2 * MS));
    assertEquals(OTHER_MAC, other.mac());
    assertEquals(List.of(), reject(1, RejectReason.STALE, 9, 3 * MS), "overtaken");
    assertEquals(1, claims.pendingCount());
  }

  @Test
  void anAcceptedClaimSilencesItsVmUntilTheDeltaComes() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.accepted(new ClaimAccepted(1, new Binding(VM, HERE, MAC, 1)), 0);
    assertEquals(List.of(), announce(Evidence.GRATUITOUS_ARP, MS));
    bind(VM, HERE, MAC, 1);
    assertEquals(List.of(), claims.tick(2 * MS));
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void anAcceptedClaimThatIsOvertakenOrForgottenIsWithdrawn() {
    List<ClaimAction> withdrawn = List.of(new ClaimAction.Withdraw(VM));
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.accepted(new ClaimAccepted(1, new Binding(VM, HERE, MAC, 1)), 0);
    bind(VM, AWAY, MAC, 2);
    assertEquals(withdrawn, claims.tick(MS));
    announce(Evidence.GRATUITOUS_ARP, 2 * MS);
    claims.accepted(new ClaimAccepted(2, new Binding(VM, HERE, MAC, 3)), 2 * MS);
    assertEquals(withdrawn, claims.tick(29_000 * MS));
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void anAcceptedClaimThatWasOvertakenIsOver() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.accepted(new ClaimAccepted(1, new Binding(VM, HERE, MAC, 1)), 0);
    bind(VM, AWAY, MAC, 2);
    assertEquals(
        List.of(send(2, VM, 2, Evidence.GRATUITOUS_ARP)), announce(Evidence.GRATUITOUS_ARP, MS));
  }

  @Test
  void anAcceptedClaimWhoseDeltaNeverComesIsForgotten() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.accepted(new ClaimAccepted(1, new Binding(VM, HERE, MAC, 1)), 0);
    claims.tick(5_000 * MS);
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void aStaleClaimAsksTheVmAndIsMadeAgainOnItsAnswerOnly() {
    announce(Evidence.RARP, 0);
    assertEquals(List.of(new ClaimAction.Probe(VM, MAC)), reject(1, RejectReason.STALE, 5, 0));
    assertEquals(List.of(), announce(Evidence.GRATUITOUS_ARP, MS));
    assertEquals(List.of(new ClaimAction.Probe(VM, MAC)), claims.tick(250 * MS));
    assertEquals(
        List.of(send(2, VM, 5, Evidence.PROBE_ANSWERED)), announce(Evidence.ARP_REPLY, 251 * MS));
  }

  @Test
  void anAnswerClaimsOnTheNewestVersionKnown() {
    announce(Evidence.RARP, 0);
    reject(1, RejectReason.STALE, 5, 0);
    bind(VM, AWAY, MAC, 6);
    assertEquals(
        List.of(send(2, VM, 6, Evidence.PROBE_ANSWERED)), announce(Evidence.PROBE_ANSWERED, MS));
  }

  @Test
  void aStaleClaimWhoseVmIsGoneIsGivenUp() {
    announce(Evidence.RARP, 0);
    reject(1, RejectReason.STALE, 5, 0);
    assertInstanceOf(ClaimAction.GiveUp.class, claims.tick(1000 * MS).get(0));
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void anUnavailableRangeIsAskedAgainWithTheVersionOfTheAnnouncement() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    assertEquals(List.of(), reject(1, RejectReason.UNAVAILABLE, 0, 0));
    bind(VM, AWAY, MAC, 8);
    assertEquals(List.of(), claims.tick(49 * MS));
    assertEquals(List.of(send(2, VM, 0, Evidence.GRATUITOUS_ARP)), claims.tick(50 * MS));
    reject(2, RejectReason.UNAVAILABLE, 0, 50 * MS);
    assertEquals(List.of(), claims.tick(149 * MS), "waits twice as long");
    assertEquals(1, claims.tick(150 * MS).size());
  }

  @Test
  void afterItsSessionDiedAClaimIsMadeAgain() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.sent(1, SESSION);
    claims.sessionEnded(new SessionId(2), 0);
    assertEquals(List.of(), claims.tick(50 * MS));
    claims.sessionEnded(SESSION, 50 * MS);
    assertEquals(List.of(send(2, VM, 0, Evidence.GRATUITOUS_ARP)), claims.tick(100 * MS));
    claims.unsent(2, 100 * MS);
    assertEquals(1, claims.tick(200 * MS).size());
  }

  @Test
  void aClaimThatIsNotAnsweredIsMadeAgain() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    assertEquals(List.of(), claims.tick(1000 * MS));
    assertEquals(1, claims.tick(1050 * MS).size());
    assertEquals(
        List.of(send(2, VM, 0, Evidence.PROBE_ANSWERED)), announce(Evidence.ARP_REPLY, 1051 * MS));
  }

  @Test
  void aClaimThatWaitedForLongIsMadeAgainOnlyIfItsVmAnswers() {
    bind(VM, AWAY, MAC, 3);
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.unsent(1, 500 * MS);
    bind(VM, AWAY, MAC, 4);
    assertEquals(List.of(new ClaimAction.Probe(VM, MAC)), claims.tick(550 * MS));
    assertEquals(List.of(new ClaimAction.Probe(VM, MAC)), claims.tick(800 * MS));
    assertEquals(
        List.of(send(2, VM, 4, Evidence.PROBE_ANSWERED)), announce(Evidence.ARP_REPLY, 801 * MS));
  }

  @Test
  void aClaimThatWaitedForNotSoLongIsMadeAgainAsItIs() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.unsent(1, 450 * MS);
    assertEquals(List.of(send(2, VM, 0, Evidence.GRATUITOUS_ARP)), claims.tick(500 * MS));
  }

  @Test
  void aVmThatLeftWhileItsClaimWaitedIsNotClaimed() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.unsent(1, 500 * MS);
    claims.tick(550 * MS);
    ClaimAction end = claims.tick(1_550 * MS).get(0);
    assertEquals(
        "its announcement is too old, and the VM does not answer here",
        assertInstanceOf(ClaimAction.GiveUp.class, end).reason());
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void aVmThatIsAskedBecauseItsClaimWaitedMayAnnounceItselfInstead() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    claims.unsent(1, 500 * MS);
    claims.tick(550 * MS);
    bind(VM, AWAY, MAC, 8);
    assertEquals(
        List.of(send(2, VM, 8, Evidence.ARP_REQUEST)), announce(Evidence.ARP_REQUEST, 551 * MS));
  }

  @Test
  void aStaleClaimThatWaitedForLongNeedsAnAnswer() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    reject(1, RejectReason.STALE, 5, 0);
    announce(Evidence.ARP_REPLY, MS);
    claims.unsent(2, MS);
    announce(Evidence.GRATUITOUS_ARP, 10 * MS);
    assertEquals(List.of(new ClaimAction.Probe(VM, MAC)), claims.tick(600 * MS));
    assertEquals(List.of(), announce(Evidence.GRATUITOUS_ARP, 601 * MS));
    assertEquals(
        List.of(send(3, VM, 5, Evidence.PROBE_ANSWERED)), announce(Evidence.ARP_REPLY, 602 * MS));
  }

  @Test
  void anOldAnnouncementIsNotClaimedForEver() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    reject(1, RejectReason.UNAVAILABLE, 0, 0);
    assertInstanceOf(ClaimAction.GiveUp.class, claims.tick(30_001 * MS).get(0));
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void aFreshAnnouncementRenewsAClaimThatWaits() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    reject(1, RejectReason.UNAVAILABLE, 0, 0);
    bind(VM, AWAY, MAC, 8);
    assertEquals(List.of(), announce(Evidence.ARP_REQUEST, 10 * MS));
    assertEquals(List.of(send(2, VM, 8, Evidence.ARP_REQUEST)), claims.tick(50 * MS));
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_MOBILE", "UNKNOWN_FE", "FROM_THE_FUTURE"})
  void aFinalRefusalIsFinal(RejectReason reason) {
    announce(Evidence.GRATUITOUS_ARP, 0);
    assertInstanceOf(ClaimAction.GiveUp.class, reject(1, reason, 0, 0).get(0));
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void whatIsBoundHereMeanwhileNeedsNoClaim() {
    announce(Evidence.GRATUITOUS_ARP, 0);
    reject(1, RejectReason.UNAVAILABLE, 0, 0);
    bind(VM, HERE, MAC, 1);
    assertEquals(List.of(), claims.tick(50 * MS));
    assertEquals(0, claims.pendingCount());
  }

  @Test
  void claimsAreBounded() {
    for (int i = 0; i < 10; i++) {
      IpAddress address = new IpAddress(VM.high(), VM.low() + i);
      claims.announced(of(address, MAC, Evidence.GRATUITOUS_ARP), 0);
    }
    assertEquals(3, claims.pendingCount());
    assertEquals(7, claims.droppedCount());
  }

  private List<ClaimAction> announce(Evidence evidence, long nowNanos) {
    return claims.announced(of(VM, MAC, evidence), nowNanos);
  }

  private List<ClaimAction> reject(long id, RejectReason reason, long version, long nowNanos) {
    return claims.rejected(new ClaimRejected(id, reason, version), nowNanos);
  }

  private void bind(IpAddress address, FeId fe, MacAddress mac, long version) {
    RangePosition next = new RangePosition(RANGE, 1, revision + 1, ChainHash.GENESIS);
    Binding binding = new Binding(address, fe, mac, version);
    table.hear(SESSION, new Delta(revision, ChainHash.GENESIS, next, List.of(binding)));
    revision++;
  }

  private static Announcement of(IpAddress address, MacAddress mac, Evidence evidence) {
    return new Announcement.OfAddress(address, mac, evidence);
  }

  private static ClaimAction send(long id, IpAddress address, long version, Evidence evidence) {
    return new ClaimAction.Send(new Claim(id, address, MAC, version, evidence));
  }

  private static Claim sent(List<ClaimAction> actions) {
    assertEquals(1, actions.size());
    return assertInstanceOf(ClaimAction.Send.class, actions.get(0)).claim();
  }
}
