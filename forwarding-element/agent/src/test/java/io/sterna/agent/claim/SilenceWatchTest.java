package io.sterna.agent.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.Heard;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.Delta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SilenceWatchTest {
  private static final FeId HERE = new FeId("fe1");
  private static final FeId AWAY = new FeId("fe2");
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0b");
  private static final long S = 1_000_000_000;

  private final DesiredTable table = new DesiredTable(HERE);
  private final AtomicLong ids = new AtomicLong();
  private final SilenceWatch watch =
      new SilenceWatch(
          new SilenceSettings(
              Duration.ofSeconds(300),
              Duration.ofSeconds(1),
              3,
              Duration.ofSeconds(60),
              Duration.ofSeconds(1),
              4),
          table,
          ids::incrementAndGet);
  private long revision;
  private long now;

  @BeforeEach
  void nameTheRange() {
    table.welcome(List.of(RANGE), List.of());
  }

  @Test
  void whoIsNotHeardIsAskedSomeTimesAndThenReported() {
    bind(VM, HERE, MAC, 1);
    assertEquals(List.of(), at(300 * S - 1));
    for (int probe = 0; probe < 3; probe++) {
      assertEquals(List.of(new ClaimAction.Probe(VM, MAC)), at((300 + probe) * S));
      assertEquals(List.of(), at((301 + probe) * S - 1));
    }
    assertEquals(List.of(report(1, 1, Evidence.PROBE_UNANSWERED)), at(303 * S));
    assertEquals(1, watch.silentCount());
  }

  @Test
  void aSilentVmIsAskedAndReportedAgainAndAgain() {
    bind(VM, HERE, MAC, 1);
    for (int round = 0; round < 3; round++) {
      List<ClaimAction> actions = during(303 * S + round * 63L * S);
      assertEquals(4, actions.size(), actions::toString);
      assertEquals(report(round + 1, 1, Evidence.PROBE_UNANSWERED), actions.get(3));
    }
  }

  @Test
  void whoAnswersIsNotReported() {
    bind(VM, HERE, MAC, 1);
    assertEquals(1, at(300 * S).size());
    assertEquals(List.of(), heard(Evidence.ARP_REPLY, 300 * S + 1));
    assertEquals(List.of(), during(600 * S));
    assertEquals(1, at(600 * S + 1).size());
  }

  @Test
  void whoSpeaksIsNotAsked() {
    bind(VM, HERE, MAC, 1);
    for (int word = 1; word <= 100; word++) {
      assertEquals(List.of(), heard(Evidence.ARP_REQUEST, word * 299L * S));
      assertEquals(List.of(), during((word + 1) * 299L * S - 1));
    }
  }

  @Test
  void whoIsHeardAgainIsReportedUntilThatIsKnown() {
    silent();
    assertEquals(List.of(report(2, 1, Evidence.ARP_REQUEST)), heard(Evidence.ARP_REQUEST, 304 * S));
    assertEquals(List.of(), heard(Evidence.ARP_REQUEST, 304 * S + 1), "the answer is awaited");
    assertEquals(List.of(report(3, 1, Evidence.ARP_REQUEST)), heard(Evidence.ARP_REQUEST, 305 * S));
    watch.rejected(3);
    assertEquals(
        List.of(report(4, 1, Evidence.GRATUITOUS_ARP)), heard(Evidence.GRATUITOUS_ARP, 305 * S));
    watch.accepted(3);
    assertEquals(1, watch.silentCount(), "an answer to something else");
    watch.accepted(4);
    assertEquals(0, watch.silentCount());
    assertEquals(List.of(), heard(Evidence.ARP_REQUEST, 310 * S));
  }

  @Test
  void aReportOfSilenceThatArrivesLateIsTakenBack() {
    silent();
    heard(Evidence.ARP_REQUEST, 304 * S);
    watch.accepted(2);
    watch.accepted(1);
    assertEquals(List.of(report(3, 1, Evidence.ARP_REQUEST)), heard(Evidence.ARP_REQUEST, 306 * S));
  }

  @Test
  void rarpIsAWordOfEveryAddressOfItsMac() {
    silent();
    List<ClaimAction> actions = watch.heard(new Announcement.OfMac(MAC, Evidence.RARP), 304 * S);
    assertEquals(List.of(report(2, 1, Evidence.RARP)), actions);
  }

  @Test
  void anotherMacSaysNothingAboutTheVm() {
    silent();
    MacAddress other = MacAddress.parse("02:00:00:00:00:0c");
    assertEquals(
        List.of(),
        watch.heard(new Announcement.OfAddress(VM, other, Evidence.ARP_REQUEST), 304 * S));
  }

  @Test
  void whoMovedOrWasReleasedIsWatchedNoLonger() {
    silent();
    bind(VM, AWAY, MAC, 2);
    assertEquals(List.of(), heard(Evidence.ARP_REQUEST, 304 * S));
    assertEquals(List.of(), during(2000 * S));
    now = 2000 * S;
    bind(VM, HERE, MAC, 3);
    table.hear(new SessionId(1), delta(new Binding(VM, HERE, MAC, 3).released()));
    watch.routed(List.of(new RouteChange.Remove(VM)), now);
    assertEquals(List.of(), during(4000 * S));
  }

  @Test
  void whoComesBackBeginsAnew() {
    silent();
    now = 304 * S;
    bind(VM, AWAY, MAC, 2);
    bind(VM, HERE, MAC, 3);
    assertEquals(0, watch.silentCount());
    assertEquals(List.of(), during(604 * S - 1));
    List<ClaimAction> actions = during(608 * S);
    assertEquals(report(2, 3, Evidence.PROBE_UNANSWERED), actions.get(3));
  }

  @Test
  void manyThatAreDueAtOnceAreAskedInTurn() {
    for (int host = 1; host <= 10; host++) {
      bind(IpAddress.parse("10.10.2." + host), HERE, new MacAddress(0x020000000000L + host), 1);
    }
    assertEquals(4, at(300 * S).size());
    assertEquals(4, at(300 * S).size());
    assertEquals(2, at(300 * S).size());
    assertEquals(0, at(300 * S).size());
  }

  private void silent() {
    bind(VM, HERE, MAC, 1);
    assertEquals(4, during(303 * S).size());
    assertEquals(1, watch.silentCount());
  }

  /** All that is done until then. */
  private List<ClaimAction> during(long until) {
    List<ClaimAction> actions = new ArrayList<>();
    for (; now < until; now = Math.min(until, now + S)) {
      actions.addAll(watch.tick(now));
    }
    actions.addAll(watch.tick(until));
    return actions;
  }

  private List<ClaimAction> at(long moment) {
    return watch.tick(moment);
  }

  private List<ClaimAction> heard(Evidence evidence, long moment) {
    return watch.heard(new Announcement.OfAddress(VM, MAC, evidence), moment);
  }

  private static ClaimAction report(long id, long version, Evidence evidence) {
    return new ClaimAction.Report(new Claim(id, VM, MAC, version, evidence));
  }

  private void bind(IpAddress address, FeId fe, MacAddress mac, long version) {
    Heard heard = table.hear(new SessionId(1), delta(new Binding(address, fe, mac, version)));
    assertTrue(heard instanceof Heard.Applied, heard::toString);
    List<RouteChange> changes = ((Heard.Applied) heard).changes();
    // Nobody named the tunnel to the other element: its route is like one that is taken away.
    watch.routed(changes.isEmpty() ? List.of(new RouteChange.Remove(address)) : changes, now);
  }

  private Delta delta(Binding change) {
    long from = revision++;
    return new Delta(
        from,
        ChainHash.GENESIS,
        new RangePosition(RANGE, 1, revision, ChainHash.GENESIS),
        List.of(change));
  }
}
