package io.sterna.controller.relocation.model;

import io.sterna.protocol.SiteId;

/**
 * One direction of a connection between two sites.
 *
 * @param from where its traffic comes from
 * @param to where it goes
 * @param capacityMbps bandwidth
 * @param rttMs round-trip time
 * @param pricePerGib of the traffic over it
 */
public record Link(SiteId from, SiteId to, double capacityMbps, double rttMs, double pricePerGib) {
  /**
   * @throws IllegalArgumentException naming the first value that no link can have
   */
  public Link {
    if (from.equals(to)) {
      throw new IllegalArgumentException("a link from " + from + " to itself");
    }
    Numbers.positive("capacity_mbps", capacityMbps);
    Numbers.notNegative("rtt_ms", rttMs);
    Numbers.notNegative("price_per_gib", pricePerGib);
  }

  @Override
  public String toString() {
    return from + ">" + to;
  }
}
