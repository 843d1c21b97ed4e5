package io.sterna.controller.owner;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many VMs are at each site, over all ranges: those of this node's ranges as they are, those of
 * other nodes as they last said. Each range counts once, as its latest owner says: when a range
 * changes its owner, what the earlier one said counts until the later one says something, however
 * long that takes, because its VMs are where they were. Thread-safe.
 */
public final class SiteTotals {
  private final Map<RangeId, OfRange> ranges = new HashMap<>();
  private final Map<SiteId, Integer> sums = new HashMap<>();

  /**
   * What a range has.
   *
   * @param own whether it is owned here
   */
  private record OfRange(long epoch, Map<SiteId, Integer> counts, boolean own) {}

  /**
   * What a range of this node has.
   *
   * @param counts VMs by site
   */
  record Own(RangeId range, long epoch, Map<SiteId, Integer> counts) {}

  /** What a range of this node has, in this epoch. */
  synchronized void set(RangeId range, long epoch, Map<SiteId, Integer> counts) {
    put(range, new OfRange(epoch, counts, true));
  }

  /** The range is not owned here any more, unless a later epoch began. */
  synchronized void forget(RangeId range, long epoch) {
    ranges.computeIfPresent(
        range, (r, now) -> now.epoch() == epoch ? new OfRange(epoch, now.counts(), false) : now);
  }

  /** What a range of another node has, as that said. */
  synchronized void heard(RangeId range, long epoch, Map<SiteId, Integer> counts) {
    put(range, new OfRange(epoch, counts, false));
  }

  /** What the ranges of this node have. */
  synchronized List<Own> own() {
    List<Own> own = new ArrayList<>();
    ranges.forEach(
        (range, has) -> {
          if (has.own()) {
            own.add(new Own(range, has.epoch(), has.counts()));
          }
        });
    return own;
  }

  /** How many VMs of all ranges but this one are at a site. */
  public synchronized int elsewhere(RangeId range, SiteId site) {
    OfRange here = ranges.get(range);
    int sum = sums.getOrDefault(site, 0);
    return here == null ? sum : sum - here.counts().getOrDefault(site, 0);
  }

  private void put(RangeId range, OfRange has) {
    OfRange before = ranges.get(range);
    if (before != null) {
      if (before.epoch() > has.epoch()) {
        return;
      }
      before.counts().forEach((site, vms) -> sums.merge(site, -vms, Integer::sum));
    }
    ranges.put(range, has);
    has.counts().forEach((site, vms) -> sums.merge(site, vms, Integer::sum));
  }
}
