package io.sterna.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.SouthboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that are no message end in one named exception, soon, and cost little. */
class MalformedFrameTest {
  private static final String POSITION = "040a0a100014 03 03" + "00".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "00, unknown version 0",
    "02 0f 00, Encountered unregistered class ID: 13",
    "03 0f 00, Encountered unregistered class ID: 13",
    "04 0f 00, unknown version 4",
    "ff 0f 00, unknown version -1",
    "01, truncated at 1 bytes",
    "01 00, not a message",
    "01 01 00 8000, a class name instead of an id",
    "01 02 00, not a message",
    "01 03 81 41, not a message",
    "01 7f 00, Encountered unregistered class ID: 125",
    "01 ffffffff7f 00, Encountered unregistered class ID: -3",
    "01 0f, truncated at 2 bytes",
    "01 0f 00 00, 1 bytes after Heartbeat",
    "01 14 05 0a0a1000 14, no address family has tag 5",
    "01 14 06 00000000000000000000ffff0a0a0a0a 80, 10.10.10.10 is written as IPv6",
    "01 14 04 0a0a1001 14, 10.10.16.1/20 has host bits set; did you mean 10.10.16.0/20?",
    "01 14 04 0a0a1000 21, prefix length 33 is not between 0 and 32",
    "01 14 04 0a0a1000 ff, prefix length 255 is not between 0 and 32",
    "01 13 ffffffff0f, a list of 4294967295 does not fit 0 bytes",
    "01 13 02 00, a list of 2 does not fit 1 bytes",
    "01 12 07 00 00, no reject reason has code 0",
    "01 12 07 01 ffffffffffffffffff, current version -1 is negative",
    "01 10 07 04 00000000 000000000000 00 09, no evidence has code 9",
    "01 11 07 04 00000000 01 61 000000000000 00, version 0 is below 1",
    "01 11 07 04 00000000 00 000000000000 01, 'a name has 1 to 63 bytes, not 0'",
    "01 11 07 04 00000000 40 000000000000 01, 'a name has 1 to 63 bytes, not 64'",
    "01 0e 01 02 6331 00 12ac, a host name has 1 to 253 characters",
    "01 0e 01 02 6331 01 68 0000, port 0 is not between 1 and 65535",
    "01 0e 01 02 6331 01 0a 0001, a text holds a control character",
    "01 0e 01 02 6331 01 ff 0001, a text is not UTF-8",
  })
  void hasAReason(String hex, String reason) {
    assertEquals(reason, reason(hex));
  }

  @Test
  void feedsAreRefusedWithAReason() {
    assertEquals(
        "a delta from revision 4 to 3", reason("0115 04" + "00".repeat(32) + POSITION + "00"));
    assertEquals("a flag is 0 or 1, not 2", reason("0116" + POSITION + "00 02 00"));
    assertEquals(
        "forwarding element number 1 of 0",
        reason("0116" + POSITION + "00 01 01 04 0a0a1001 01 025000410001 01"));
    String list = "0216" + POSITION + "00 01";
    assertEquals(
        "an address that shares bytes with none",
        reason(list + "01 03 01 00 0161 025000410001 01"));
    assertEquals(
        "a MAC that shares 1 bytes", reason(list + "01 94 0a0a1001 00 0161 5000410001 01"));
    String first = list + "02 84 0a0a1001 00 0161 025000410001 01";
    assertEquals("a MAC that shares 7 bytes", reason(first + "73 02 01 02 01"));
    assertEquals("an IPv4 address that shares 4 bytes", reason(first + "54 01 02 01"));
    assertEquals("no address family has tag 5", reason(first + "d5 0a0a1002 01 02 01"));
    assertEquals(
        "10.10.10.10 is written as IPv6",
        reason(first + "d6 00000000000000000000ffff0a0a0a0a 01 02 01"));
    assertEquals(
        "an address that is a step from none",
        reason("0316" + POSITION + "00 01 01 c1 00 0161 025000410001 02"));
    assertEquals(
        "a MAC that is a step from none",
        reason("0316" + POSITION + "00 01 01 a0 04 0a0a1001 00 0161 5000410001 02"));
    String last = "0316" + POSITION + "00 01 02 c0 04 ffffffff 00 0161 025000410001 02";
    assertEquals("an address 3 above 255.255.255.255", reason(last + "e3 01 00"));
    assertEquals("an IPv4 address that shares -1 bytes", reason(last + "14 0000000000 01 00"));
    assertEquals("version 0 is below 1", reason(last + "10 01 01 01"));
    assertEquals("version -9223372036854775808 is below 1", overflow(last));
    assertEquals("part -1 is negative", reason("0116" + POSITION + "ffffffff0f 01 00"));
  }

  /** The highest version there is, and one more. */
  private static String overflow(String list) {
    return reason(list.replace(" 02 c0 ", " 03 c0 ") + "10 01 01 fcffffffffffffffff 10 02 01 02");
  }

  @Test
  void aReasonIsOneShortPrintableLine() {
    // A name of 63 bytes: line breaks, escapes and letters beyond ASCII.
    String name = "0a0d1b7fe9".repeat(12) + "0a0a0a";
    String reason = reason("0111 07 04 00000000 3f" + name + "000000000000 01");
    assertTrue(reason.matches("[ -~]{1,200}"), reason);
  }

  @Property(tries = 2000)
  void randomBytesAreAMessageOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
    decodeOrRefuse(bytes);
  }

  @Property(tries = 2000)
  void randomFieldsAreAMessageOrRefused(
      @ForAll @IntRange(min = 1, max = 3) int version,
      @ForAll @IntRange(min = 12, max = 22) int type,
      @ForAll @Size(max = 200) byte[] fields) {
    byte[] body = new byte[2 + fields.length];
    body[0] = (byte) version;
    body[1] = (byte) type;
    System.arraycopy(fields, 0, body, 2, fields.length);
    decodeOrRefuse(body);
  }

  @Property(tries = 2000)
  void damagedMessagesAreAMessageOrRefused(@ForAll("damaged") byte[] bytes) {
    decodeOrRefuse(bytes);
  }

  @Property(tries = 1000)
  void whatIsAcceptedCanBeSentOn(@ForAll("damaged") byte[] bytes) throws Exception {
    SouthboundMessage message;
    try {
      message = WireCodec.decodeBody(bytes);
    } catch (MalformedFrameException refused) {
      return;
    }
    byte[] frame = WireCodec.encodeFrame(message);
    assertEquals(message, WireCodec.decodeBody(Arrays.copyOfRange(frame, 4, frame.length)));
  }

  @Provide
  Arbitrary<byte[]> damaged() {
    Arbitrary<byte[]> sent =
        ArbitraryMessages.any()
            .map(message -> WireCodec.encodeFrame(message))
            .map(frame -> Arrays.copyOfRange(frame, 4, frame.length));
    List<byte[]> before = new ArrayList<>(GoldenFile.read("golden-v1.txt").values());
    before.addAll(GoldenFile.read("golden-v2.txt").values());
    Arbitrary<byte[]> old = Arbitraries.of(before);
    return Arbitraries.frequencyOf(Tuple.of(3, sent), Tuple.of(1, old))
        .flatMap(
            body -> {
              return Arbitraries.integers()
                  .between(0, 8 * body.length - 1)
                  .list()
                  .ofMinSize(1)
                  .ofMaxSize(3)
                  .map(bits -> flip(body, bits));
            });
  }

  private static byte[] flip(byte[] body, List<Integer> bits) {
    byte[] damaged = body.clone();
    bits.forEach(bit -> damaged[bit / 8] ^= (byte) (1 << (bit % 8)));
    return damaged;
  }

  private static void decodeOrRefuse(byte[] bytes) {
    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          try {
            WireCodec.decodeBody(bytes);
          } catch (MalformedFrameException e) {
            String reason = String.valueOf(e.getMessage());
            assertTrue(reason.matches("[ -~]{1,200}"), reason);
          }
        });
  }

  private static String reason(String hex) {
    return String.valueOf(refuse(hex).getMessage());
  }

  private static MalformedFrameException refuse(String hex) {
    byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
    return assertThrows(MalformedFrameException.class, () -> WireCodec.decodeBody(body));
  }
}
