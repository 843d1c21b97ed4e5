package io.sterna.controller.policy;

import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may claim what: the same on every controller.
 *
 * @param damping empty = addresses may move as often as they like
 * @param knownVms the VMs that may be claimed; empty = any
 * @param siteCapacity the most VMs at a site; sites that are not named have room for any number
 * @param sites where each element stands
 * @param claimsPerSecond the most that one element may make at one controller; 0 = any number
 */
public record PolicySettings(
    Optional<DampingRule> damping,
    SilenceRule silence,
    Map<IpAddress, KnownVm> knownVms,
    Map<SiteId, Integer> siteCapacity,
    Map<FeId, SiteId> sites,
    int claimsPerSecond,
    AuditRule audit) {
  public PolicySettings {
    knownVms = Map.copyOf(knownVms);
    siteCapacity = Map.copyOf(siteCapacity);
    sites = Map.copyOf(sites);
  }

  /**
   * When an address moves too often.
   *
   * @param movesMax the most moves of one address within the window
   * @param hold how long an address that would move more often stays where it is
   * @param exempt moves on this evidence neither count nor are held back
   */
  public record DampingRule(int movesMax, Duration window, Duration hold, Set<Evidence> exempt) {
    public DampingRule {
      exempt = Set.copyOf(exempt);
    }
  }

  /**
   * What follows when a VM does not answer where it is bound.
   *
   * @param releaseAfter how long until its address is attached nowhere; empty = never
   * @param reportGapMax elements say again and again that a VM is silent; what they say further
   *     apart than this does not add up
   */
  public record SilenceRule(Optional<Duration> releaseAfter, Duration reportGapMax) {}

  /**
   * A VM that may be claimed.
   *
   * @param mac its hardware address; empty = any
   * @param sites where it may be; empty = anywhere
   */
  public record KnownVm(Optional<MacAddress> mac, Set<SiteId> sites) {
    public KnownVm {
      sites = Set.copyOf(sites);
    }
  }

  /**
   * How many refusals of one element a range writes down one by one; the others are counted.
   *
   * @param burst how many at once
   */
  public record AuditRule(int refusalsPerSecond, int burst) {}
}
