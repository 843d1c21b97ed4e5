package io.sterna.benches;

import io.sterna.controller.range.ClaimRequest;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.Claim;
import java.util.List;
import java.util.stream.IntStream;

/** A range of 4,096 addresses and batches of moves within it, as a busy controller sees them. */
public final class Batches {
  /** Changes of one batch. */
  public static final int SIZE = 250;

  /** The range. */
  public static final RangeId RANGE = RangeId.parse("10.64.0.0/20");

  /** Addresses of the range. */
  static final int ADDRESSES = 4_096;

  private static final FeId[] ELEMENTS = {new FeId("fe1"), new FeId("fe2")};
  private static final long LOCALLY_ADMINISTERED = 0x02L << 40;

  private Batches() {}

  /** Where addresses are after so many moves each: to one element, then to the other. */
  static FeId element(long version) {
    return ELEMENTS[(int) (version % ELEMENTS.length)];
  }

  /** An address of the range. */
  public static IpAddress address(int number) {
    IpAddress base = RANGE.prefix().address();
    return new IpAddress(base.high(), base.low() + number);
  }

  static MacAddress mac(int number) {
    return new MacAddress(LOCALLY_ADMINISTERED | number);
  }

  /** Addresses of a batch, spread over the range. */
  static int number(int index) {
    return index * (ADDRESSES / SIZE);
  }

  /** The bindings of a batch at a version. */
  static List<Binding> bindings(long version) {
    return IntStream.range(0, SIZE)
        .map(Batches::number)
        .mapToObj(number -> binding(number, version))
        .toList();
  }

  static Binding binding(int number, long version) {
    return new Binding(address(number), element(version), mac(number), version);
  }

  /** Where the tunnels to the elements end. */
  static List<FeEndpoint> endpoints() {
    SiteId site = new SiteId("site1");
    return IntStream.range(0, ELEMENTS.length)
        .mapToObj(
            i -> new FeEndpoint(ELEMENTS[i], site, IpAddress.parse("172.16.%d.1".formatted(i))))
        .toList();
  }

  /** Claims that lead from a version to the next. */
  static List<ClaimRequest> claims(long seenVersion) {
    return IntStream.range(0, SIZE)
        .map(Batches::number)
        .mapToObj(
            number ->
                new ClaimRequest(
                    element(seenVersion + 1),
                    new Claim(
                        number,
                        address(number),
                        mac(number),
                        seenVersion,
                        Evidence.GRATUITOUS_ARP)))
        .toList();
  }
}
