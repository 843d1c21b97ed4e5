package io.sterna.agent.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.linux.Attributes;
import io.sterna.linux.NetlinkReader;
import io.sterna.linux.NetlinkWriter;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Golden bytes are a little-endian machine's: what Linux 6.18 said, and what iproute2 said to it.
 */
class NetlinkMessageTest {
  private static final HexFormat HEX = HexFormat.of();

  /** A neighbour of a dump: fd0a::11 lladdr 02:aa:00:00:00:11 REACHABLE extern_learn. */
  private static final String NEIGHBOUR =
      "580000001c002200efcb016b0d1500000a000000020000000200100114000100fd0a0000000000000000000000"
          + "0000110a00020002aa0000001100000800040000000000140003001600000016000000160000000100"
          + "0000";

  /** The refusal of {@code ip route add 10.10.1.12 nhid 77}, with the whole request in it. */
  private static final String REFUSAL =
      "6000000002000002eecb016b12150000eaffffff2c00000018000506eecb016b0000000002200000fe03000100"
          + "000000080001000a0a010c08001e004d0000001e0001004e657874686f7020696420646f6573206e6f"
          + "74206578697374000000";

  private final ByteBuffer buffer = ByteBuffer.allocate(4096);
  private final NetlinkWriter writer = new NetlinkWriter(buffer);

  @Test
  void writesNextHopAsIproute2Does() throws IOException {
    TunnelNextHops nextHops = new TunnelNextHops(157, 100);
    int id =
        nextHops.write(writer, IpAddress.parse("172.16.2.1"), new DeviceIndexes(2, 3, 1464, 4));
    assertEquals(TunnelNextHops.FIRST_ID, id);
    assertEquals(
        "5000000068000105"
            + "0100000000000000"
            + "0a009d0000000000"
            + "0800010000005453"
            + "0800050003000000"
            + "0600070002000000"
            + "20000880"
            + "0c0001000000000000000064"
            + "08000200ac100201"
            + "0500040040000000",
        written());
  }

  @Test
  void writesNextHopsOfIpv6EndpointsAndShrinksTheDeviceOnce() throws IOException {
    TunnelNextHops nextHops = new TunnelNextHops(157, 100);
    nextHops.write(writer, IpAddress.parse("fd00::2"), new DeviceIndexes(2, 3, 1464, 4));
    NetlinkReader reader = reader(buffer.array(), writer.length());
    assertTrue(reader.next());
    assertEquals(Rtnetlink.RTM_NEWLINK, reader.type());
    assertEquals(3, reader.u32(4));
    assertEquals(1444, reader.attributes(16).u32(Rtnetlink.IFLA_MTU));
    assertTrue(reader.next());
    Attributes nextHop = reader.attributes(8);
    assertEquals(Rtnetlink.LWTUNNEL_ENCAP_IP6, nextHop.u16(Rtnetlink.NHA_ENCAP_TYPE));
    assertEquals(
        IpAddress.parse("fd00::2"),
        nextHop.nested(Rtnetlink.NHA_ENCAP).address(Rtnetlink.LWTUNNEL_IP_DST));
    writer.clear();
    nextHops.write(writer, IpAddress.parse("fd00::3"), new DeviceIndexes(2, 3, 1400, 4));
    reader.reset(writer.length());
    assertTrue(reader.next());
    assertEquals(Rtnetlink.RTM_NEWNEXTHOP, reader.type(), "somebody chose 1400");
  }

  @Test
  void writesHostRoutesAndNeighbours() {
    RouteRequests requests = new RouteRequests(writer, 157);
    requests.putVia(IpAddress.parse("10.10.1.11"), 0x53540001);
    assertEquals(
        "3c000000180001050100000000000000"
            + "02200000009d000100000000"
            + "080001000a0a010b"
            + "08000600543d0000"
            + "08000f00fe000000"
            + "08001e0001005453",
        written());
    writer.clear();
    requests.putNeighbour(
        IpAddress.parse("fd0a::11"), 2, MacAddress.parse("02:aa:00:00:00:11"), true);
    assertEquals(
        "3c0000001c0001050200000000000000"
            + "0a0000000200000002001000"
            + "14000100fd0a0000000000000000000000000011"
            + "0a00020002aa000000110000",
        written());
  }

  @Test
  void readsANeighbourOfTheKernel() {
    NetlinkReader reader = reader(NEIGHBOUR);
    assertTrue(reader.next());
    assertEquals(Rtnetlink.RTM_NEWNEIGH, reader.type());
    assertEquals(Rtnetlink.NUD_REACHABLE, reader.u16(8));
    assertEquals(Rtnetlink.NTF_EXT_LEARNED, reader.u8(10));
    Attributes attributes = reader.attributes(Rtnetlink.NEIGHBOUR_HEADER_BYTES);
    assertEquals(IpAddress.parse("fd0a::11"), attributes.address(Rtnetlink.NDA_DST));
    assertEquals(MacAddress.parse("02:aa:00:00:00:11"), attributes.mac(Rtnetlink.NDA_LLADDR));
    assertNull(attributes.address(Rtnetlink.NDA_LLADDR), "six bytes are no address");
    assertFalse(attributes.has(Rtnetlink.NDA_MASTER));
    assertFalse(reader.next());
  }

  @Test
  void readsTheKernelsWordsOfARefusal() {
    NetlinkReader reader = reader(REFUSAL);
    assertTrue(reader.next());
    assertEquals(22, reader.errno());
    assertEquals("Nexthop id does not exist", reader.errorText());
  }

  @Test
  void whatAWriterWritesAReaderReads() {
    writer.begin(Rtnetlink.RTM_GETLINK, 0);
    writer.u32(1).attribute(3, "br0").attribute(4, "abcd");
    int nested = writer.beginNested(5);
    writer.attributeU16(1, 4790).attributeBigU64(2, 100).attributeU8(3, 64);
    writer.endNested(nested);
    writer.end();
    writer.begin(Rtnetlink.RTM_GETROUTE, 0);
    writer.end();
    NetlinkReader reader = reader(buffer.array(), writer.length());
    assertTrue(reader.next());
    Attributes attributes = reader.attributes(4);
    assertEquals("br0", attributes.text(3));
    assertEquals("abcd", attributes.text(4));
    assertEquals(4790, attributes.nested(5).u16(1));
    assertEquals(100, attributes.nested(5).bigU64(2));
    assertEquals(64, attributes.nested(5).u8(3));
    assertEquals(0, attributes.nested(6).u8(3));
    assertTrue(reader.next());
    assertEquals(2, reader.sequence());
    assertFalse(reader.next());
  }

  @Test
  void damagedMessagesEndTheWalkAndReadNothingBeyond() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = HEX.parseHex(round % 2 == 0 ? NEIGHBOUR : REFUSAL);
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      NetlinkReader reader = reader(bytes, random.nextInt(bytes.length + 1));
      while (reader.next()) {
        String unused = reader.errorText();
        Attributes attributes = reader.attributes(Rtnetlink.NEIGHBOUR_HEADER_BYTES);
        for (int type = 0; type < 16; type++) {
          attributes.nested(type).text(1);
          attributes.mac(type);
          attributes.address(type);
        }
      }
    }
  }

  private String written() {
    byte[] bytes = new byte[writer.length()];
    buffer.get(0, bytes);
    return HEX.formatHex(bytes);
  }

  private static NetlinkReader reader(String hex) {
    byte[] bytes = HEX.parseHex(hex);
    return reader(bytes, bytes.length);
  }

  private static NetlinkReader reader(byte[] bytes, int length) {
    NetlinkReader reader = new NetlinkReader(ByteBuffer.wrap(bytes));
    reader.reset(length);
    return reader;
  }
}
