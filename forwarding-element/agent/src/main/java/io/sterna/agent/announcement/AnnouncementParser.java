package io.sterna.agent.announcement;

import static io.sterna.agent.announcement.FrameLayout.ARP_FRAME_BYTES;
import static io.sterna.agent.announcement.FrameLayout.ARP_HARDWARE_TYPE;
import static io.sterna.agent.announcement.FrameLayout.ARP_LENGTHS;
import static io.sterna.agent.announcement.FrameLayout.ARP_OPERATION;
import static io.sterna.agent.announcement.FrameLayout.ARP_PROTOCOL_TYPE;
import static io.sterna.agent.announcement.FrameLayout.ARP_REPLY;
import static io.sterna.agent.announcement.FrameLayout.ARP_REQUEST;
import static io.sterna.agent.announcement.FrameLayout.ARP_SENDER_ADDRESS;
import static io.sterna.agent.announcement.FrameLayout.ARP_SENDER_MAC;
import static io.sterna.agent.announcement.FrameLayout.ARP_TARGET_ADDRESS;
import static io.sterna.agent.announcement.FrameLayout.ARP_TARGET_MAC;
import static io.sterna.agent.announcement.FrameLayout.ETHERNET_HEADER_BYTES;
import static io.sterna.agent.announcement.FrameLayout.ETHERNET_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_ARP;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_IPV4;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_IPV6;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_RARP;
import static io.sterna.agent.announcement.FrameLayout.FLAG_OVERRIDE;
import static io.sterna.agent.announcement.FrameLayout.FLAG_SOLICITED;
import static io.sterna.agent.announcement.FrameLayout.HARDWARE_TYPE_ETHERNET;
import static io.sterna.agent.announcement.FrameLayout.ICMPV6;
import static io.sterna.agent.announcement.FrameLayout.LENGTHS_MAC_IPV4;
import static io.sterna.agent.announcement.FrameLayout.ND_FLAGS;
import static io.sterna.agent.announcement.FrameLayout.ND_OPTIONS;
import static io.sterna.agent.announcement.FrameLayout.ND_TARGET;
import static io.sterna.agent.announcement.FrameLayout.NEIGHBOUR_ADVERTISEMENT;
import static io.sterna.agent.announcement.FrameLayout.NEIGHBOUR_SOLICITATION;
import static io.sterna.agent.announcement.FrameLayout.OPTION_SOURCE_MAC;
import static io.sterna.agent.announcement.FrameLayout.OPTION_TARGET_MAC;
import static io.sterna.agent.announcement.FrameLayout.RARP_REQUEST;
import static io.sterna.agent.announcement.FrameLayout.byteAt;
import static io.sterna.agent.announcement.FrameLayout.intAt;
import static io.sterna.agent.announcement.FrameLayout.longAt;
import static io.sterna.agent.announcement.FrameLayout.macAt;
import static io.sterna.agent.announcement.FrameLayout.shortAt;

import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads from an Ethernet frame where a VM is.
 *
 * <table>
 * <caption>What counts</caption>
 * <tr><th>frame</th><th>evidence</th></tr>
 * <tr><td>ARP request or reply, sender address = target address (RFC 5227)</td>
 *     <td>GRATUITOUS_ARP</td></tr>
 * <tr><td>any other ARP request</td><td>ARP_REQUEST</td></tr>
 * <tr><td>any other ARP reply, so also the answer to a probe</td><td>ARP_REPLY</td></tr>
 * <tr><td>RARP request for the sender's own card</td><td>RARP (names a MAC only)</td></tr>
 * <tr><td>unsolicited advertisement with override and target MAC</td><td>UNSOLICITED_NA</td></tr>
 * <tr><td>solicited advertisement: the answer to a probe</td><td>PROBE_ANSWERED</td></tr>
 * <tr><td>solicitation of duplicate address detection (RFC 4862)</td><td>DAD_NS</td></tr>
 * </table>
 *
 * <p>Not announcements: ARP probes (sender 0.0.0.0: the address is not in use yet; its owner will
 * announce it after the probes); an unsolicited advertisement without override, which is how
 * proxies and anycast members speak (RFC 4861 sections 7.2.7 and 7.2.8); VLAN-tagged frames, since
 * a bridge of Sterna is one segment; ordinary solicitations, which name the sender's address only
 * as a packet source.
 *
 * <p>The hardware address inside the message must be the Ethernet source. The bridge has learnt
 * that one, so packets sent to another would be flooded; and whoever speaks for another card is a
 * proxy or a forger, not the VM. Addresses that no VM can have are refused.
 */
public final class AnnouncementParser {
  private AnnouncementParser() {}

  /**
   * Reads one frame; allocates nothing unless it is an announcement, and throws for no content.
   *
   * @param frame a buffer that starts with the Ethernet header
   * @param length how many of its bytes are the frame, at most {@code frame.length}
   * @return what it announces, or null
   */
  public static @Nullable Announcement parse(byte[] frame, int length) {
    if (length < ETHERNET_HEADER_BYTES) {
      return null;
    }
    return switch (shortAt(frame, ETHER_TYPE)) {
      case ETHER_TYPE_ARP -> arp(frame, length);
      case ETHER_TYPE_RARP -> rarp(frame, length);
      case ETHER_TYPE_IPV6 -> neighbourDiscovery(frame, length);
      default -> null;
    };
  }

  private static @Nullable Announcement arp(byte[] frame, int length) {
    if (!isOwnCard(frame, length)) {
      return null;
    }
    int operation = shortAt(frame, ARP_OPERATION);
    int sender = intAt(frame, ARP_SENDER_ADDRESS);
    if ((operation != ARP_REQUEST && operation != ARP_REPLY) || !AddressRules.isVmAddress(sender)) {
      return null;
    }
    Evidence evidence;
    if (sender == intAt(frame, ARP_TARGET_ADDRESS)) {
      evidence = Evidence.GRATUITOUS_ARP;
    } else {
      evidence = operation == ARP_REQUEST ? Evidence.ARP_REQUEST : Evidence.ARP_REPLY;
    }
    return new Announcement.OfAddress(IpAddress.ofV4(sender), source(frame), evidence);
  }

  /** A hypervisor asks in the VM's name for the VM's own address: sender and target are the VM. */
  private static @Nullable Announcement rarp(byte[] frame, int length) {
    boolean asksForItself =
        isOwnCard(frame, length)
            && shortAt(frame, ARP_OPERATION) == RARP_REQUEST
            && macAt(frame, ARP_TARGET_MAC) == macAt(frame, ETHERNET_SOURCE);
    return asksForItself ? new Announcement.OfMac(source(frame), Evidence.RARP) : null;
  }

  /** A whole message for IPv4 over Ethernet whose sender is the card that sent the frame. */
  private static boolean isOwnCard(byte[] frame, int length) {
    return length >= ARP_FRAME_BYTES
        && shortAt(frame, ARP_HARDWARE_TYPE) == HARDWARE_TYPE_ETHERNET
        && shortAt(frame, ARP_PROTOCOL_TYPE) == ETHER_TYPE_IPV4
        && shortAt(frame, ARP_LENGTHS) == LENGTHS_MAC_IPV4
        && macAt(frame, ARP_SENDER_MAC) == macAt(frame, ETHERNET_SOURCE)
        && AddressRules.isOneCard(macAt(frame, ETHERNET_SOURCE));
  }

  private static @Nullable Announcement neighbourDiscovery(byte[] frame, int length) {
    if (length < ND_OPTIONS) {
      return null;
    }
    @Nullable Evidence evidence =
        switch (byteAt(frame, ICMPV6)) {
          case NEIGHBOUR_ADVERTISEMENT -> advertisement(frame, length);
          case NEIGHBOUR_SOLICITATION -> duplicateAddressDetection(frame, length);
          default -> null;
        };
    return evidence == null
        ? null
        : new Announcement.OfAddress(target(frame), source(frame), evidence);
  }

  private static @Nullable Evidence advertisement(byte[] frame, int length) {
    if (!NdMessage.isValid(frame, length, NEIGHBOUR_ADVERTISEMENT)
        || NdMessage.hasUnspecifiedSource(frame)
        || NdMessage.hasMulticastSource(frame)) {
      return null;
    }
    int flags = byteAt(frame, ND_FLAGS);
    long mac = NdMessage.optionMac(frame, OPTION_TARGET_MAC);
    boolean ownCard = mac == macAt(frame, ETHERNET_SOURCE);
    if ((flags & FLAG_SOLICITED) != 0) {
      // Linux leaves the option out when it answers a unicast solicitation.
      boolean plausible = ownCard || mac == NdMessage.NO_MAC;
      return plausible && !NdMessage.hasMulticastDestination(frame)
          ? Evidence.PROBE_ANSWERED
          : null;
    }
    return ownCard && (flags & FLAG_OVERRIDE) != 0 ? Evidence.UNSOLICITED_NA : null;
  }

  /**
   * The address is tentative still, but whoever asks is about to own it: after a move it is the
   * first that is heard of a VM that configures its address anew.
   */
  private static @Nullable Evidence duplicateAddressDetection(byte[] frame, int length) {
    boolean valid =
        NdMessage.isValid(frame, length, NEIGHBOUR_SOLICITATION)
            && NdMessage.hasUnspecifiedSource(frame)
            && NdMessage.hasSolicitedNodeDestination(frame)
            && NdMessage.optionMac(frame, OPTION_SOURCE_MAC) == NdMessage.NO_MAC;
    return valid ? Evidence.DAD_NS : null;
  }

  private static MacAddress source(byte[] frame) {
    return new MacAddress(macAt(frame, ETHERNET_SOURCE));
  }

  private static IpAddress target(byte[] frame) {
    return new IpAddress(longAt(frame, ND_TARGET), longAt(frame, ND_TARGET + 8));
  }
}
