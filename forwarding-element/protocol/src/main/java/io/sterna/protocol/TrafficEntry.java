package io.sterna.protocol;

import java.util.Optional;

/**
 * What one side of a conversation sent in an interval. The source is at the FE that reports it.
 *
 * @param source a VM's address as a block of one, or a block of addresses outside that are counted
 *     together
 * @param destination the same; both blocks are of length 0 where pairs could not be told apart
 * @param destinationFe where the destination is bound, as the FE knows it; empty if it is bound
 *     nowhere, or outside
 * @param bytes of IP packets, their IP headers included
 * @param packets how many
 */
public record TrafficEntry(
    IpPrefix source, IpPrefix destination, Optional<FeId> destinationFe, long bytes, long packets) {
  /**
   * @throws IllegalArgumentException if a count is negative
   */
  public TrafficEntry {
    if (bytes < 0 || packets < 0) {
      throw new IllegalArgumentException(bytes + " bytes in " + packets + " packets");
    }
  }
}
