package io.sterna.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
  private static final RangeId RANGE = RangeId.parse("10.10.16.0/20");

  @Property
  void macTextAndBytesAreReadBack(@ForAll("macs") MacAddress mac) {
    byte[] bytes = new byte[8];
    System.arraycopy(mac.toBytes(), 0, bytes, 1, MacAddress.BYTES);
    assertEquals(mac, MacAddress.ofBytes(bytes, 1));
    assertEquals(mac, MacAddress.parse(mac.toString()));
    assertEquals(mac, MacAddress.parse(mac.toString().toUpperCase(java.util.Locale.ROOT)));
    assertTrue(mac.toString().matches("([0-9a-f]{2}:){5}[0-9a-f]{2}"));
  }

  @Test
  void theFirstBytesLastBitMarksAGroup() {
    assertTrue(MacAddress.parse("ff:ff:ff:ff:ff:ff").isGroup());
    assertTrue(MacAddress.parse("01:00:5e:00:00:01").isGroup());
    assertFalse(MacAddress.parse("02:00:5e:00:00:01").isGroup());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "02:00:5e:00:00",
        "02:00:5e:00:00:01:02",
        "02-00-5e-00-00-01",
        "0200.5e00.0001"
      })
  void refusesOtherMacText(String text) {
    assertThrows(IllegalArgumentException.class, () -> MacAddress.parse(text));
  }

  @Test
  void macsHave48Bits() {
    assertThrows(IllegalArgumentException.class, () -> new MacAddress(1L << 48));
    assertThrows(IllegalArgumentException.class, () -> new MacAddress(-1));
  }

  @Property
  void namesAreLabels(@ForAll("names") String name) {
    assertEquals(name, new FeId(name).toString());
    assertEquals(name, new ControllerId(name).toString());
    assertEquals(name, new SiteId(name).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "a-", "-a", "A", "a.b", "a_b", "a b", "a\n", "é", "٣"})
  void otherNamesAreRefused(String name) {
    List<Function<String, Object>> makers = List.of(FeId::new, ControllerId::new, SiteId::new);
    for (Function<String, Object> make : makers) {
      assertThrows(IllegalArgumentException.class, () -> make.apply(name));
    }
  }

  @Test
  void namesHaveAtMost63Characters() {
    assertEquals(63, new FeId("a".repeat(63)).value().length());
    assertThrows(IllegalArgumentException.class, () -> new FeId("a".repeat(64)));
  }

  @Test
  void codesAreFixed() {
    for (Evidence evidence : Evidence.values()) {
      assertEquals(evidence, Evidence.ofCode(evidence.code()));
    }
    for (RejectReason reason : RejectReason.values()) {
      assertEquals(reason, RejectReason.ofCode(reason.code()));
    }
    assertEquals(4, Evidence.RARP.code());
    assertEquals(7, Evidence.PROBE_ANSWERED.code());
    assertEquals(1, RejectReason.STALE.code());
    assertEquals(5, RejectReason.FROM_THE_FUTURE.code());
    assertEquals(8, Evidence.PROBE_UNANSWERED.code());
    assertEquals(
        List.of(6, 7, 8, 9, 10, 11, 12, 13),
        Stream.of(
                RejectReason.DAMPED,
                RejectReason.UNKNOWN_VM,
                RejectReason.WRONG_MAC,
                RejectReason.FORBIDDEN_SITE,
                RejectReason.SITE_FULL,
                RejectReason.RATE_LIMITED,
                RejectReason.NOT_ATTACHED,
                RejectReason.RANGE_FULL)
            .map(RejectReason::code)
            .toList());
  }

  @Test
  void whatIsReleasedKeepsItsVersionAndHasNoHardwareAddress() {
    Binding bound = new Binding(RANGE.prefix().address(), new FeId("fe1"), new MacAddress(1), 3);
    assertFalse(bound.isReleased());
    assertTrue(bound.released().isReleased());
    assertEquals(4, bound.released().version());
    assertEquals(bound.fe(), bound.released().fe());
  }

  @Test
  void hashesAreCopied() {
    byte[] bytes = new byte[ChainHash.BYTES];
    ChainHash hash = ChainHash.ofBytes(bytes);
    bytes[0] = 1;
    hash.toBytes()[1] = 1;
    assertEquals(ChainHash.GENESIS, hash);
    assertArrayEquals(new byte[ChainHash.BYTES], hash.toBytes());
    assertThrows(IllegalArgumentException.class, () -> ChainHash.ofBytes(new byte[31]));
  }

  @Test
  void countsAreNotNegative() {
    ChainHash hash = ChainHash.GENESIS;
    RangePosition start = RangePosition.unknown(RANGE);
    IpAddress address = RANGE.prefix().address();
    MacAddress mac = new MacAddress(1);
    assertRefused(() -> new RangePosition(RANGE, -1, 0, hash));
    assertRefused(() -> new RangePosition(RANGE, 0, -1, hash));
    assertRefused(() -> new Binding(address, new FeId("fe1"), mac, 0));
    assertRefused(() -> new Claim(1, address, mac, -1, Evidence.RARP));
    assertRefused(() -> new ClaimRejected(1, RejectReason.STALE, -1));
    assertRefused(() -> new Delta(-1, hash, start, List.of()));
    assertRefused(() -> new Delta(1, hash, start, List.of()));
    assertRefused(() -> new Snapshot(start, -1, true, List.of()));
  }

  @Test
  void listsAreCopied() {
    List<RangePosition> positions = new ArrayList<>(List.of(RangePosition.unknown(RANGE)));
    Applied applied = new Applied(positions);
    positions.clear();
    assertEquals(1, applied.positions().size());
  }

  @Provide
  Arbitrary<MacAddress> macs() {
    return ArbitraryValues.macs();
  }

  @Provide
  Arbitrary<String> names() {
    return ArbitraryValues.names();
  }

  private static void assertRefused(org.junit.jupiter.api.function.Executable make) {
    assertThrows(IllegalArgumentException.class, make);
  }

  @Test
  void epochComesBeforeRevision() {
    RangePosition position = new RangePosition(RANGE, 2, 5, ChainHash.GENESIS);
    assertTrue(position.isBefore(new RangePosition(RANGE, 2, 6, ChainHash.GENESIS)));
    assertTrue(position.isBefore(new RangePosition(RANGE, 3, 0, ChainHash.GENESIS)));
    assertFalse(position.isBefore(position));
    assertFalse(position.isBefore(new RangePosition(RANGE, 1, 9, ChainHash.GENESIS)));
  }
}
