package io.sterna.agent.announcement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncementParserTest {
  private static final MacAddress VM = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress OTHER = MacAddress.parse("02:00:00:00:00:0b");
  private static final IpAddress VM4 = IpAddress.parse("10.10.1.11");
  private static final IpAddress OTHER4 = IpAddress.parse("10.10.1.12");
  private static final IpAddress VM6 = IpAddress.parse("fd0a:10::b");
  private static final IpAddress OTHER6 = IpAddress.parse("fd0a:10::c");

  private static final int CHECKSUM = 56;
  private static final int FLAGS = 58;
  private static final int TARGET = 62;

  private static @Nullable Announcement parse(byte[] frame) {
    return AnnouncementParser.parse(frame, frame.length);
  }

  private static Announcement vm(IpAddress address, Evidence evidence) {
    return new Announcement.OfAddress(address, VM, evidence);
  }

  /** What Linux sent on a veth with arp_notify = 1, padded to Ethernet's minimum. */
  @Test
  void readsPaddedGratuitousArp() {
    byte[] frame =
        hex(
            "ffffffffffff 02000000000a 0806 0001 0800 06 04 0001"
                + "02000000000a 0a0a010b 000000000000 0a0a010b"
                + "000000000000000000000000000000000000");
    assertEquals(60, frame.length);
    assertEquals(vm(VM4, Evidence.GRATUITOUS_ARP), parse(frame));
  }

  /** What QEMU sends for a migrated guest, also to the broadcast address. */
  @Test
  void readsRarp() {
    byte[] frame =
        hex(
            "ffffffffffff 02000000000a 8035 0001 0800 06 04 0003"
                + "02000000000a 00000000 02000000000a 00000000");
    assertEquals(new Announcement.OfMac(VM, Evidence.RARP), parse(frame));
  }

  @Test
  void readsEveryBuiltFrame() {
    assertEquals(vm(VM4, Evidence.GRATUITOUS_ARP), parse(ArpFrames.gratuitousRequest(VM, VM4)));
    assertEquals(vm(VM4, Evidence.GRATUITOUS_ARP), parse(ArpFrames.gratuitousReply(VM, VM4)));
    assertEquals(vm(VM4, Evidence.ARP_REQUEST), parse(ArpFrames.broadcastRequest(VM, VM4, OTHER4)));
    assertEquals(
        vm(VM4, Evidence.ARP_REQUEST), parse(ArpFrames.unicastRequest(VM, VM4, OTHER, OTHER4)));
    assertEquals(vm(VM4, Evidence.ARP_REPLY), parse(ArpFrames.reply(VM, VM4, OTHER, OTHER4)));
    assertEquals(new Announcement.OfMac(VM, Evidence.RARP), parse(ArpFrames.reverseRequest(VM)));
    assertEquals(
        vm(VM6, Evidence.UNSOLICITED_NA), parse(NdFrames.unsolicitedAdvertisement(VM, VM6, VM6)));
    assertEquals(vm(VM6, Evidence.PROBE_ANSWERED), parse(answer()));
    assertEquals(vm(VM6, Evidence.DAD_NS), parse(NdFrames.duplicateAddressDetection(VM, VM6)));
  }

  private static byte[] answer() {
    return NdFrames.advertisement(VM, VM6, new Solicitation(OTHER6, OTHER, VM6));
  }

  /** As Linux answers a unicast solicitation: neither override nor the option. */
  @Test
  void readsAnswersWithoutOption() {
    byte[] frame = Arrays.copyOf(answer(), 78);
    frame[FLAGS] = 0x40;
    frame[19] = 24;
    assertEquals(vm(VM6, Evidence.PROBE_ANSWERED), parse(withChecksum(frame)));
  }

  @Test
  void ignoresArpProbes() {
    assertNull(parse(ArpFrames.broadcastRequest(VM, IpAddress.ofV4(0), VM4)));
  }

  @Test
  void ignoresOrdinarySolicitations() {
    assertNull(parse(NdFrames.multicastSolicitation(VM, VM6, OTHER6)));
    assertNull(parse(NdFrames.unicastSolicitation(VM, VM6, OTHER, OTHER6)));
  }

  @Test
  void ignoresUnsolicitedAdvertisementsWithoutOverride() {
    byte[] frame = NdFrames.unsolicitedAdvertisement(VM, VM6, VM6);
    frame[FLAGS] = 0;
    assertNull(parse(withChecksum(frame)));
  }

  @Test
  void ignoresSolicitedAdvertisementsToAGroup() {
    byte[] frame = NdFrames.unsolicitedAdvertisement(VM, VM6, VM6);
    frame[FLAGS] = 0x60;
    assertNull(parse(withChecksum(frame)));
  }

  @Test
  void ignoresWhoeverSpeaksForAnotherCard() {
    for (byte[] frame :
        new byte[][] {
          ArpFrames.gratuitousRequest(VM, VM4),
          ArpFrames.reverseRequest(VM),
          NdFrames.unsolicitedAdvertisement(VM, VM6, VM6),
          answer()
        }) {
      assertNotNull(parse(frame));
      frame[11]++; // the last byte of the Ethernet source
      assertNull(parse(frame), () -> HexFormat.of().formatHex(frame));
    }
  }

  @Test
  void ignoresRarpForAnotherCard() {
    byte[] frame = ArpFrames.reverseRequest(VM);
    frame[37]++; // the last byte of the target card
    assertNull(parse(frame));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"})
  void ignoresCardsThatNoVmHas(String card) {
    MacAddress mac = MacAddress.parse(card);
    assertNull(parse(ArpFrames.gratuitousRequest(mac, VM4)));
    assertNull(parse(ArpFrames.reverseRequest(mac)));
    assertNull(parse(NdFrames.unsolicitedAdvertisement(mac, VM6, VM6)));
    assertNull(parse(NdFrames.duplicateAddressDetection(mac, VM6)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "127.0.0.1",
        "169.254.1.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255"
      })
  void ignoresIpv4AddressesThatNoVmHas(String address) {
    assertNull(parse(ArpFrames.gratuitousRequest(VM, IpAddress.parse(address))));
    assertNull(parse(ArpFrames.broadcastRequest(VM, IpAddress.parse(address), OTHER4)));
    assertNull(parse(ArpFrames.reply(VM, IpAddress.parse(address), OTHER, OTHER4)));
  }

  @ParameterizedTest
  @CsvSource({"128.0.0.1", "126.255.255.255", "169.253.0.1", "169.255.0.1", "223.255.255.255"})
  void readsTheIpv4AddressesNextToThem(String address) {
    IpAddress parsed = IpAddress.parse(address);
    assertEquals(
        vm(parsed, Evidence.GRATUITOUS_ARP), parse(ArpFrames.gratuitousRequest(VM, parsed)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::", "::1", "::10.10.1.11", "fe80::1", "febf::1", "ff02::1", "ff0e::1"})
  void ignoresIpv6AddressesThatNoVmHas(String address) {
    IpAddress target = IpAddress.parse(address);
    assertNull(parse(NdFrames.unsolicitedAdvertisement(VM, VM6, target)));
    assertNull(parse(NdFrames.duplicateAddressDetection(VM, target)));
  }

  /** It would be taken for the IPv4 address, which only ARP may announce. */
  @Test
  void ignoresIpv4MappedTargets() {
    byte[] frame = NdFrames.unsolicitedAdvertisement(VM, VM6, VM6);
    byte[] mapped = hex("00000000000000000000ffff0a0a010b");
    System.arraycopy(mapped, 0, frame, TARGET, 16);
    assertNull(parse(withChecksum(frame)));
  }

  @ParameterizedTest
  @CsvSource({
    "12, 81", // EtherType of a VLAN tag
    "14, 50", // IP version
    "20, 3b", // next header
    "21, fe", // hop limit
    "54, 87", // type
    "55, 01", // code
    "79, 00", // option length
    "79, 02", // option beyond the end
    "22, ff", // source is a group
    "19, 1f", // payload ends within the option
    "19, 17", // payload shorter than the message
    "19, 21" // payload longer than the frame
  })
  void ignoresMalformedAdvertisements(int offset, String hexByte) {
    byte[] frame = NdFrames.unsolicitedAdvertisement(VM, VM6, VM6);
    frame[offset] = (byte) Integer.parseInt(hexByte, 16);
    assertNull(parse(offset == 19 ? frame : withChecksum(frame)));
  }

  @Test
  void ignoresWrongChecksums() {
    byte[] frame = NdFrames.unsolicitedAdvertisement(VM, VM6, VM6);
    frame[CHECKSUM] ^= 1;
    assertNull(parse(frame));
  }

  @ParameterizedTest
  @CsvSource({
    "14, 01", "15, 06", "16, 86", "18, 08", "19, 10", "21, 00", "21, 03", "21, 08", "20, 01"
  })
  void ignoresMalformedArp(int offset, String hexByte) {
    byte[] frame = ArpFrames.gratuitousRequest(VM, VM4);
    frame[offset] = (byte) Integer.parseInt(hexByte, 16);
    assertNull(parse(frame));
  }

  @Test
  void ignoresDuplicateAddressDetectionThatIsNone() {
    byte[] toAHost = NdFrames.duplicateAddressDetection(VM, VM6);
    System.arraycopy(VM6.toBytes(), 0, toAHost, 38, 16);
    assertNull(parse(withChecksum(toAHost)));

    byte[] withCard = NdFrames.multicastSolicitation(VM, VM6, VM6);
    Arrays.fill(withCard, 22, 38, (byte) 0);
    assertNull(parse(withChecksum(withCard)));
  }

  @Test
  void ignoresTaggedFrames() {
    byte[] frame = ArpFrames.gratuitousRequest(VM, VM4);
    byte[] tagged =
        ByteBuffer.allocate(46).put(frame, 0, 12).putInt(0x8100_0007).put(frame, 12, 30).array();
    assertNull(parse(tagged));
  }

  @Test
  void ignoresEveryTruncation() {
    for (byte[] frame :
        new byte[][] {
          ArpFrames.gratuitousRequest(VM, VM4),
          ArpFrames.reverseRequest(VM),
          NdFrames.unsolicitedAdvertisement(VM, VM6, VM6),
          NdFrames.duplicateAddressDetection(VM, VM6)
        }) {
      for (int length = 0; length < frame.length; length++) {
        assertNull(AnnouncementParser.parse(frame, length));
        assertNull(parse(Arrays.copyOf(frame, length)));
      }
      assertNotNull(AnnouncementParser.parse(Arrays.copyOf(frame, 2048), frame.length));
    }
  }

  private static byte[] withChecksum(byte[] frame) {
    int payloadBytes = frame.length - 54;
    frame[CHECKSUM] = 0;
    frame[CHECKSUM + 1] = 0;
    int checksum = Icmpv6Checksum.of(frame, payloadBytes);
    frame[CHECKSUM] = (byte) (checksum >>> 8);
    frame[CHECKSUM + 1] = (byte) checksum;
    return frame;
  }

  private static byte[] hex(String spaced) {
    return HexFormat.of().parseHex(spaced.replace(" ", ""));
  }
}
