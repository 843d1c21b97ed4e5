package io.sterna.protocol;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses of one family. Host bits are zero.
 *
 * @param address the first address
 * @param length leading bits that are fixed: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

  /**
   * @throws IllegalArgumentException if the length does not fit or a host bit is set
   */
  public IpPrefix {
    checkLength(address, length);
    if (!truncate(address, length).equals(address)) {
      throw new IllegalArgumentException(
          address
              + "/"
              + length
              + " has host bits set; did you mean "
              + truncate(address, length)
              + "/"
              + length
              + "?");
    }
  }

  /**
   * Parses {@code ADDRESS/LENGTH}.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !LENGTH.matcher(text.substring(slash + 1)).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not ADDRESS/LENGTH");
    }
    int length = Integer.parseInt(text, slash + 1, text.length(), 10);
    return new IpPrefix(IpAddress.parse(text.substring(0, slash)), length);
  }

  /**
   * The prefix of this length that holds the address.
   *
   * @throws IllegalArgumentException if the length does not fit the address's family
   */
  public static IpPrefix around(IpAddress address, int length) {
    checkLength(address, length);
    return new IpPrefix(truncate(address, length), length);
  }

  /** Whether the address lies in this block; false for the other family. */
  public boolean contains(IpAddress other) {
    return other.isV4() == address.isV4() && truncate(other, length).equals(address);
  }

  /** Whether every address of the other block lies in this one. */
  public boolean contains(IpPrefix other) {
    return other.length >= length && contains(other.address);
  }

  /**
   * Whether it begins with a multicast or link-local address (RFC 5771, RFC 4291): what is sent to
   * one, or by one, is at every site, so it has no place in the network.
   */
  public boolean isOnEveryLink() {
    InetAddress first = address.toInetAddress();
    return first.isMulticastAddress() || first.isLinkLocalAddress();
  }

  /** Whether some address lies in both blocks. */
  public boolean overlaps(IpPrefix other) {
    return contains(other) || other.contains(this);
  }

  /** As records have it, but written out: every message about a range asks this. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpPrefix that && length == that.length && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + length;
  }

  @Override
  public int compareTo(IpPrefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }

  private static void checkLength(IpAddress address, int length) {
    if (length < 0 || length > address.bitLength()) {
      throw new IllegalArgumentException(
          "prefix length " + length + " is not between 0 and " + address.bitLength());
    }
  }

  private static IpAddress truncate(IpAddress address, int length) {
    int bits = address.isV4() ? 96 + length : length;
    long high = address.high() & (bits >= 64 ? -1L : mask(bits));
    long low = address.low() & (bits <= 64 ? 0L : mask(bits - 64));
    return new IpAddress(high, low);
  }

  private static long mask(int leadingOnes) {
    return leadingOnes == 0 ? 0L : -1L << (64 - leadingOnes);
  }
}
