package io.sterna.agent.announcement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Golden bytes, each read by tcpdump once: right checksums, nothing odd. */
class FramesTest {
  private static final MacAddress GATEWAY = MacAddress.parse("02:00:5e:00:00:01");
  private static final MacAddress VM = MacAddress.parse("02:00:00:00:00:0a");
  private static final IpAddress GATEWAY4 = IpAddress.parse("10.10.0.1");
  private static final IpAddress VM4 = IpAddress.parse("10.10.1.11");
  private static final IpAddress GATEWAY6 = IpAddress.parse("fe80::1");
  private static final IpAddress VM6 = IpAddress.parse("fd0a:10::b");

  private static void assertBytes(String expected, byte[] frame) {
    assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(frame));
  }

  @Test
  void gratuitousArp() {
    assertBytes(
        "ffffffffffff 02005e000001 0806 0001 0800 06 04 0001"
            + "02005e000001 0a0a010b 000000000000 0a0a010b",
        ArpFrames.gratuitousRequest(GATEWAY, VM4));
    assertBytes(
        "ffffffffffff 02005e000001 0806 0001 0800 06 04 0002"
            + "02005e000001 0a0a010b 02005e000001 0a0a010b",
        ArpFrames.gratuitousReply(GATEWAY, VM4));
  }

  @Test
  void arpQuestionsAndAnswer() {
    assertBytes(
        "02000000000a 02005e000001 0806 0001 0800 06 04 0001"
            + "02005e000001 0a0a0001 000000000000 0a0a010b",
        ArpFrames.unicastRequest(GATEWAY, GATEWAY4, VM, VM4));
    assertBytes(
        "ffffffffffff 02005e000001 0806 0001 0800 06 04 0001"
            + "02005e000001 0a0a0001 000000000000 0a0a010b",
        ArpFrames.broadcastRequest(GATEWAY, GATEWAY4, VM4));
    assertBytes(
        "02005e000001 02000000000a 0806 0001 0800 06 04 0002"
            + "02000000000a 0a0a010b 02005e000001 0a0a0001",
        ArpFrames.reply(VM, VM4, GATEWAY, GATEWAY4));
  }

  @Test
  void rarp() {
    assertBytes(
        "ffffffffffff 02000000000a 8035 0001 0800 06 04 0003"
            + "02000000000a 00000000 02000000000a 00000000",
        ArpFrames.reverseRequest(VM));
  }

  @Test
  void unsolicitedAdvertisement() {
    assertBytes(
        "333300000001 02005e000001 86dd 60000000 0020 3a ff"
            + "fe800000000000000000000000000001 ff020000000000000000000000000001"
            + "88 00 faf6 20000000 fd0a001000000000000000000000000b 02 01 02005e000001",
        NdFrames.unsolicitedAdvertisement(GATEWAY, GATEWAY6, VM6));
  }

  @Test
  void answer() {
    assertBytes(
        "02000000000a 02005e000001 86dd 60000000 0020 3a ff"
            + "fe800000000000000000000000000001 fd0a001000000000000000000000000c"
            + "88 00 bcd3 60000000 fd0a001000000000000000000000000b 02 01 02005e000001",
        NdFrames.advertisement(
            GATEWAY, GATEWAY6, new Solicitation(IpAddress.parse("fd0a:10::c"), VM, VM6)));
  }

  @Test
  void solicitations() {
    assertBytes(
        "02000000000a 02005e000001 86dd 60000000 0020 3a ff"
            + "fe800000000000000000000000000001 fd0a001000000000000000000000000b"
            + "87 00 1ed5 00000000 fd0a001000000000000000000000000b 01 01 02005e000001",
        NdFrames.unicastSolicitation(GATEWAY, GATEWAY6, VM, VM6));
    assertBytes(
        "3333ff00000b 02005e000001 86dd 60000000 0020 3a ff"
            + "fe800000000000000000000000000001 ff0200000000000000000001ff00000b"
            + "87 00 1deb 00000000 fd0a001000000000000000000000000b 01 01 02005e000001",
        NdFrames.multicastSolicitation(GATEWAY, GATEWAY6, VM6));
    assertBytes(
        "3333ff00000b 02000000000a 86dd 60000000 0018 3a ff"
            + "00000000000000000000000000000000 ff0200000000000000000001ff00000b"
            + "87 00 7d77 00000000 fd0a001000000000000000000000000b",
        NdFrames.duplicateAddressDetection(VM, VM6));
  }

  @Test
  void solicitationsAreReadBack() {
    Solicitation expected = new Solicitation(GATEWAY6, GATEWAY, VM6);
    byte[] multicast = NdFrames.multicastSolicitation(GATEWAY, GATEWAY6, VM6);
    byte[] unicast = NdFrames.unicastSolicitation(GATEWAY, GATEWAY6, VM, VM6);
    assertEquals(expected, Solicitation.parse(multicast, multicast.length));
    assertEquals(expected, Solicitation.parse(unicast, unicast.length));
    byte[] detection = NdFrames.duplicateAddressDetection(VM, VM6);
    assertNull(Solicitation.parse(detection, detection.length));
    for (int length = 0; length < multicast.length; length++) {
      assertNull(Solicitation.parse(multicast, length));
    }
  }

  @Test
  void refuseTheOtherFamily() {
    assertThrows(IllegalArgumentException.class, () -> ArpFrames.gratuitousRequest(GATEWAY, VM6));
    assertThrows(
        IllegalArgumentException.class, () -> NdFrames.duplicateAddressDetection(GATEWAY, VM4));
  }
}
