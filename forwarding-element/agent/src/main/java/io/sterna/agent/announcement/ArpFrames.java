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
import static io.sterna.agent.announcement.FrameLayout.ETHERNET_DESTINATION;
import static io.sterna.agent.announcement.FrameLayout.ETHERNET_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_ARP;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_IPV4;
import static io.sterna.agent.announcement.FrameLayout.ETHER_TYPE_RARP;
import static io.sterna.agent.announcement.FrameLayout.HARDWARE_TYPE_ETHERNET;
import static io.sterna.agent.announcement.FrameLayout.LENGTHS_MAC_IPV4;
import static io.sterna.agent.announcement.FrameLayout.RARP_REQUEST;
import static io.sterna.agent.announcement.FrameLayout.putBytes;
import static io.sterna.agent.announcement.FrameLayout.putShort;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;

/**
 * Builds ARP (RFC 826, RFC 5227) and RARP (RFC 903) frames, 42 bytes, without padding: the driver
 * pads. The card in the message is always the Ethernet source. Addresses are IPv4.
 */
public final class ArpFrames {
  private static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
  private static final MacAddress UNKNOWN = new MacAddress(0);
  private static final IpAddress UNSPECIFIED = IpAddress.ofV4(0);

  private ArpFrames() {}

  /** The broadcast request for one's own address: RFC 5227's announcement. */
  public static byte[] gratuitousRequest(MacAddress mac, IpAddress address) {
    return frame(BROADCAST, ETHER_TYPE_ARP, ARP_REQUEST, mac, address, UNKNOWN, address);
  }

  /**
   * The broadcast reply for one's own address. The target card is the sender's own: Linux takes it
   * for gratuitous only then.
   */
  public static byte[] gratuitousReply(MacAddress mac, IpAddress address) {
    return frame(BROADCAST, ETHER_TYPE_ARP, ARP_REPLY, mac, address, mac, address);
  }

  /** A request to one card that is known already: is the address still yours? */
  public static byte[] unicastRequest(
      MacAddress mac, IpAddress sender, MacAddress targetMac, IpAddress target) {
    return frame(targetMac, ETHER_TYPE_ARP, ARP_REQUEST, mac, sender, UNKNOWN, target);
  }

  /** The question who has an address, to everybody. */
  public static byte[] broadcastRequest(MacAddress mac, IpAddress sender, IpAddress target) {
    return frame(BROADCAST, ETHER_TYPE_ARP, ARP_REQUEST, mac, sender, UNKNOWN, target);
  }

  /** The answer to a request. */
  public static byte[] reply(
      MacAddress mac, IpAddress sender, MacAddress askerMac, IpAddress asker) {
    return frame(askerMac, ETHER_TYPE_ARP, ARP_REPLY, mac, sender, askerMac, asker);
  }

  /** A RARP request for one's own card, as a hypervisor broadcasts it for a VM that arrived. */
  public static byte[] reverseRequest(MacAddress mac) {
    return frame(BROADCAST, ETHER_TYPE_RARP, RARP_REQUEST, mac, UNSPECIFIED, mac, UNSPECIFIED);
  }

  private static byte[] frame(
      MacAddress destination,
      int etherType,
      int operation,
      MacAddress mac,
      IpAddress sender,
      MacAddress targetMac,
      IpAddress target) {
    byte[] frame = new byte[ARP_FRAME_BYTES];
    putBytes(frame, ETHERNET_DESTINATION, destination.toBytes());
    putBytes(frame, ETHERNET_SOURCE, mac.toBytes());
    putShort(frame, ETHER_TYPE, etherType);
    putShort(frame, ARP_HARDWARE_TYPE, HARDWARE_TYPE_ETHERNET);
    putShort(frame, ARP_PROTOCOL_TYPE, ETHER_TYPE_IPV4);
    putShort(frame, ARP_LENGTHS, LENGTHS_MAC_IPV4);
    putShort(frame, ARP_OPERATION, operation);
    putBytes(frame, ARP_SENDER_MAC, mac.toBytes());
    putBytes(frame, ARP_SENDER_ADDRESS, v4(sender));
    putBytes(frame, ARP_TARGET_MAC, targetMac.toBytes());
    putBytes(frame, ARP_TARGET_ADDRESS, v4(target));
    return frame;
  }

  private static byte[] v4(IpAddress address) {
    if (!address.isV4()) {
      throw new IllegalArgumentException(address + " is not IPv4: ARP cannot name it");
    }
    return address.toBytes();
  }
}
