package io.sterna.agent.announcement;

import static io.sterna.agent.announcement.FrameLayout.ETHERNET_DESTINATION;
import static io.sterna.agent.announcement.FrameLayout.ETHERNET_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_IPV6;
import static io.sterna.agent.announcement.FrameLayout.FLAG_OVERRIDE;
import static io.sterna.agent.announcement.FrameLayout.FLAG_SOLICITED;
import static io.sterna.agent.announcement.FrameLayout.HOP_LIMIT_ON_LINK;
import static io.sterna.agent.announcement.FrameLayout.ICMPV6;
import static io.sterna.agent.announcement.FrameLayout.ICMPV6_CHECKSUM;
import static io.sterna.agent.announcement.FrameLayout.IPV6_DESTINATION;
import static io.sterna.agent.announcement.FrameLayout.IPV6_HOP_LIMIT;
import static io.sterna.agent.announcement.FrameLayout.IPV6_NEXT_HEADER;
import static io.sterna.agent.announcement.FrameLayout.IPV6_PAYLOAD_LENGTH;
import static io.sterna.agent.announcement.FrameLayout.IPV6_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.IPV6_VERSION;
import static io.sterna.agent.announcement.FrameLayout.ND_FLAGS;
import static io.sterna.agent.announcement.FrameLayout.ND_OPTIONS;
import static io.sterna.agent.announcement.FrameLayout.ND_TARGET;
import static io.sterna.agent.announcement.FrameLayout.NEIGHBOUR_ADVERTISEMENT;
import static io.sterna.agent.announcement.FrameLayout.NEIGHBOUR_SOLICITATION;
import static io.sterna.agent.announcement.FrameLayout.NEXT_HEADER_ICMPV6;
import static io.sterna.agent.announcement.FrameLayout.OPTION_SOURCE_MAC;
import static io.sterna.agent.announcement.FrameLayout.OPTION_TARGET_MAC;
import static io.sterna.agent.announcement.FrameLayout.OPTION_UNIT_BYTES;
import static io.sterna.agent.announcement.FrameLayout.putBytes;
import static io.sterna.agent.announcement.FrameLayout.putShort;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;

/**
 * Builds neighbour discovery frames (RFC 4861) with hop limit 255 and their checksum. The card in
 * the message is always the Ethernet source. Addresses are IPv6.
 */
public final class NdFrames {
  private static final IpAddress UNSPECIFIED = new IpAddress(0, 0);
  private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
  private static final MacAddress ALL_NODES_MAC = MacAddress.parse("33:33:00:00:00:01");

  private NdFrames() {}

  /**
   * An unsolicited advertisement with override, to all nodes: the target is reached by this card
   * now, whatever was believed before.
   *
   * @param source the sender's own address: link-local, or the target itself
   */
  public static byte[] unsolicitedAdvertisement(
      MacAddress mac, IpAddress source, IpAddress target) {
    byte[] frame =
        frame(mac, source, ALL_NODES_MAC, ALL_NODES, NEIGHBOUR_ADVERTISEMENT, target, true);
    return finish(frame, FLAG_OVERRIDE, OPTION_TARGET_MAC, mac);
  }

  /** The answer to a solicitation, solicited and with override. */
  public static byte[] advertisement(MacAddress mac, IpAddress source, Solicitation question) {
    byte[] frame =
        frame(
            mac,
            source,
            question.askerMac(),
            question.asker(),
            NEIGHBOUR_ADVERTISEMENT,
            question.target(),
            true);
    return finish(frame, FLAG_SOLICITED | FLAG_OVERRIDE, OPTION_TARGET_MAC, mac);
  }

  /** A solicitation to one card that is known already: is the address still yours? */
  public static byte[] unicastSolicitation(
      MacAddress mac, IpAddress source, MacAddress targetMac, IpAddress target) {
    byte[] frame = frame(mac, source, targetMac, target, NEIGHBOUR_SOLICITATION, target, true);
    return finish(frame, 0, OPTION_SOURCE_MAC, mac);
  }

  /** The question who has an address, to its solicited-node group. */
  public static byte[] multicastSolicitation(MacAddress mac, IpAddress source, IpAddress target) {
    byte[] frame =
        frame(
            mac,
            source,
            solicitedNodeMac(target),
            solicitedNode(target),
            NEIGHBOUR_SOLICITATION,
            target,
            true);
    return finish(frame, 0, OPTION_SOURCE_MAC, mac);
  }

  /** Duplicate address detection (RFC 4862 section 5.4.2): from the unspecified address. */
  public static byte[] duplicateAddressDetection(MacAddress mac, IpAddress target) {
    byte[] frame =
        frame(
            mac,
            UNSPECIFIED,
            solicitedNodeMac(target),
            solicitedNode(target),
            NEIGHBOUR_SOLICITATION,
            target,
            false);
    return checksummed(frame);
  }

  private static byte[] frame(
      MacAddress mac,
      IpAddress source,
      MacAddress destinationMac,
      IpAddress destination,
      int type,
      IpAddress target,
      boolean withOption) {
    byte[] frame = new byte[ND_OPTIONS + (withOption ? OPTION_UNIT_BYTES : 0)];
    putBytes(frame, ETHERNET_DESTINATION, destinationMac.toBytes());
    putBytes(frame, ETHERNET_SOURCE, mac.toBytes());
    putShort(frame, ETHER_TYPE, ETHER_TYPE_IPV6);
    frame[IPV6_VERSION] = 6 << 4;
    putShort(frame, IPV6_PAYLOAD_LENGTH, frame.length - ICMPV6);
    frame[IPV6_NEXT_HEADER] = NEXT_HEADER_ICMPV6;
    frame[IPV6_HOP_LIMIT] = (byte) HOP_LIMIT_ON_LINK;
    putBytes(frame, IPV6_SOURCE, v6(source));
    putBytes(frame, IPV6_DESTINATION, v6(destination));
    frame[ICMPV6] = (byte) type;
    putBytes(frame, ND_TARGET, v6(target));
    return frame;
  }

  private static byte[] finish(byte[] frame, int flags, int optionType, MacAddress mac) {
    frame[ND_FLAGS] = (byte) flags;
    frame[ND_OPTIONS] = (byte) optionType;
    frame[ND_OPTIONS + 1] = 1;
    putBytes(frame, ND_OPTIONS + 2, mac.toBytes());
    return checksummed(frame);
  }

  private static byte[] checksummed(byte[] frame) {
    putShort(frame, ICMPV6_CHECKSUM, Icmpv6Checksum.of(frame, frame.length - ICMPV6));
    return frame;
  }

  /** ff02::1:ff00:0/104 and the target's last 24 bits. */
  private static IpAddress solicitedNode(IpAddress target) {
    return new IpAddress(0xff02L << 48, 0x1_ff00_0000L | (target.low() & 0xff_ffffL));
  }

  /** 33:33 and the group's last 32 bits (RFC 2464 section 7). */
  private static MacAddress solicitedNodeMac(IpAddress target) {
    return new MacAddress(0x3333_ff00_0000L | (target.low() & 0xff_ffffL));
  }

  private static byte[] v6(IpAddress address) {
    if (address.isV4()) {
      throw new IllegalArgumentException(
          address + " is not IPv6: neighbour discovery cannot name it");
    }
    return address.toBytes();
  }
}
