package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.sterna.agent.AgentSettings;
import io.sterna.agent.claim.SilenceWatch;
import io.sterna.agent.forwarding.InMemoryForwardingTable;
import io.sterna.agent.install.RouteWriter;
import io.sterna.agent.link.FeedReceiver.Overdue;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.Welcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a range is asked for again; patience is 2 s by default. */
class FeedReceiverTest {
  private static final FeId HERE = new FeId("fe1");
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final SessionId ASKED = new SessionId(1);
  private static final SessionId OTHER = new SessionId(2);
  private static final long MS = 1_000_000;
  private static final Binding BINDING =
      new Binding(IpAddress.parse("10.10.1.11"), HERE, MacAddress.parse("02:00:00:00:00:0b"), 1);

  private final DesiredTable table = new DesiredTable(HERE);
  private final AgentSettings settings =
      AgentSettings.from(
          ConfigFactory.parseString(
              """
              sterna.fe {
                id = fe1
                controllers = ["127.0.0.1:4780"]
                tls { certificate = fe1.pem, key = fe1.key, authority = ca.pem }
              }
              """),
          Path.of("/"));
  private final RouteWriter writer =
      RouteWriter.start(
          new InMemoryForwardingTable(), new Deaf(), settings.routes(), System::nanoTime);
  private final FeedReceiver feeds =
      new FeedReceiver(
          settings.link(),
          table,
          new SilenceWatch(settings.silence(), table, () -> 1),
          writer,
          new AppliedReports());

  @BeforeEach
  void missAChange() {
    feeds.onWelcome(new Welcome(new ControllerId("c1"), List.of(), List.of(), List.of(RANGE)));
    assertTrue(feeds.onDelta(ASKED, delta(1, 7, 8), 0));
  }

  @AfterEach
  void stopWriting() {
    writer.close();
  }

  @Test
  void whatIsNotAnsweredIsAskedForOnceInEachPatience() {
    assertEquals(List.of(), feeds.overdue(1_999 * MS));
    assertEquals(List.of(new Overdue(ASKED, RANGE)), feeds.overdue(2_000 * MS));
    assertEquals(List.of(), feeds.overdue(2_001 * MS));
    assertFalse(feeds.onDelta(ASKED, delta(1, 8, 9), 2_002 * MS), "asked for a moment ago");
    assertEquals(List.of(new Overdue(ASKED, RANGE)), feeds.overdue(4_000 * MS));
  }

  @Test
  void anAnswerEndsTheAsking() {
    feeds.onSnapshot(ASKED, new Snapshot(at(1, 8), 0, true, List.of(BINDING)), MS);
    assertEquals(List.of(), feeds.overdue(10_000 * MS));
  }

  @Test
  void anAnswerThatArrivesInPartsIsAwaitedFromItsLatestPart() {
    feeds.onSnapshot(ASKED, new Snapshot(at(1, 8), 0, false, List.of(BINDING)), 1_500 * MS);
    assertEquals(List.of(), feeds.overdue(3_499 * MS));
    assertEquals(List.of(new Overdue(ASKED, RANGE)), feeds.overdue(3_500 * MS));
    feeds.onSnapshot(OTHER, new Snapshot(at(1, 8), 0, false, List.of(BINDING)), 5_000 * MS);
    assertEquals(List.of(new Overdue(ASKED, RANGE)), feeds.overdue(5_500 * MS));
  }

  @Test
  void whoIsGoneIsNotAsked() {
    feeds.onSessionEnded(ASKED);
    assertEquals(List.of(), feeds.overdue(10_000 * MS));
  }

  private static Delta delta(long epoch, long from, long to) {
    return new Delta(from, ChainHash.GENESIS, at(epoch, to), List.of(BINDING));
  }

  private static RangePosition at(long epoch, long revision) {
    return new RangePosition(RANGE, epoch, revision, ChainHash.GENESIS);
  }

  private static final class Deaf implements RouteWriter.Listener {
    @Override
    public void died() {}

    @Override
    public void installed(List<RangePosition> positions) {}

    @Override
    public void movedAway(IpAddress address) {}
  }
}
