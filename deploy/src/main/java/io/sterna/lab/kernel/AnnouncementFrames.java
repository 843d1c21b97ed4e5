package io.sterna.lab.kernel;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.nio.ByteBuffer;

/** The frames by which a machine tells its segment where its addresses are. */
public final class AnnouncementFrames {
  private static final short ETHERTYPE_ARP = 0x0806;
  private static final short ETHERTYPE_IPV6 = (short) 0x86dd;
  private static final int ARP_FRAME_BYTES = 60;
  private static final int ICMPV6 = 58;
  private static final int NA_BYTES = 32;
  private static final int NA_FLAG_OVERRIDE = 0x2000_0000;
  private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");

  private AnnouncementFrames() {}

  /** The announcement that suits the address: gratuitous ARP or unsolicited NA. */
  public static byte[] of(IpAddress address, MacAddress mac) {
    return address.isV4() ? gratuitousArp(address, mac) : unsolicitedNa(address, mac);
  }

  /** An ARP request for the sender's own address, broadcast (RFC 5227 section 3). */
  static byte[] gratuitousArp(IpAddress address, MacAddress mac) {
    ByteBuffer frame = ByteBuffer.allocate(ARP_FRAME_BYTES);
    frame.put(new byte[] {-1, -1, -1, -1, -1, -1}).put(mac.toBytes()).putShort(ETHERTYPE_ARP);
    frame.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
    frame.putShort((short) 1).put(mac.toBytes()).put(address.toBytes());
    frame.put(new byte[MacAddress.BYTES]).put(address.toBytes());
    return frame.array();
  }

  /** A neighbour advertisement to all nodes with the override flag (RFC 4861 section 7.2.6). */
  static byte[] unsolicitedNa(IpAddress address, MacAddress mac) {
    ByteBuffer frame = ByteBuffer.allocate(14 + 40 + NA_BYTES);
    frame.put(new byte[] {0x33, 0x33, 0, 0, 0, 1}).put(mac.toBytes()).putShort(ETHERTYPE_IPV6);
    frame.putInt(0x6000_0000).putShort((short) NA_BYTES).put((byte) ICMPV6).put((byte) 255);
    frame.put(address.toBytes()).put(ALL_NODES.toBytes());
    int start = frame.position();
    frame.put((byte) 136).put((byte) 0).putShort((short) 0).putInt(NA_FLAG_OVERRIDE);
    frame.put(address.toBytes()).put((byte) 2).put((byte) 1).put(mac.toBytes());
    frame.putShort(start + 2, checksum(address, frame.array(), start));
    return frame.array();
  }

  /** The ICMPv6 checksum with its pseudo header (RFC 4443 section 2.3). */
  private static short checksum(IpAddress source, byte[] frame, int start) {
    long sum = NA_BYTES + ICMPV6;
    sum += words(source.toBytes(), 0, 16) + words(ALL_NODES.toBytes(), 0, 16);
    sum += words(frame, start, NA_BYTES);
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (short) ~sum;
  }

  private static long words(byte[] bytes, int from, int length) {
    long sum = 0;
    for (int i = from; i < from + length; i += 2) {
      sum += ((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff);
    }
    return sum;
  }
}
