package io.sterna.controller.policy;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.SiteId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many VMs of one range are at each site, and whether there is room for one more. What other
 * ranges have there is known with a delay: a site may get as many too many as arrive meanwhile.
 */
final class SiteRoom {
  private final Map<SiteId, Integer> capacity;
  private final Map<FeId, SiteId> sites;
  private final ToIntFunction<SiteId> elsewhere;
  private final Map<SiteId, Integer> here = new HashMap<>();

  /**
   * Nobody anywhere.
   *
   * @param elsewhere how many VMs of other ranges are at a site
   */
  SiteRoom(
      Map<SiteId, Integer> capacity, Map<FeId, SiteId> sites, ToIntFunction<SiteId> elsewhere) {
    this.capacity = capacity;
    this.sites = sites;
    this.elsewhere = elsewhere;
  }

  /** Whether the site of an element has no room for a VM that is bound like this now. */
  boolean isFull(FeId fe, @Nullable Binding current) {
    SiteId site = sites.get(fe);
    Integer max = site == null ? null : capacity.get(site);
    if (site == null || max == null || site.equals(siteOf(current))) {
      return false;
    }
    return here.getOrDefault(site, 0) + elsewhere.applyAsInt(site) >= max;
  }

  /** A binding changed. */
  void changed(@Nullable Binding before, Binding after) {
    count(siteOf(before), -1);
    count(siteOf(after), 1);
  }

  /** How many VMs of this range are at each site. */
  Map<SiteId, Integer> counts() {
    return Map.copyOf(here);
  }

  private void count(@Nullable SiteId site, int by) {
    if (site != null) {
      here.merge(site, by, Integer::sum);
    }
  }

  private @Nullable SiteId siteOf(@Nullable Binding binding) {
    return binding == null || binding.isReleased() ? null : sites.get(binding.fe());
  }
}
