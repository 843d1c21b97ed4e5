package io.sterna.monitoring.report;

import io.sterna.protocol.IpPrefix;

/**
 * Who sends to whom.
 *
 * @param source a VM as a block of one, or a block of addresses outside
 * @param destination the same
 */
public record AddressPair(IpPrefix source, IpPrefix destination)
    implements Comparable<AddressPair> {
  private static final IpPrefix ANY_V4 = IpPrefix.parse("0.0.0.0/0");
  private static final IpPrefix ANY_V6 = IpPrefix.parse("::/0");

  /** The pair of everything in IPv4 that was not told apart. */
  public static final AddressPair REST_V4 = new AddressPair(ANY_V4, ANY_V4);

  /** The pair of everything in IPv6 that was not told apart. */
  public static final AddressPair REST_V6 = new AddressPair(ANY_V6, ANY_V6);

  /** Whether it stands for pairs that were not told apart. */
  public boolean isRest() {
    return source.length() == 0 && destination.length() == 0;
  }

  /** Where this pair is counted when it cannot be told apart. */
  public AddressPair rest() {
    return source.address().isV4() ? REST_V4 : REST_V6;
  }

  @Override
  public int compareTo(AddressPair other) {
    int bySource = source.compareTo(other.source);
    return bySource != 0 ? bySource : destination.compareTo(other.destination);
  }

  @Override
  public String toString() {
    return source + ">" + destination;
  }
}
