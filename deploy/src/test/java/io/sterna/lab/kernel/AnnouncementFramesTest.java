package io.sterna.lab.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AnnouncementFramesTest {
  private static final MacAddress MAC = MacAddress.parse("02:aa:00:00:00:11");

  @Test
  void gratuitousArpByTheBook() {
    assertEquals(
        "ffffffffffff02aa000000110806" // to all, from the VM, ARP
            + "0001080006040001" // Ethernet, IPv4, request
            + "02aa000000110a0a010b" // sender
            + "0000000000000a0a010b" // target: the same address
            + "00".repeat(18),
        hex(AnnouncementFrames.of(IpAddress.parse("10.10.1.11"), MAC)));
  }

  @Test
  void unsolicitedAdvertisementByTheBook() {
    assertEquals(
        "33330000000102aa0000001186dd"
            + "6000000000203aff" // 32 bytes of ICMPv6, hop limit 255
            + "fd0a0010000000000000000000000111"
            + "ff020000000000000000000000000001"
            + "8800" // neighbour advertisement
            + "578d" // checksum
            + "20000000" // override
            + "fd0a0010000000000000000000000111"
            + "020102aa00000011", // target link-layer address
        hex(AnnouncementFrames.of(IpAddress.parse("fd0a:10::111"), MAC)));
  }

  private static String hex(byte[] frame) {
    return HexFormat.of().formatHex(frame);
  }
}
