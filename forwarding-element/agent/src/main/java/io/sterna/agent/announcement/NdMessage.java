package io.sterna.agent.announcement;

import static io.sterna.agent.announcement.FrameLayout.ETHERNET_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_IPV6;
import static io.sterna.agent.announcement.FrameLayout.HOP_LIMIT_ON_LINK;
import static io.sterna.agent.announcement.FrameLayout.ICMPV6;
import static io.sterna.agent.announcement.FrameLayout.ICMPV6_CODE;
import static io.sterna.agent.announcement.FrameLayout.IPV6_DESTINATION;
import static io.sterna.agent.announcement.FrameLayout.IPV6_HOP_LIMIT;
import static io.sterna.agent.announcement.FrameLayout.IPV6_NEXT_HEADER;
import static io.sterna.agent.announcement.FrameLayout.IPV6_PAYLOAD_LENGTH;
import static io.sterna.agent.announcement.FrameLayout.IPV6_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.IPV6_VERSION;
import static io.sterna.agent.announcement.FrameLayout.ND_MESSAGE_BYTES;
import static io.sterna.agent.announcement.FrameLayout.ND_OPTIONS;
import static io.sterna.agent.announcement.FrameLayout.ND_TARGET;
import static io.sterna.agent.announcement.FrameLayout.NEXT_HEADER_ICMPV6;
import static io.sterna.agent.announcement.FrameLayout.OPTION_UNIT_BYTES;
import static io.sterna.agent.announcement.FrameLayout.byteAt;
import static io.sterna.agent.announcement.FrameLayout.longAt;
import static io.sterna.agent.announcement.FrameLayout.macAt;
import static io.sterna.agent.announcement.FrameLayout.shortAt;

/**
 * The checks that neighbour solicitations and advertisements have in common (RFC 4861 sections
 * 7.1.1 and 7.1.2), over the bytes themselves: nothing is allocated.
 *
 * <p>The message must follow the IPv6 header directly. Extension headers are legal but no host
 * sends them here, and fragments are forbidden (RFC 6980).
 */
final class NdMessage {
  /** No such option in the message. */
  static final long NO_MAC = -1;

  private static final long LINK_MULTICAST_HIGH = 0xff02L << 48;
  private static final long SOLICITED_NODE_LOW = 0x1_ff00_0000L;

  private NdMessage() {}

  /** Whether the frame holds a well-formed message of this ICMPv6 type about a VM's address. */
  static boolean isValid(byte[] frame, int length, int type) {
    if (length < ND_OPTIONS
        || shortAt(frame, ETHER_TYPE) != ETHER_TYPE_IPV6
        || byteAt(frame, IPV6_VERSION) >>> 4 != 6
        || byteAt(frame, IPV6_NEXT_HEADER) != NEXT_HEADER_ICMPV6
        || byteAt(frame, IPV6_HOP_LIMIT) != HOP_LIMIT_ON_LINK
        || byteAt(frame, ICMPV6) != type
        || byteAt(frame, ICMPV6_CODE) != 0) {
      return false;
    }
    int payloadBytes = payloadBytes(frame);
    return payloadBytes >= ND_MESSAGE_BYTES
        && ICMPV6 + payloadBytes <= length
        && AddressRules.isOneCard(macAt(frame, ETHERNET_SOURCE))
        && AddressRules.isVmAddress(longAt(frame, ND_TARGET), longAt(frame, ND_TARGET + 8))
        && optionsAreWhole(frame)
        && Icmpv6Checksum.of(frame, payloadBytes) == 0;
  }

  static boolean hasUnspecifiedSource(byte[] frame) {
    return longAt(frame, IPV6_SOURCE) == 0 && longAt(frame, IPV6_SOURCE + 8) == 0;
  }

  static boolean hasMulticastSource(byte[] frame) {
    return byteAt(frame, IPV6_SOURCE) == 0xff;
  }

  static boolean hasMulticastDestination(byte[] frame) {
    return byteAt(frame, IPV6_DESTINATION) == 0xff;
  }

  /** Whether it goes to ff02::1:ff00:0/104 (RFC 4291 section 2.7.1). */
  static boolean hasSolicitedNodeDestination(byte[] frame) {
    long low = longAt(frame, IPV6_DESTINATION + 8);
    return longAt(frame, IPV6_DESTINATION) == LINK_MULTICAST_HIGH
        && (low & ~0xff_ffffL) == SOLICITED_NODE_LOW;
  }

  /**
   * The hardware address in the first option of this type, or {@link #NO_MAC}. An option that is
   * not one unit long holds no Ethernet address and counts as none.
   */
  static long optionMac(byte[] frame, int optionType) {
    int end = ICMPV6 + payloadBytes(frame);
    int offset = ND_OPTIONS;
    while (offset + OPTION_UNIT_BYTES <= end) {
      int units = byteAt(frame, offset + 1);
      if (byteAt(frame, offset) == optionType && units == 1) {
        return macAt(frame, offset + 2);
      }
      offset += units * OPTION_UNIT_BYTES;
    }
    return NO_MAC;
  }

  /** Every option has a length and ends within the message. */
  private static boolean optionsAreWhole(byte[] frame) {
    int end = ICMPV6 + payloadBytes(frame);
    int offset = ND_OPTIONS;
    while (offset < end) {
      int units = offset + 1 < end ? byteAt(frame, offset + 1) : 0;
      if (units == 0) {
        return false;
      }
      offset += units * OPTION_UNIT_BYTES;
    }
    return offset == end;
  }

  private static int payloadBytes(byte[] frame) {
    return shortAt(frame, IPV6_PAYLOAD_LENGTH);
  }
}
