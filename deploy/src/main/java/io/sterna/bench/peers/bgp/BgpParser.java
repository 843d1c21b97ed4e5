package io.sterna.bench.peers.bgp;

import java.nio.ByteBuffer;

/** Reads messages of BGP-4 (RFC 4271 section 4), as far as a reader of host routes needs. Pure. */
final class BgpParser {
  private static final int HOST_BITS = 32;

  private boolean opened;
  private boolean established;

  /** The other side sent its OPEN. */
  boolean opened() {
    return opened;
  }

  /** The other side has taken our OPEN: it sent a KEEPALIVE (section 8.2.2, OpenConfirm). */
  boolean established() {
    return established;
  }

  /**
   * Takes every whole message from the buffer and leaves what is no whole one.
   *
   * @param nanos when it arrived
   * @throws BgpException if the other side broke the protocol or ended the session
   */
  void read(ByteBuffer in, HostRoutes routes, long nanos) throws BgpException {
    while (in.remaining() >= BgpMessages.HEADER_BYTES) {
      int start = in.position();
      int length = in.getShort(start + BgpMessages.MARKER_BYTES) & 0xffff;
      if (length < BgpMessages.HEADER_BYTES || length > BgpMessages.MESSAGE_BYTES_MAX) {
        throw new BgpException("a message of " + length + " bytes");
      }
      if (in.remaining() < length) {
        return;
      }
      int type = in.get(start + BgpMessages.HEADER_BYTES - 1);
      int body = start + BgpMessages.HEADER_BYTES;
      int end = start + length;
      switch (type) {
        case BgpMessages.TYPE_OPEN -> opened = true;
        case BgpMessages.TYPE_KEEPALIVE -> established = true;
        case BgpMessages.TYPE_UPDATE -> update(in, body, end, routes, nanos);
        case BgpMessages.TYPE_NOTIFICATION ->
            throw new BgpException(
                "the session was ended with error %d/%d (section 4.5)"
                    .formatted(in.get(body) & 0xff, in.get(body + 1) & 0xff));
        default -> throw new BgpException("a message of type " + type);
      }
      in.position(end);
    }
  }

  private static void update(ByteBuffer in, int body, int end, HostRoutes routes, long nanos)
      throws BgpException {
    int attributes = body + 2 + unsignedShort(in, body, end);
    int prefixes = attributes + 2 + unsignedShort(in, attributes, end);
    if (prefixes > end) {
      throw new BgpException("attributes longer than their message");
    }
    if (prefixes == end) {
      return;
    }
    int nextHop = nextHop(in, attributes + 2, prefixes);
    int at = prefixes;
    while (at < end) {
      int bits = in.get(at) & 0xff;
      int bytes = (bits + 7) / 8;
      if (bits > HOST_BITS || at + 1 + bytes > end) {
        throw new BgpException("a prefix of " + bits + " bits beyond its message");
      }
      if (bits == HOST_BITS) {
        routes.announced(in.getInt(at + 1), nextHop, nanos);
      }
      at += 1 + bytes;
    }
  }

  private static int nextHop(ByteBuffer in, int from, int end) throws BgpException {
    int at = from;
    while (at + 3 <= end) {
      boolean extended = (in.get(at) & BgpMessages.FLAG_EXTENDED_LENGTH) != 0;
      int type = in.get(at + 1) & 0xff;
      int length = extended ? unsignedShort(in, at + 2, end) : in.get(at + 2) & 0xff;
      int value = at + (extended ? 4 : 3);
      if (value + length > end) {
        break;
      }
      if (type == BgpMessages.ATTRIBUTE_NEXT_HOP && length == Integer.BYTES) {
        return in.getInt(value);
      }
      at = value + length;
    }
    throw new BgpException("prefixes without a next hop");
  }

  private static int unsignedShort(ByteBuffer in, int at, int end) throws BgpException {
    if (at + 2 > end) {
      throw new BgpException("a message that is cut off");
    }
    return in.getShort(at) & 0xffff;
  }
}
