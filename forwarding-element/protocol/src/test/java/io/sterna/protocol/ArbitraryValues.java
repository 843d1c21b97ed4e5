package io.sterna.protocol;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary value types of both address families. */
public final class ArbitraryValues {
  private ArbitraryValues() {}

  /** IPv4 and IPv6; IPv6 with runs of zero groups and near the IPv4-mapped block. */
  public static Arbitrary<IpAddress> addresses() {
    return Arbitraries.oneOf(v4Addresses(), v6Addresses());
  }

  /** All 32 bits. */
  public static Arbitrary<IpAddress> v4Addresses() {
    return Arbitraries.integers().map(IpAddress::ofV4);
  }

  /** All 128 bits but the IPv4-mapped ones. */
  public static Arbitrary<IpAddress> v6Addresses() {
    Arbitrary<Integer> group =
        Arbitraries.oneOf(
            Arbitraries.just(0),
            Arbitraries.just(0xffff),
            Arbitraries.integers().between(0, 0xffff));
    return group
        .list()
        .ofSize(8)
        .map(
            groups -> {
              long high = 0;
              long low = 0;
              for (int i = 0; i < 4; i++) {
                high = (high << 16) | groups.get(i);
                low = (low << 16) | groups.get(4 + i);
              }
              return new IpAddress(high, low);
            })
        .filter(address -> !address.isV4());
  }

  /** Blocks of every length of both families. */
  public static Arbitrary<IpPrefix> prefixes() {
    return addresses()
        .flatMap(
            address ->
                Arbitraries.integers()
                    .between(0, address.bitLength())
                    .map(length -> IpPrefix.around(address, length)));
  }

  /** All 48 bits. */
  public static Arbitrary<MacAddress> macs() {
    return Arbitraries.longs().between(0, (1L << 48) - 1).map(MacAddress::new);
  }

  /** DNS labels of 1 to 63 characters. */
  public static Arbitrary<String> names() {
    Arbitrary<Character> outer = Arbitraries.chars().range('a', 'z').range('0', '9');
    Arbitrary<String> inner =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('0', '9')
            .withChars('-')
            .ofMaxLength(61);
    return Arbitraries.oneOf(
        outer.map(String::valueOf),
        Combinators.combine(outer, inner, outer).as((first, rest, last) -> first + rest + last));
  }
}
