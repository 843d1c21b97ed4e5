package io.sterna.controller.owner;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many VMs are at each site, over all ranges: those of this node's ranges as they are, those of
 * other nodes as they last said. Thread-safe.
 */
public final class SiteTotals {
  private final Map<RangeId, OfRange> ranges = new HashMap<>();
  private final Map<ControllerId, Map<SiteId, Integer>> others = new HashMap<>();

  private record OfRange(long epoch, Map<SiteId, Integer> counts) {}

  /** What a range of this node has, in this epoch. */
  synchronized void set(RangeId range, long epoch, Map<SiteId, Integer> counts) {
    ranges.put(range, new OfRange(epoch, counts));
  }

  /** The range is not owned here any more, unless a later epoch began. */
  synchronized void forget(RangeId range, long epoch) {
    ranges.computeIfPresent(range, (r, now) -> now.epoch() == epoch ? null : now);
  }

  /** What another node said. */
  synchronized void heard(ControllerId controller, Map<SiteId, Integer> counts) {
    others.put(controller, counts);
  }

  /** Only these other nodes are there. */
  synchronized void retain(Set<ControllerId> controllers) {
    others.keySet().retainAll(controllers);
  }

  /** What all ranges of this node have. */
  synchronized Map<SiteId, Integer> own() {
    Map<SiteId, Integer> sum = new HashMap<>();
    ranges.values().forEach(each -> each.counts().forEach((s, n) -> sum.merge(s, n, Integer::sum)));
    return sum;
  }

  /** How many VMs of all ranges but this one are at a site. */
  public synchronized int elsewhere(RangeId range, SiteId site) {
    int sum = 0;
    for (Map.Entry<RangeId, OfRange> each : ranges.entrySet()) {
      if (!each.getKey().equals(range)) {
        sum += each.getValue().counts().getOrDefault(site, 0);
      }
    }
    for (Map<SiteId, Integer> counts : others.values()) {
      sum += counts.getOrDefault(site, 0);
    }
    return sum;
  }
}
