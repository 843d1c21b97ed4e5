package io.sterna.protocol;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * SHA-256 over the previous row's hash and a row's canonical bytes: equal hashes mean equal
 * histories. Two owners that both believed in themselves differ here even where their revisions
 * agree.
 */
public final class ChainHash {
  /** The number of bytes of a hash. */
  public static final int BYTES = 32;

  /** The hash before the first row of a range. */
  public static final ChainHash GENESIS = new ChainHash(new byte[BYTES]);

  private final byte[] bytes;

  private ChainHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Copies 32 bytes.
   *
   * @throws IllegalArgumentException if there are not exactly 32
   */
  public static ChainHash ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a chain hash has 32 bytes, not " + bytes.length);
    }
    return new ChainHash(bytes.clone());
  }

  /** A copy of the 32 bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainHash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
