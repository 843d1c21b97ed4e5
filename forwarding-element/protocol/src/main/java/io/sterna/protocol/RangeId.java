package io.sterna.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Names an address range: the unit of sharding, of ordering and of audit.
 *
 * @param prefix the addresses that the range owns
 */
public record RangeId(IpPrefix prefix) implements Comparable<RangeId> {
  /**
   * Parses {@code 10.10.16.0/20}.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static RangeId parse(String text) {
    return new RangeId(IpPrefix.parse(text));
  }

  /** As records have it, but written out: every message about a range asks this. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RangeId that && prefix.equals(that.prefix);
  }

  @Override
  public int hashCode() {
    return prefix.hashCode();
  }

  @Override
  public int compareTo(RangeId other) {
    return prefix.compareTo(other.prefix);
  }

  @Override
  public String toString() {
    return prefix.toString();
  }
}
