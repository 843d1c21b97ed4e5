package io.sterna.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
  @Property
  void textIsReadBack(@ForAll("prefixes") IpPrefix prefix) {
    assertEquals(prefix, IpPrefix.parse(prefix.toString()));
    assertEquals(new RangeId(prefix), RangeId.parse(prefix.toString()));
  }

  @Property
  void equalMeansTheSameText(@ForAll("prefixes") IpPrefix one, @ForAll("prefixes") IpPrefix other) {
    IpPrefix longer = new IpPrefix(one.address(), one.address().bitLength());
    for (IpPrefix each : new IpPrefix[] {other, longer, IpPrefix.parse(one.toString())}) {
      boolean same = one.toString().equals(each.toString());
      assertEquals(same, one.equals(each));
      assertEquals(same, new RangeId(one).equals(new RangeId(each)));
      assertTrue(!same || one.hashCode() == each.hashCode());
      assertTrue(!same || new RangeId(one).hashCode() == new RangeId(each).hashCode());
    }
  }

  @Property
  void containsComparesLeadingBits(@ForAll("prefixAndAddress") Tuple2<IpPrefix, IpAddress> pair) {
    IpPrefix prefix = pair.get1();
    IpAddress address = pair.get2();
    boolean expected =
        prefix.address().isV4() == address.isV4()
            && leading(address, prefix.length()).equals(leading(prefix.address(), prefix.length()));
    assertEquals(expected, prefix.contains(address));
    if (prefix.length() <= address.bitLength()) {
      assertEquals(expected, IpPrefix.around(address, prefix.length()).equals(prefix));
    }
  }

  @Property
  void overlappingBlocksHoldOneAnother(
      @ForAll("prefixes") IpPrefix one, @ForAll("prefixAndAddress") Tuple2<IpPrefix, IpAddress> p) {
    for (IpPrefix other : new IpPrefix[] {p.get1(), IpPrefix.around(p.get2(), one.length() % 33)}) {
      boolean overlap = one.contains(other.address()) || other.contains(one.address());
      assertEquals(overlap, one.overlaps(other));
      assertEquals(overlap, other.overlaps(one));
      assertEquals(one.equals(other), one.contains(other) && other.contains(one));
    }
  }

  @Property
  void halvesAreDisjoint(@ForAll("prefixes") IpPrefix prefix) {
    int halvingBit = prefix.address().bitLength() - prefix.length() - 1;
    Assume.that(halvingBit >= 0);
    IpAddress middle = flip(prefix.address(), halvingBit);
    // The upper half of ::fffe:0:0/95 is IPv4's block.
    Assume.that(middle.isV4() == prefix.address().isV4());
    IpPrefix lower = new IpPrefix(prefix.address(), prefix.length() + 1);
    IpPrefix upper = new IpPrefix(middle, prefix.length() + 1);
    assertTrue(prefix.contains(lower) && prefix.contains(upper));
    assertFalse(lower.overlaps(upper));
    assertFalse(lower.contains(prefix));
    assertTrue(lower.compareTo(upper) < 0 && prefix.compareTo(lower) < 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"224.0.0.0/24", "239.1.2.0/24", "169.254.0.0/24", "ff02::/48", "fe80::/48"})
  void isOnEveryLink(String prefix) {
    assertTrue(IpPrefix.parse(prefix).isOnEveryLink());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "169.255.0.0/16", "fd0a:10::/48", "2001:db8::/32"})
  void hasItsPlace(String prefix) {
    assertFalse(IpPrefix.parse(prefix).isOnEveryLink());
  }

  @Test
  void familiesDoNotMix() {
    assertFalse(IpPrefix.parse("::/0").contains(IpAddress.parse("10.0.0.1")));
    assertFalse(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("::1")));
    assertFalse(IpPrefix.parse("::/0").overlaps(IpPrefix.parse("0.0.0.0/0")));
  }

  @Test
  void aLengthMustFitTheFamily() {
    IpAddress v4 = IpAddress.parse("10.0.0.1");
    assertThrows(IllegalArgumentException.class, () -> IpPrefix.around(v4, 40));
    assertThrows(IllegalArgumentException.class, () -> IpPrefix.around(v4, -1));
  }

  @Test
  void saysWhatWasMeant() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse("10.10.16.5/20"));
    assertEquals(
        "10.10.16.5/20 has host bits set; did you mean 10.10.16.0/20?", refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/33",
        "::/129",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/8 ",
        "10.0.0.0/x",
        "::/99999999999",
        "x/8"
      })
  void refusesOtherText(String text) {
    assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text));
  }

  @Provide
  Arbitrary<IpPrefix> prefixes() {
    return ArbitraryValues.prefixes();
  }

  /** Often an address of the block, or one that misses it by a single bit. */
  @Provide
  Arbitrary<Tuple2<IpPrefix, IpAddress>> prefixAndAddress() {
    Arbitrary<Tuple2<IpPrefix, IpAddress>> near =
        ArbitraryValues.addresses()
            .flatMap(
                address ->
                    Arbitraries.integers()
                        .between(0, address.bitLength())
                        .flatMap(
                            length ->
                                Arbitraries.integers()
                                    .between(0, address.isV4() ? 31 : 127)
                                    .map(
                                        bit ->
                                            Tuple.of(
                                                IpPrefix.around(address, length),
                                                flip(address, bit)))));
    Arbitrary<Tuple2<IpPrefix, IpAddress>> any =
        ArbitraryValues.prefixes()
            .flatMap(
                prefix -> ArbitraryValues.addresses().map(address -> Tuple.of(prefix, address)));
    return Arbitraries.oneOf(near, any);
  }

  private static IpAddress flip(IpAddress address, int bit) {
    return bit < 64
        ? new IpAddress(address.high(), address.low() ^ (1L << bit))
        : new IpAddress(address.high() ^ (1L << (bit - 64)), address.low());
  }

  private static BigInteger leading(IpAddress address, int length) {
    return new BigInteger(1, address.toBytes()).shiftRight(address.bitLength() - length);
  }
}
