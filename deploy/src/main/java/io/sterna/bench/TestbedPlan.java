package io.sterna.bench;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;

/**
 * One Cassandra node and one controller. Pure.
 *
 * @param fes forwarding elements in the controller's inventory, {@code fe1} and so on
 * @param addresses addresses that the mobile prefix holds at least
 * @param claimsMax claims of one element that the controller takes at a time
 * @param sync what a write has survived that Cassandra acknowledged
 */
record TestbedPlan(int fes, int addresses, int claimsMax, CommitLogSync sync) {
  private static final int RANGE_LENGTH = 20;
  private static final int BITS = 32;
  private static final int UNDERLAY_BLOCK = 16;
  private static final int ELEMENTS_A_BLOCK = 256;

  /** The mobile prefix: as small as can be, so that ranges are as full as they are planned for. */
  String mobilePrefix() {
    int hostBits = BITS - Integer.numberOfLeadingZeros(addresses - 1);
    return "10.64.0.0/" + Math.min(RANGE_LENGTH, BITS - hostBits);
  }

  /** The last range of the mobile prefix: 4,096 addresses. */
  String lastRange() {
    IpPrefix mobile = IpPrefix.parse(mobilePrefix());
    IpAddress base = mobile.address();
    long size = 1L << (BITS - mobile.length());
    long rangeSize = 1L << (BITS - RANGE_LENGTH);
    return new IpAddress(base.high(), base.low() + size - rangeSize) + "/" + RANGE_LENGTH;
  }

  /** Where the tunnels to an element end; 172.16.0.0/12 holds all of them. */
  String underlay(int element) {
    int block = UNDERLAY_BLOCK + element / ELEMENTS_A_BLOCK;
    return "172.%d.%d.1".formatted(block, element % ELEMENTS_A_BLOCK);
  }

  /** The configuration file of the controller. */
  String controllerFile(String host, Ports ports) {
    StringBuilder elements = new StringBuilder();
    for (int i = 1; i <= fes; i++) {
      elements.append(
          "    { id = fe%d, site = site%d, underlay = \"%s\" }%n".formatted(i, i, underlay(i)));
    }
    return """
        sterna.controller {
          id = c1
          cluster { host = "%1$s", port = %2$d, seeds = ["%1$s:%2$d"] }
          southbound { host = "%1$s", port = %3$d, claims-max = %4$d }
          http { host = "%1$s", port = %5$d }
          tls { certificate = c1.pem, key = c1.key, authority = ca.pem }
          mobile-prefixes = [ { prefix = "%6$s", range-length = %7$d } ]
          forwarding-elements = [
        %8$s  ]
          cassandra { contact-points = ["%1$s:%9$d"] }
        }
        """
        .formatted(
            host,
            ports.cluster(),
            ports.southbound(),
            claimsMax,
            ports.http(),
            mobilePrefix(),
            RANGE_LENGTH,
            elements,
            ports.cql());
  }

  /** Where the parts listen. */
  record Ports(int cluster, int southbound, int http, int cql) {}
}
