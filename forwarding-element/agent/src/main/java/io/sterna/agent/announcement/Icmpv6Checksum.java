package io.sterna.agent.announcement;

import static io.sterna.agent.announcement.FrameLayout.ICMPV6;
import static io.sterna.agent.announcement.FrameLayout.IPV6_SOURCE;
import static io.sterna.agent.announcement.FrameLayout.NEXT_HEADER_ICMPV6;
import static io.sterna.agent.announcement.FrameLayout.byteAt;
import static io.sterna.agent.announcement.FrameLayout.shortAt;

/** The Internet checksum over the IPv6 pseudo header and the message (RFC 4443 section 2.3). */
final class Icmpv6Checksum {
  private static final int BOTH_ADDRESSES_BYTES = 32;

  private Icmpv6Checksum() {}

  /**
   * The checksum of the message in this frame: what belongs into its checksum field if that field
   * is zero, and zero if the field is right.
   *
   * @param payloadBytes the message's length, which the frame must hold
   */
  static int of(byte[] frame, int payloadBytes) {
    long sum = (long) payloadBytes + NEXT_HEADER_ICMPV6;
    sum += sum(frame, IPV6_SOURCE, BOTH_ADDRESSES_BYTES);
    sum += sum(frame, ICMPV6, payloadBytes);
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) ~sum & 0xffff;
  }

  private static long sum(byte[] frame, int offset, int bytes) {
    long sum = 0;
    int end = offset + (bytes & ~1);
    for (int i = offset; i < end; i += 2) {
      sum += shortAt(frame, i);
    }
    return (bytes & 1) == 0 ? sum : sum + (byteAt(frame, end) << 8);
  }
}
