package io.sterna.protocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as 128 bits; IPv4 is held IPv4-mapped (RFC 4291 section 2.5.5.2).
 *
 * <p>Order is unsigned over the 128 bits, so all IPv4 addresses sort together.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
  private static final long MAPPED = 0xffffL;
  private static final Pattern DOTTED =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern COLONS = Pattern.compile("(?=.*:)[0-9a-fA-F:][0-9a-fA-F:.]*");

  /** The IPv4 address with these 32 bits, most significant byte first. */
  public static IpAddress ofV4(int bits) {
    return new IpAddress(0, (MAPPED << 32) | Integer.toUnsignedLong(bits));
  }

  /**
   * Reads 4 or 16 bytes in network order.
   *
   * @throws IllegalArgumentException if {@code length} is neither 4 nor 16
   */
  public static IpAddress ofBytes(byte[] bytes, int offset, int length) {
    if (length == 4) {
      return ofV4((int) bits(bytes, offset, 4));
    }
    if (length == 16) {
      return new IpAddress(bits(bytes, offset, 8), bits(bytes, offset + 8, 8));
    }
    throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + length);
  }

  /**
   * Parses dotted IPv4 or colon IPv6 text; never asks a name server. Leading zeros of an IPv4 part
   * are refused: elsewhere they mean octal.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static IpAddress parse(String text) {
    boolean literal = DOTTED.matcher(text).matches() || COLONS.matcher(text).matches();
    if (!literal) {
      throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address");
    }
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      return ofBytes(bytes, 0, bytes.length);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address", e);
    }
  }

  /** Whether this is an IPv4 address. */
  public boolean isV4() {
    return high == 0 && low >>> 32 == MAPPED;
  }

  /** The 32 bits of an IPv4 address; meaningless for IPv6. */
  public int v4Bits() {
    return (int) low;
  }

  /** 32 for IPv4, 128 for IPv6. */
  public int bitLength() {
    return isV4() ? 32 : 128;
  }

  /** 4 or 16 bytes in network order. */
  public byte[] toBytes() {
    byte[] bytes = new byte[isV4() ? 4 : 16];
    for (int i = 0; i < bytes.length; i++) {
      int bit = 8 * (bytes.length - 1 - i);
      bytes[i] = (byte) (bit >= 64 ? high >>> (bit - 64) : low >>> bit);
    }
    return bytes;
  }

  /** The JDK's form of this address. */
  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are always an address", e);
    }
  }

  @Override
  public int compareTo(IpAddress other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** As records have it, but written out: tables ask this for every claim and every route. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that && low == that.low && high == that.high;
  }

  @Override
  public int hashCode() {
    long mixed = (high * 31 + low) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32);
  }

  /** Dotted quad, or IPv6 text in canonical form (RFC 5952). */
  @Override
  public String toString() {
    return isV4() ? dotted() : Ipv6Text.format(high, low);
  }

  private String dotted() {
    int b = v4Bits();
    return (b >>> 24) + "." + ((b >>> 16) & 255) + "." + ((b >>> 8) & 255) + "." + (b & 255);
  }

  private static long bits(byte[] bytes, int offset, int count) {
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits = (bits << 8) | (bytes[offset + i] & 0xff);
    }
    return bits;
  }
}
