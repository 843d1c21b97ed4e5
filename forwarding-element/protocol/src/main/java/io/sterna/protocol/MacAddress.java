package io.sterna.protocol;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An Ethernet hardware address.
 *
 * @param bits the 48 bits, first byte on the wire most significant
 */
public record MacAddress(long bits) {
  /** The number of bytes of a hardware address. */
  public static final int BYTES = 6;

  /** No hardware address: all bits 0. */
  public static final MacAddress NONE = new MacAddress(0);

  private static final Pattern TEXT = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");

  /**
   * @throws IllegalArgumentException if more than 48 bits are set
   */
  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
    }
  }

  /** Reads 6 bytes in wire order. */
  public static MacAddress ofBytes(byte[] bytes, int offset) {
    long bits = 0;
    for (int i = 0; i < BYTES; i++) {
      bits = (bits << 8) | (bytes[offset + i] & 0xff);
    }
    return new MacAddress(bits);
  }

  /**
   * Parses {@code 02:00:5e:00:00:01}.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static MacAddress parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a MAC address like 02:00:5e:00:00:01");
    }
    return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
  }

  /** Six bytes in wire order. */
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = (byte) (bits >>> (8 * (BYTES - 1 - i)));
    }
    return bytes;
  }

  /** Whether the group bit is set: multicast or broadcast, never a VM's own address. */
  public boolean isGroup() {
    return ((bits >>> 40) & 1) == 1;
  }

  /** Whether all bits are 0. */
  public boolean isNone() {
    return bits == 0;
  }

  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(toBytes());
  }
}
