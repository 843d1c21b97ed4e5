package io.sterna.agent.table;

import static io.sterna.agent.table.DesiredTablePropertyTest.endpoints;
import static io.sterna.agent.table.DesiredTablePropertyTest.underlay;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.table.Heard.Ignored.Reason;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DesiredTableTest {
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final RangeId OTHER = RangeId.parse("10.10.16.0/20");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0b");
  private static final SessionId SESSION = new SessionId(1);

  private final DesiredTable table = new DesiredTable(FE1);

  @Test
  void isInSyncAfterHearingOfEveryRange() {
    assertFalse(table.inSync());
    table.welcome(List.of(RANGE, OTHER), endpoints(List.of(FE1, FE2)));
    table.hear(SESSION, empty(RANGE, 1));
    assertFalse(table.inSync());
    table.hear(SESSION, empty(OTHER, 4));
    assertTrue(table.inSync());
    assertEquals(2, table.positions().size());
  }

  @Test
  void anEmptyClusterIsInSyncOnceItSaidSo() {
    table.welcome(List.of(), List.of());
    assertTrue(table.inSync());
  }

  @Test
  void keepsABindingWhoseElementIsUnknownUntilItIsNamed() {
    table.welcome(List.of(RANGE), endpoints(List.of(FE1)));
    Heard heard = table.hear(SESSION, delta(1, 0, 1, binding(FE2, 1)));
    assertEquals(List.of(), assertInstanceOf(Heard.Applied.class, heard).changes());
    assertEquals(Set.of(VM), table.unroutable());
    assertTrue(table.isRemote(VM));

    List<RouteChange> changes = table.welcome(List.of(RANGE), endpoints(List.of(FE1, FE2)));
    assertEquals(List.of(put(new NextHop.Tunnel(underlay(FE2)))), changes);
    assertEquals(Set.of(), table.unroutable());
    assertEquals(List.of(), table.welcome(List.of(RANGE), endpoints(List.of(FE1, FE2))));
  }

  @Test
  void aDifferentHistoryAtTheSameRevisionAsksForAllOfIt() {
    table.welcome(List.of(RANGE), endpoints(List.of(FE1, FE2)));
    table.hear(SESSION, delta(1, 0, 1, binding(FE2, 1)));
    Delta other =
        new Delta(1, hash(77), new RangePosition(RANGE, 1, 2, hash(2)), List.of(binding(FE1, 2)));
    assertInstanceOf(Heard.ResyncNeeded.class, table.hear(SESSION, other));
    assertEquals(Optional.of(binding(FE2, 1)), table.binding(VM));
  }

  @Test
  void aVersionThatGoesBackAsksForAllOfIt() {
    table.welcome(List.of(RANGE), endpoints(List.of(FE1, FE2)));
    table.hear(SESSION, delta(1, 0, 1, binding(FE2, 5)));
    Heard heard = table.hear(SESSION, delta(1, 1, 2, binding(FE1, 5)));
    assertInstanceOf(Heard.ResyncNeeded.class, heard);
    assertFalse(table.isLocal(VM));
  }

  @Test
  void saysWhyItIgnores() {
    assertReason(Reason.UNKNOWN_RANGE, delta(1, 0, 1, binding(FE2, 1)));
    table.welcome(List.of(RANGE), endpoints(List.of(FE1, FE2)));
    Delta first = delta(2, 0, 1, binding(FE2, 1));
    table.hear(SESSION, first);
    assertReason(Reason.DUPLICATE, first);
    assertReason(Reason.LOWER_EPOCH, delta(1, 1, 9, binding(FE1, 2)));
    assertReason(Reason.OLDER_REVISION, empty(RANGE, 2));
    Binding outside = new Binding(IpAddress.parse("10.11.0.1"), FE2, MAC, 1);
    assertReason(Reason.OUTSIDE_RANGE, delta(2, 1, 2, outside));
    assertEquals(1, table.position(RANGE).revision());
  }

  @Test
  void aDeltaBetweenThePartsOfASnapshotVoidsIt() {
    table.welcome(List.of(RANGE), endpoints(List.of(FE1, FE2)));
    RangePosition position = new RangePosition(RANGE, 1, 9, hash(9));
    assertInstanceOf(
        Heard.Incomplete.class,
        table.hear(SESSION, new Snapshot(position, 0, false, List.of(binding(FE2, 1)))));
    table.hear(SESSION, empty(RANGE, 1));
    assertInstanceOf(
        Heard.ResyncNeeded.class, table.hear(SESSION, new Snapshot(position, 1, true, List.of())));
    assertEquals(0, table.size());
  }

  @Test
  void partsOfTwoSessionsAreNotMixed() {
    table.welcome(List.of(RANGE), endpoints(List.of(FE1, FE2)));
    RangePosition position = new RangePosition(RANGE, 1, 9, hash(9));
    table.hear(SESSION, new Snapshot(position, 0, false, List.of(binding(FE2, 1))));
    Heard heard = table.hear(new SessionId(2), new Snapshot(position, 1, true, List.of()));
    assertInstanceOf(Heard.ResyncNeeded.class, heard);
  }

  @Test
  void rangesAreFoundByTheirAddresses() {
    table.welcome(List.of(RANGE, OTHER, RangeId.parse("fd0a::/116")), List.of());
    assertEquals(Optional.of(RANGE), table.rangeOf(IpAddress.parse("10.10.0.0")));
    assertEquals(Optional.of(RANGE), table.rangeOf(IpAddress.parse("10.10.15.255")));
    assertEquals(Optional.of(OTHER), table.rangeOf(IpAddress.parse("10.10.16.0")));
    assertEquals(Optional.empty(), table.rangeOf(IpAddress.parse("10.10.32.0")));
    assertEquals(Optional.empty(), table.rangeOf(IpAddress.parse("10.9.255.255")));
    assertTrue(table.rangeOf(IpAddress.parse("fd0a::fff")).isPresent());
    assertEquals(Optional.empty(), table.rangeOf(IpAddress.parse("fd0a::1:0")));
  }

  private void assertReason(Reason reason, Delta delta) {
    assertEquals(new Heard.Ignored(RANGE, reason), table.hear(SESSION, delta));
  }

  private static Delta delta(long epoch, long from, long to, Binding binding) {
    return new Delta(
        from, hash(from), new RangePosition(RANGE, epoch, to, hash(to)), List.of(binding));
  }

  private static Delta empty(RangeId range, long epoch) {
    return new Delta(0, hash(0), new RangePosition(range, epoch, 0, hash(0)), List.of());
  }

  private static Binding binding(FeId fe, long version) {
    return new Binding(VM, fe, MAC, version);
  }

  private static RouteChange put(NextHop nextHop) {
    return new RouteChange.Put(new Route(VM, nextHop));
  }

  private static ChainHash hash(long revision) {
    byte[] bytes = new byte[ChainHash.BYTES];
    bytes[0] = (byte) revision;
    return ChainHash.ofBytes(bytes);
  }
}
