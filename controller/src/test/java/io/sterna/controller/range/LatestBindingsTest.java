package io.sterna.controller.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatestBindingsTest {
  private static final FeId FE = new FeId("fe1");

  @ParameterizedTest
  @ValueSource(strings = {"10.64.0.0", "250.64.0.0", "fd00:5::", "fd00::ffff:ffff:ffff:f000"})
  void isTheLatestOfEachAddressInOrder(String first) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Binding> changes = changes(IpAddress.parse(first), random, 2_000);
    Map<IpAddress, Binding> expected = new TreeMap<>();
    changes.forEach(change -> expected.put(change.address(), change));
    assertEquals(List.copyOf(expected.values()), LatestBindings.of(changes), "seed " + seed);
  }

  @Test
  void nothingIsNothing() {
    assertEquals(List.of(), LatestBindings.of(List.of()));
  }

  @Test
  void aFeedIsAThirdShorter() {
    List<Binding> changes =
        changes(IpAddress.parse("10.64.0.0"), new Random(5), 900).stream()
            .map(change -> new Binding(change.address(), FE, change.mac(), 7))
            .toList();
    List<Binding> once = List.copyOf(LatestBindings.of(changes));
    List<Binding> unsorted = changes.stream().distinct().toList();
    assertEquals(once.size(), unsorted.size());
    assertTrue(frameBytes(once) < 0.67 * frameBytes(unsorted));
  }

  private static int frameBytes(List<Binding> changes) {
    RangePosition at = new RangePosition(RangeId.parse("10.64.0.0/20"), 1, 7, ChainHash.GENESIS);
    return WireCodec.encodeFrame(new Delta(6, ChainHash.GENESIS, at, changes)).length;
  }

  /** Of 4,096 addresses, some of them several times. */
  private static List<Binding> changes(IpAddress first, Random random, int count) {
    List<Binding> changes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      int vm = random.nextInt(1 << 12);
      IpAddress address = new IpAddress(first.high(), first.low() + vm);
      changes.add(new Binding(address, FE, new MacAddress(0x02L << 40 | vm), i));
    }
    return changes;
  }
}
