package io.sterna.agent.announcement;

import static io.sterna.agent.announcement.FrameLayout.ETHERNET_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.IPV6_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.ND_TARGET;
import static io.sterna.agent.announcement.FrameLayout.NEIGHBOUR_SOLICITATION;
import static io.sterna.agent.announcement.FrameLayout.longAt;
import static io.sterna.agent.announcement.FrameLayout.macAt;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A host asks who has an address: address resolution or the unicast check of a known neighbour (RFC
 * 4861 section 7.2.2). Duplicate address detection is not one: whoever answers it takes the address
 * away from the host that asks.
 *
 * @param asker where the answer goes
 * @param askerMac the Ethernet source of the frame
 * @param target the address asked for, never a multicast or link-local one
 */
public record Solicitation(IpAddress asker, MacAddress askerMac, IpAddress target) {
  /**
   * Reads one frame; allocates nothing unless it is a solicitation, and throws for no content.
   *
   * @param frame a buffer that starts with the Ethernet header
   * @param length how many of its bytes are the frame, at most {@code frame.length}
   * @return the question, or null if the frame is anything else
   */
  public static @Nullable Solicitation parse(byte[] frame, int length) {
    if (!NdMessage.isValid(frame, length, NEIGHBOUR_SOLICITATION)
        || NdMessage.hasUnspecifiedSource(frame)
        || NdMessage.hasMulticastSource(frame)) {
      return null;
    }
    return new Solicitation(
        new IpAddress(longAt(frame, IPV6_SOURCE), longAt(frame, IPV6_SOURCE + 8)),
        new MacAddress(macAt(frame, ETHERNET_SOURCE)),
        new IpAddress(longAt(frame, ND_TARGET), longAt(frame, ND_TARGET + 8)));
  }
}
