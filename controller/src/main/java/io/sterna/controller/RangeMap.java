package io.sterna.controller;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How the mobile prefixes are cut into address ranges. The same on every controller. */
public final class RangeMap {
  private final List<MobilePrefix> prefixes;
  private final List<RangeId> ranges;

  /**
   * A prefix and the length of the ranges it is cut into.
   *
   * @param rangeLength a prefix length, not shorter than the prefix's own
   */
  public record MobilePrefix(IpPrefix prefix, int rangeLength) {
    /**
     * @throws IllegalArgumentException if the range length does not fit the prefix
     */
    public MobilePrefix {
      int longest = prefix.address().bitLength();
      if (rangeLength < prefix.length() || rangeLength > longest) {
        throw new IllegalArgumentException(
            rangeLength + " is not between " + prefix.length() + " and " + longest);
      }
    }

    /** How many ranges it makes; {@link Long#MAX_VALUE} stands for 'too many to count'. */
    public long rangeCount() {
      int bits = rangeLength - prefix.length();
      return bits > 40 ? 1L << 40 : 1L << bits;
    }
  }

  /**
   * Cuts the prefixes.
   *
   * @param prefixes disjoint; few enough ranges to list them all
   */
  public RangeMap(List<MobilePrefix> prefixes) {
    this.prefixes = List.copyOf(prefixes);
    List<RangeId> all = new ArrayList<>();
    for (MobilePrefix each : prefixes) {
      for (long i = 0; i < each.rangeCount(); i++) {
        all.add(new RangeId(IpPrefix.around(nth(each, i), each.rangeLength())));
      }
    }
    Collections.sort(all);
    this.ranges = List.copyOf(all);
  }

  /** Every range, in order of address. */
  public List<RangeId> ranges() {
    return ranges;
  }

  /** The range that owns the address; empty if the address is not mobile. */
  public Optional<RangeId> rangeOf(IpAddress address) {
    for (MobilePrefix each : prefixes) {
      if (each.prefix().contains(address)) {
        return Optional.of(new RangeId(IpPrefix.around(address, each.rangeLength())));
      }
    }
    return Optional.empty();
  }

  private static IpAddress nth(MobilePrefix prefix, long index) {
    IpAddress first = prefix.prefix().address();
    int shift = first.bitLength() - prefix.rangeLength();
    long low = shift >= 64 ? 0 : index << shift;
    long high = shift >= 64 ? index << (shift - 64) : shift == 0 ? 0 : index >>> (64 - shift);
    return new IpAddress(first.high() | high, first.low() | low);
  }
}
