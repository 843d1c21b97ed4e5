package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import io.sterna.controller.owner.RecentDeltas.Extent;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.wire.WireCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a range's deltas, beside a list of all that were added. */
class RecentDeltasTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final int LIMIT_BYTES = 500;
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");

  private final RecentDeltas recent = new RecentDeltas(LIMIT_BYTES);
  private final List<Added> added = new ArrayList<>();
  private long revision;

  private record Added(RangePosition from, ByteString frame, List<Binding> changes) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theLastAreKeptWithinTheLimitAndAreWhatWasAdded(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      add(random.nextInt(12));
      assertKept("delta " + i);
    }
    assertTrue(recent.arrayBytes() < 3 * LIMIT_BYTES, recent.arrayBytes() + " bytes");
  }

  @Test
  void theLastOneIsKeptHoweverLarge() {
    add(3);
    add(250);
    assertTrue(added.get(1).frame().size() > LIMIT_BYTES);
    assertKept("one that is too large");
    assertEquals(added.get(1).frame(), recent.all());

    add(2);
    assertKept("after it");
    assertEquals(added.get(2).frame(), recent.all());
  }

  @Test
  void anotherHistoryOfTheSameRevisionIsNotContinued() {
    add(1);
    RangePosition other = new RangePosition(RANGE, 1, 0, hash(9));
    assertEquals(Optional.empty(), recent.extentSince(other));
    assertEquals(Optional.empty(), recent.since(other));
  }

  @Test
  void nothingIsLeftWhenItIsCleared() {
    add(5);
    add(5);
    recent.clear();
    assertEquals(ByteString.emptyByteString(), recent.all());
    assertEquals(Optional.empty(), recent.extentSince(added.get(0).from()));
    added.clear();
    add(4);
    assertKept("after a new start");
  }

  private void add(int count) {
    RangePosition from = at(revision);
    List<Binding> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Some addresses change again and again.
      IpAddress address = IpAddress.parse("10.10.1." + (revision * 7 + i) % 250);
      changes.add(new Binding(address, new FeId("fe" + revision % 3), MAC, revision + i + 1));
    }
    revision += Math.max(1, count);
    RangePosition to = at(revision);
    Delta delta = new Delta(from.revision(), from.hash(), to, changes);
    ByteString frame = ByteString.fromArray(WireCodec.encodeFrame(delta));
    recent.add(from, frame, count);
    added.add(new Added(from, frame, changes));
  }

  private void assertKept(String when) {
    List<Added> kept = kept();
    ByteString all = ByteString.emptyByteString();
    for (Added each : kept) {
      all = all.concat(each.frame());
    }
    assertEquals(all, recent.all(), when);
    for (int i = 0; i < kept.size(); i++) {
      assertSince(kept.subList(i, kept.size()), when);
    }
    if (kept.size() < added.size()) {
      RangePosition dropped = added.get(added.size() - kept.size() - 1).from();
      assertEquals(Optional.empty(), recent.extentSince(dropped), when);
    }
  }

  private void assertSince(List<Added> since, String when) {
    RangePosition from = since.get(0).from();
    int bytes = since.stream().mapToInt(each -> each.frame().size()).sum();
    int changes = since.stream().mapToInt(each -> each.changes().size()).sum();
    assertEquals(
        Optional.of(new Extent(since.size(), bytes, changes)), recent.extentSince(from), when);
    Map<IpAddress, Binding> latest = new LinkedHashMap<>();
    since.forEach(each -> each.changes().forEach(change -> latest.put(change.address(), change)));
    assertEquals(
        Optional.of(new Missed(from, List.copyOf(latest.values()))), recent.since(from), when);
  }

  /** As many of the last as fit, and the last. */
  private List<Added> kept() {
    int first = added.size();
    int bytes = 0;
    while (first > 0) {
      bytes += added.get(first - 1).frame().size();
      if (bytes > LIMIT_BYTES && first < added.size()) {
        break;
      }
      first--;
    }
    return added.subList(first, added.size());
  }

  private static RangePosition at(long revision) {
    return new RangePosition(RANGE, 1, revision, hash(revision));
  }

  private static ChainHash hash(long revision) {
    byte[] bytes = new byte[ChainHash.BYTES];
    bytes[0] = (byte) revision;
    return ChainHash.ofBytes(bytes);
  }
}
