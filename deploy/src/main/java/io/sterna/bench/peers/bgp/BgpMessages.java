package io.sterna.bench.peers.bgp;

import java.nio.ByteBuffer;

/** Writes messages of BGP-4 as RFC 4271 section 4 has them. Pure. */
public final class BgpMessages {
  /** Marker, length, type (section 4.1). */
  static final int HEADER_BYTES = 19;

  /** No message is longer (section 4.1). */
  static final int MESSAGE_BYTES_MAX = 4096;

  static final int MARKER_BYTES = 16;
  static final int TYPE_OPEN = 1;
  static final int TYPE_UPDATE = 2;
  static final int TYPE_NOTIFICATION = 3;
  static final int TYPE_KEEPALIVE = 4;

  /** Path attributes (section 5.1). */
  static final int ATTRIBUTE_ORIGIN = 1;

  static final int ATTRIBUTE_AS_PATH = 2;
  static final int ATTRIBUTE_NEXT_HOP = 3;
  static final int ATTRIBUTE_LOCAL_PREF = 5;

  /** Well-known attributes are transitive (section 4.3). */
  static final int FLAG_TRANSITIVE = 0x40;

  /** The attribute's length takes two bytes (section 4.3). */
  static final int FLAG_EXTENDED_LENGTH = 0x10;

  private static final int VERSION = 4;
  private static final int OPTION_CAPABILITIES = 2;
  private static final int HOST_BITS = 32;
  private static final int HOST_ROUTE_BYTES = 1 + Integer.BYTES;
  private static final int LOCAL_PREF = 100;

  /** Multiprotocol, IPv4 unicast (RFC 4760 section 8); four-octet AS numbers (RFC 6793). */
  private static final int CAPABILITY_MULTIPROTOCOL = 1;

  private static final int CAPABILITY_FOUR_OCTET_AS = 65;

  /** ORIGIN, empty AS_PATH, NEXT_HOP, LOCAL_PREF. */
  private static final int ATTRIBUTES_BYTES = 4 + 3 + 7 + 7;

  /** Host routes that one UPDATE holds beside the attributes of this class. */
  public static final int HOSTS_MAX =
      (MESSAGE_BYTES_MAX - HEADER_BYTES - 2 - 2 - ATTRIBUTES_BYTES) / HOST_ROUTE_BYTES;

  private BgpMessages() {}

  /**
   * An OPEN (section 4.2).
   *
   * @param as the AS number, at most 65,535
   * @param holdSeconds the hold time; 0 is none
   * @param routerId the BGP identifier, as the bits of an IPv4 address
   */
  public static void open(ByteBuffer out, int as, int holdSeconds, int routerId) {
    int start = begin(out, TYPE_OPEN);
    out.put((byte) VERSION).putShort((short) as).putShort((short) holdSeconds).putInt(routerId);
    out.put((byte) 14).put((byte) OPTION_CAPABILITIES).put((byte) 12);
    out.put((byte) CAPABILITY_MULTIPROTOCOL).put((byte) 4).putShort((short) 1).putShort((short) 1);
    out.put((byte) CAPABILITY_FOUR_OCTET_AS).put((byte) 4).putInt(as);
    end(out, start);
  }

  /** A KEEPALIVE (section 4.4). */
  public static void keepalive(ByteBuffer out) {
    end(out, begin(out, TYPE_KEEPALIVE));
  }

  /**
   * An UPDATE (section 4.3) between speakers of one AS that announces host routes.
   *
   * @param nextHop the bits of an IPv4 address
   * @param hosts the bits of at most {@link #HOSTS_MAX} IPv4 addresses
   */
  public static void update(ByteBuffer out, int nextHop, int... hosts) {
    if (hosts.length > HOSTS_MAX) {
      throw new IllegalArgumentException(hosts.length + " host routes in an UPDATE");
    }
    int start = begin(out, TYPE_UPDATE);
    out.putShort((short) 0); // nothing is withdrawn
    out.putShort((short) ATTRIBUTES_BYTES);
    attribute(out, ATTRIBUTE_ORIGIN, 1).put((byte) 0); // IGP
    attribute(out, ATTRIBUTE_AS_PATH, 0); // of our own AS (section 5.1.2)
    attribute(out, ATTRIBUTE_NEXT_HOP, Integer.BYTES).putInt(nextHop);
    attribute(out, ATTRIBUTE_LOCAL_PREF, Integer.BYTES).putInt(LOCAL_PREF);
    for (int host : hosts) {
      out.put((byte) HOST_BITS).putInt(host);
    }
    end(out, start);
  }

  private static ByteBuffer attribute(ByteBuffer out, int type, int length) {
    return out.put((byte) FLAG_TRANSITIVE).put((byte) type).put((byte) length);
  }

  private static int begin(ByteBuffer out, int type) {
    int start = out.position();
    for (int i = 0; i < MARKER_BYTES; i++) {
      out.put((byte) 0xff);
    }
    out.putShort((short) 0).put((byte) type);
    return start;
  }

  private static void end(ByteBuffer out, int start) {
    out.putShort(start + MARKER_BYTES, (short) (out.position() - start));
  }
}
