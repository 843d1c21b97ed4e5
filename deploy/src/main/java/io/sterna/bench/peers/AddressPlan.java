package io.sterna.bench.peers;

import java.util.stream.IntStream;

/**
 * Which address moves where with which change. Pure.
 *
 * <p>Changes are numbered from 0. They go through all addresses in order, lap after lap; with each
 * lap an address goes to the next location. So no address changes twice within a lap, and whoever
 * hears an address at another location than before has heard exactly one change.
 *
 * @param vms addresses, from {@code 10.64.0.0} on
 * @param locations places they move between, at least 2 and at most {@link #LOCATIONS_MAX}
 */
public record AddressPlan(int vms, int locations) {
  /** Locations are the last byte of a next hop. */
  public static final int LOCATIONS_MAX = 250;

  private static final int FIRST_HOST = 10 << 24 | 64 << 16;
  private static final int BEFORE_NEXT_HOPS = 10 << 24 | 255 << 16 | 1 << 8;

  /**
   * @throws IllegalArgumentException if there is nothing to move, or nowhere to move to
   */
  public AddressPlan {
    if (vms < 1 || locations < 2 || locations > LOCATIONS_MAX) {
      throw new IllegalArgumentException(vms + " addresses at " + locations + " locations");
    }
  }

  /** Which address a change concerns, counted from 0. */
  public int index(long change) {
    return (int) (change % vms);
  }

  /** Where the address goes, counted from 0. */
  public int location(long change) {
    return (int) ((change / vms + change % vms) % locations);
  }

  /** The bits of an address. */
  public int host(int index) {
    return FIRST_HOST + index;
  }

  /** Which address these bits are; negative or beyond the last if it is none of ours. */
  public int indexOfHost(int host) {
    return host - FIRST_HOST;
  }

  /** The bits of the next hop that stands for a location: on-link for every receiver. */
  public int nextHop(int location) {
    return BEFORE_NEXT_HOPS + 1 + location;
  }

  /** The addresses that are at a location after the first lap. */
  public int[] hostsAtFirst(int location) {
    return IntStream.range(0, vms)
        .filter(index -> location(index) == location)
        .map(this::host)
        .toArray();
  }

  /** The four numbers of an address. */
  public static String text(int bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
