package io.sterna.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.InetAddress;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @Property
  void textAndBytesAreReadBack(@ForAll("addresses") IpAddress address) {
    byte[] bytes = address.toBytes();
    assertEquals(address, IpAddress.parse(address.toString()));
    assertEquals(address, IpAddress.ofBytes(bytes, 0, bytes.length));
    assertEquals(address.bitLength(), 8 * bytes.length);
  }

  @Property
  void agreesWithTheJdk(@ForAll("addresses") IpAddress address) throws Exception {
    InetAddress jdk = InetAddress.getByName(address.toString());
    assertArrayEquals(jdk.getAddress(), address.toBytes());
    assertEquals(jdk, address.toInetAddress());
    assertEquals(address, IpAddress.parse(jdk.getHostAddress()));
  }

  @Property
  void orderIsThatOfTheUnsignedNumbers(
      @ForAll("addresses") IpAddress one, @ForAll("addresses") IpAddress other) {
    int expected = unsigned(one).compareTo(unsigned(other));
    assertEquals(expected, Integer.signum(one.compareTo(other)));
    assertEquals(one.equals(other), one.compareTo(other) == 0);
  }

  @Property
  void textIsCanonical(@ForAll("addresses") IpAddress address) {
    String text = address.toString();
    // RFC 5952 section 4: lower case, no leading zeros, at most one "::", never ":::".
    assertTrue(text.matches("[0-9a-f:.]+"), text);
    assertTrue(address.isV4() || !text.matches("(.*:)?0[0-9a-f].*"), text);
    assertEquals(text.indexOf("::"), text.lastIndexOf("::"));
  }

  // RFC 5952 sections 2 and 4.
  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "2001:DB8::1, 2001:db8::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8::0001:0000, 2001:db8::1:0",
    "::ffff:10.1.2.3, 10.1.2.3",
    "::fffe:a01:203, ::fffe:a01:203",
    "64:ff9b::10.1.2.3, 64:ff9b::a01:203",
    "255.255.255.255, 255.255.255.255",
    "0.0.0.0, 0.0.0.0",
  })
  void isWrittenCanonically(String text, String canonical) {
    assertEquals(canonical, IpAddress.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "1.2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.-4",
        "1.2.3.4\n",
        "1..3.4",
        ".1.2.3.4",
        "::1::",
        ":::",
        "1:2",
        ":",
        ".:1",
        "fe80::1%lo",
        "[::1]",
        "g::",
        "1:2:3:4:5:6:7:8:9",
        "localhost",
        "example.org",
        "10.0.0.1/8",
        "１.2.3.4"
      })
  void refusesOtherText(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
    assertEquals("'" + text + "' is not an IPv4 or IPv6 address", refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 15})
  void refusesOtherLengths(int length) {
    assertThrows(IllegalArgumentException.class, () -> IpAddress.ofBytes(new byte[16], 0, length));
  }

  @Provide
  Arbitrary<IpAddress> addresses() {
    return ArbitraryValues.addresses();
  }

  private static BigInteger unsigned(IpAddress address) {
    return new BigInteger(
        Long.toHexString(address.high()) + String.format("%016x", address.low()), 16);
  }
}
