package io.sterna.monitoring.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.IpAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Messages written by hand from RFC 7011 and the sFlow specification. */
class DecodersTest {
  private static final FlowRecord V4 =
      new FlowRecord(IpAddress.parse("10.10.1.11"), IpAddress.parse("198.51.100.7"), 0x123456, 300);
  private static final FlowRecord V6 =
      new FlowRecord(
          IpAddress.parse("fd0a:10::b"), IpAddress.parse("fd0a:10::c"), 1L << 40, 1L << 33);

  /** Template 256: both IPv4 addresses, an enterprise field, 3 bytes of octets, packets, a text. */
  private static final String TEMPLATE_V4 =
      "0002 0024 0100 0006 0008 0004 000c 0004 8001 0002 00001234 0001 0003 0002 0004 0052 ffff";

  private static final String DATA_V4 =
      "0100 001b 0a0a010b c6336407 9999 123456 0000012c 03 657468 0000";

  /** Template 257: both IPv6 addresses and 8 bytes of each count. */
  private static final String TEMPLATE_V6 =
      "0002 0018 0101 0004 001b 0010 001c 0010 0001 0008 0002 0008";

  private static final String DATA_V6 =
      "0101 0034 fd0a001000000000000000000000000b fd0a001000000000000000000000000c"
          + "0000010000000000 0000000200000000";

  /** An options template and a record of it: about the exporter, not about flows. */
  private static final String OPTIONS = "0003 000e 0102 0001 0001 0029 0004 0102 0008 00000007";

  @Test
  void readsIpfixOfBothFamilies() throws Exception {
    IpfixDecoder decoder = new IpfixDecoder();
    assertEquals(new Exported(List.of(V4), 0, 0), decoder.decode(ipfix(7, TEMPLATE_V4 + DATA_V4)));
    assertEquals(
        new Exported(List.of(V6, V4), 0, 0),
        decoder.decode(ipfix(8, TEMPLATE_V6 + DATA_V6 + DATA_V4)));
    assertEquals(new Exported(List.of(V4), 5, 0), decoder.decode(ipfix(15, DATA_V4)), "5 lost");
    assertEquals(new Exported(List.of(V4), 0, 0), decoder.decode(ipfix(0, DATA_V4)), "restarted");
  }

  @Test
  void recordsWithoutTemplateOrPairAreUnusable() throws Exception {
    IpfixDecoder decoder = new IpfixDecoder();
    assertEquals(new Exported(List.of(), 0, 1), decoder.decode(ipfix(0, DATA_V4)));
    // Template 258: octets only.
    String octets = "0002 000c 0102 0001 0001 0004 0102 0008 00000007";
    assertEquals(new Exported(List.of(), 0, 1), decoder.decode(ipfix(0, octets)));
    decoder.decode(ipfix(1, TEMPLATE_V4));
    decoder.decode(ipfix(1, "0002 0008 0100 0000")); // withdrawn
    assertEquals(new Exported(List.of(), 0, 1), decoder.decode(ipfix(1, DATA_V4)));
  }

  @Test
  void brokenIpfixIsRefused() {
    IpfixDecoder decoder = new IpfixDecoder();
    for (String sets :
        List.of(
            "0002 0003", // shorter than its header
            "0002 0020 0100", // longer than the message
            "0002 000c 00ff 0001 0001 0004", // a template's number from 256 on
            "0002 000c 0100 0001 0001 0000", // records of no bytes would never end
            "0002 000c 0100 0009 0001 0004")) { // fields that are not there
      assertThrows(MalformedExportException.class, () -> decoder.decode(ipfix(0, sets)), sets);
    }
    assertThrows(MalformedExportException.class, () -> decoder.decode(bytes("0009 0010")));
  }

  @Test
  void aFieldThatIsLongerThanTheRestIsMalformed() throws Exception {
    IpfixDecoder decoder = new IpfixDecoder();
    decoder.decode(ipfix(0, TEMPLATE_V4));
    String tooLong = DATA_V4.replace(" 03 657468", " 7f 657468");
    assertThrows(MalformedExportException.class, () -> decoder.decode(ipfix(0, tooLong)));
    assertEquals(List.of(V4), decoder.decode(ipfix(0, DATA_V4)).flows(), "the next is read");
  }

  @Test
  void readsSampledPackets() throws Exception {
    SflowDecoder decoder = new SflowDecoder();
    String v4 = "02500000000202500000000108004500012c00000000401100000a0a010bc6336407"; // 300 bytes
    String v6 =
        "0250000000020250000000018100006486dd6000000000641140" // VLAN 100, 100 bytes of payload
            + "fd0a001000000000000000000000000bfd0a001000000000000000000000000c0000";
    Exported exported = decoder.decode(sflow(1, sample(v4, 34), sample(v6, 60)));
    assertEquals(
        List.of(
            new FlowRecord(V4.source(), V4.destination(), 300 * 400, 400),
            new FlowRecord(V6.source(), V6.destination(), 140 * 400, 400)),
        exported.flows());
    String arp = "ffffffffffff0250000000010806" + "00".repeat(28);
    assertEquals(
        new Exported(List.of(), 3, 1), decoder.decode(sflow(5, sample(arp, 42))), "3 lost");
    assertThrows(MalformedExportException.class, () -> decoder.decode(bytes("00000004")));
    assertThrows(MalformedExportException.class, () -> decoder.decode(bytes("0000")));
  }

  @Test
  void sequencesWrap() {
    Sequence sequence = new Sequence();
    assertEquals(0, sequence.next(-2, 1), "the first says nothing");
    assertEquals(0, sequence.next(-1, 1));
    assertEquals(0, sequence.next(0, 1), "over the wrap");
    assertEquals(1, sequence.next(2, 1));
    assertEquals(0, sequence.next(1, 1), "late");
    assertEquals(0, sequence.next(3, 1));
    assertEquals(0, sequence.next(1 << 30, 1), "another exporter");
    assertEquals(0, sequence.next((1 << 30) + 1, 1));
  }

  @Test
  void sequencesMayCountTheMessageItself() {
    Sequence sequence = new Sequence();
    assertEquals(0, sequence.next(9, 9));
    assertEquals(0, sequence.next(30, 21));
    assertEquals(0, sequence.next(31, 1));
    assertEquals(5, sequence.next(37, 2), "four were lost and the message has two: an estimate");
  }

  /** Whatever arrives, it ends as a message or as a reason. */
  @Property(tries = 2000)
  void anyBytesAreReadOrRefused(@ForAll long seed) throws Exception {
    Random chance = new Random(seed);
    IpfixDecoder ipfix = new IpfixDecoder();
    SflowDecoder sflow = new SflowDecoder();
    for (ByteBuffer each :
        List.of(
            ipfix(1, TEMPLATE_V4 + DATA_V4 + TEMPLATE_V6 + DATA_V6 + OPTIONS),
            sflow(1, sample("02".repeat(60), 60), sample("00".repeat(12) + "08004500", 16)))) {
      byte[] bytes = new byte[each.remaining()];
      each.get(0, bytes);
      for (int i = chance.nextInt(8); i > 0; i--) {
        bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt(256);
      }
      ByteBuffer mutated = ByteBuffer.wrap(bytes, 0, 1 + chance.nextInt(bytes.length));
      try {
        Exported exported = each.getShort(0) == 10 ? ipfix.decode(mutated) : sflow.decode(mutated);
        assertTrue(exported.flows().size() <= bytes.length);
      } catch (MalformedExportException refused) {
        assertTrue(refused.getMessage() != null, "seed " + seed);
      }
    }
  }

  private static ByteBuffer ipfix(int sequence, String sets) {
    ByteBuffer body = bytes(sets);
    return ByteBuffer.allocate(16 + body.remaining())
        .putShort((short) 10)
        .putShort((short) (16 + body.remaining()))
        .putInt(0)
        .putInt(sequence)
        .putInt(99)
        .put(body)
        .flip();
  }

  /** A flow sample, 1 in 400, with one raw Ethernet header. */
  private static String sample(String header, int headerBytes) {
    int padded = (headerBytes + 3) & ~3;
    String hex = header + "00".repeat(padded - header.length() / 2);
    int record = 16 + padded;
    return "%08x %08x".formatted(1, 32 + 8 + record)
        + "00000001 00000003 00000190 00000000 00000000 00000001 00000002 00000001"
        + "%08x %08x".formatted(1, record)
        + "00000001 0000013a 00000004 %08x".formatted(headerBytes)
        + hex;
  }

  private static ByteBuffer sflow(int sequence, String... samples) {
    return bytes(
        "00000005 00000001 7f000001 00000000 %08x 00000000 %08x".formatted(sequence, samples.length)
            + String.join("", samples));
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
