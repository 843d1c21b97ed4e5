package io.sterna.monitoring.collect;

import io.sterna.monitoring.kernel.PairCounters;
import io.sterna.monitoring.kernel.WayIn;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.monitoring.report.PrefixClusters;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.HashMap;
import java.util.Map;

/**
 * What one host says of an interval.
 *
 * <p>A packet between VMs of two hosts is counted where it was sent, and only there: what came from
 * elsewhere and is from a VM was counted by that VM's host. What came from outside is counted where
 * it arrives. Addresses outside become blocks.
 */
public final class DomainZero {
  private DomainZero() {}

  /** The interval's pairs, as they are reported. */
  public static Map<AddressPair, Count> summarize(
      PairCounters.Interval interval, PrefixClusters clusters) {
    Map<AddressPair, Count> counted = new HashMap<>();
    interval
        .pairs()
        .forEach(
            (wayIn, source, destination, bytes, packets) -> {
              if (wayIn == WayIn.FROM_ELSEWHERE && clusters.isMobile(source)) {
                return;
              }
              counted.merge(
                  pair(source, destination, bytes, clusters),
                  new Count(bytes, packets),
                  Count::plus);
            });
    PairCounters.Totals totals = interval.totals();
    if (totals.missedPackets() > 0) {
      Count missed = new Count(totals.missedBytes(), totals.missedPackets());
      counted.merge(AddressPair.REST_V4, missed, Count::plus);
    }
    clusters.endInterval();
    return counted;
  }

  private static AddressPair pair(
      IpAddress source, IpAddress destination, long bytes, PrefixClusters clusters) {
    IpPrefix from = clusters.of(source, bytes);
    return new AddressPair(from, clusters.of(destination, bytes));
  }
}
