package io.sterna.bench.peers.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes as RFC 4271 section 4 has them, and back. */
class BgpMessagesTest {
  private static final String MARKER = "ff".repeat(16);

  private final ByteBuffer out = ByteBuffer.allocate(1 << 16);
  private final BgpParser parser = new BgpParser();
  private final List<String> heard = new ArrayList<>();

  @Test
  void open() throws BgpException {
    BgpMessages.open(out, 65_000, 180, 0x0aff0002);
    assertEquals(
        MARKER
            + "002b01" // length, OPEN
            + "04fde800b40aff0002" // version, AS 65000, hold time, identifier
            + "0e020c" // one optional parameter: capabilities
            + "010400010001" // IPv4 unicast
            + "41040000fde8", // AS 65000 in four octets
        written());
    read();
    assertTrue(parser.opened());
    assertFalse(parser.established());
  }

  @Test
  void keepalive() throws BgpException {
    BgpMessages.keepalive(out);
    assertEquals(MARKER + "001304", written());
    read();
    assertTrue(parser.established());
  }

  @Test
  void update() throws BgpException {
    BgpMessages.update(out, 0x0aff0103, 0x0a400001, 0x0a40ff02);
    assertEquals(
        MARKER
            + "003602" // length, UPDATE
            + "0000" // nothing is withdrawn
            + "0015"
            + "40010100" // ORIGIN: IGP
            + "400200" // AS_PATH: empty
            + "4003040aff0103" // NEXT_HOP
            + "40050400000064" // LOCAL_PREF: 100
            + "200a400001"
            + "200a40ff02",
        written());
    read();
    assertEquals(List.of("a400001 via aff0103 at 7", "a40ff02 via aff0103 at 7"), heard);
  }

  @Test
  void aFullUpdateIsNoLongerThanAMessageMayBe() throws BgpException {
    BgpMessages.update(out, 1, new int[BgpMessages.HOSTS_MAX]);
    assertTrue(out.position() <= BgpMessages.MESSAGE_BYTES_MAX, out::toString);
    assertTrue(out.position() + 5 > BgpMessages.MESSAGE_BYTES_MAX, out::toString);
    read();
    assertEquals(BgpMessages.HOSTS_MAX, heard.size());
    assertThrows(
        IllegalArgumentException.class,
        () -> BgpMessages.update(out, 1, new int[BgpMessages.HOSTS_MAX + 1]));
  }

  @Test
  void aReflectorsUpdateIsRead() throws BgpException {
    // With attributes of RFC 4456, one of them of extended length, a withdrawal and other prefixes.
    hex(
        MARKER
            + "004a02"
            + "0005"
            + "20c0000201"
            + "0024"
            + "4001010050020000" // AS_PATH with a length of two bytes
            + "4003040aff0105"
            + "40050400000064"
            + "8009040aff0002" // ORIGINATOR_ID
            + "800a040aff0001" // CLUSTER_LIST
            + "180a4001" // a /24
            + "200a400003"
            + "00"); // the default route
    read();
    assertEquals(List.of("a400003 via aff0105 at 7"), heard);
    assertEquals(0, out.remaining());
  }

  @Test
  void anEmptyUpdateIsTheEndOfTheTable() throws BgpException {
    hex(MARKER + "00170200000000");
    read();
    assertEquals(List.of(), heard);
  }

  @Test
  void messagesAreReadOnceTheyAreWhole() throws BgpException {
    BgpMessages.update(out, 5, 0x0a400001);
    BgpMessages.update(out, 6, 0x0a400002);
    byte[] all = new byte[out.position()];
    out.get(0, all);
    out.clear();
    for (byte each : all) {
      out.put(each).flip();
      parser.read(out, this::hear, 7);
      out.compact();
    }
    assertEquals(List.of("a400001 via 5 at 7", "a400002 via 6 at 7"), heard);
    assertEquals(0, out.position());
  }

  @Test
  void whatBreaksTheProtocolIsRefused() {
    assertRefused("001503" + "0602", "6/2"); // NOTIFICATION: cease, administrative shutdown
    assertRefused("001204", "18 bytes"); // shorter than a header
    assertRefused("100104", "4097 bytes");
    assertRefused("001309", "type 9");
    assertRefused("001902" + "0000" + "0009" + "4001", "longer than their message");
    assertRefused("001c02" + "0000" + "0000" + "200a400001", "without a next hop");
    assertRefused(
        "002102" + "0000" + "0007" + "40030400000001" + "200a40", "a prefix of 32 bits beyond");
    assertRefused("001502" + "0009", "cut off");
  }

  private void assertRefused(String afterMarker, String reason) {
    hex(MARKER + afterMarker);
    BgpException e = assertThrows(BgpException.class, this::read);
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e::toString);
    out.clear();
  }

  private void hex(String bytes) {
    out.put(HexFormat.of().parseHex(bytes));
  }

  private void read() throws BgpException {
    out.flip();
    parser.read(out, this::hear, 7);
  }

  private void hear(int host, int nextHop, long nanos) {
    heard.add("%x via %x at %d".formatted(host, nextHop, nanos));
  }

  private String written() {
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
