package io.sterna.agent.announcement;

/**
 * Where the fields of the frames stand, as offsets from the first byte of the Ethernet header.
 * Untagged Ethernet II; ARP and RARP for IPv4 over Ethernet (RFC 826, RFC 903); neighbour discovery
 * directly behind the IPv6 header (RFC 4861).
 */
final class FrameLayout {
  static final int ETHERNET_DESTINATION = 0;
  static final int ETHERNET_SOURCE = 6;
  static final int ETHER_TYPE = 12;
  static final int ETHERNET_HEADER_BYTES = 14;

  static final int ETHER_TYPE_IPV4 = 0x0800;
  static final int ETHER_TYPE_ARP = 0x0806;
  static final int ETHER_TYPE_RARP = 0x8035;
  static final int ETHER_TYPE_IPV6 = 0x86dd;

  static final int ARP_HARDWARE_TYPE = 14;
  static final int ARP_PROTOCOL_TYPE = 16;
  static final int ARP_LENGTHS = 18;
  static final int ARP_OPERATION = 20;
  static final int ARP_SENDER_MAC = 22;
  static final int ARP_SENDER_ADDRESS = 28;
  static final int ARP_TARGET_MAC = 32;
  static final int ARP_TARGET_ADDRESS = 38;
  static final int ARP_FRAME_BYTES = 42;

  static final int HARDWARE_TYPE_ETHERNET = 1;

  /** Hardware addresses of 6 bytes, protocol addresses of 4. */
  static final int LENGTHS_MAC_IPV4 = 0x0604;

  static final int ARP_REQUEST = 1;
  static final int ARP_REPLY = 2;
  static final int RARP_REQUEST = 3;

  static final int IPV6_VERSION = 14;
  static final int IPV6_PAYLOAD_LENGTH = 18;
  static final int IPV6_NEXT_HEADER = 20;
  static final int IPV6_HOP_LIMIT = 21;
  static final int IPV6_SOURCE = 22;
  static final int IPV6_DESTINATION = 38;

  static final int NEXT_HEADER_ICMPV6 = 58;

  /** No router ever forwards a packet that still has this: it came from this link. */
  static final int HOP_LIMIT_ON_LINK = 255;

  static final int ICMPV6 = 54;
  static final int ICMPV6_CODE = 55;
  static final int ICMPV6_CHECKSUM = 56;
  static final int ND_FLAGS = 58;
  static final int ND_TARGET = 62;
  static final int ND_OPTIONS = 78;

  /** An ICMPv6 neighbour solicitation or advertisement without options, from its type on. */
  static final int ND_MESSAGE_BYTES = ND_OPTIONS - ICMPV6;

  static final int NEIGHBOUR_SOLICITATION = 135;
  static final int NEIGHBOUR_ADVERTISEMENT = 136;

  static final int FLAG_SOLICITED = 0x40;
  static final int FLAG_OVERRIDE = 0x20;

  static final int OPTION_SOURCE_MAC = 1;
  static final int OPTION_TARGET_MAC = 2;

  /** Options are counted in these; a link-layer address option of Ethernet is one. */
  static final int OPTION_UNIT_BYTES = 8;

  private FrameLayout() {}

  static int byteAt(byte[] frame, int offset) {
    return frame[offset] & 0xff;
  }

  static int shortAt(byte[] frame, int offset) {
    return byteAt(frame, offset) << 8 | byteAt(frame, offset + 1);
  }

  static int intAt(byte[] frame, int offset) {
    return shortAt(frame, offset) << 16 | shortAt(frame, offset + 2);
  }

  static long longAt(byte[] frame, int offset) {
    return (long) intAt(frame, offset) << 32 | Integer.toUnsignedLong(intAt(frame, offset + 4));
  }

  /** The 48 bits of a hardware address. */
  static long macAt(byte[] frame, int offset) {
    return (long) shortAt(frame, offset) << 32 | Integer.toUnsignedLong(intAt(frame, offset + 2));
  }

  static void putShort(byte[] frame, int offset, int value) {
    frame[offset] = (byte) (value >>> 8);
    frame[offset + 1] = (byte) value;
  }

  static void putBytes(byte[] frame, int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, frame, offset, bytes.length);
  }
}
