package io.sterna.controller.traffic;

import io.sterna.monitoring.matrix.EndpointRate;
import io.sterna.monitoring.matrix.PairRate;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.SiteLink;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The traffic matrix at one moment.
 *
 * @param asOf the moment, for people
 * @param observed how long the collector has been listening; whoever acts on rates waits until it
 *     has heard everybody
 * @param heard the elements that it hears of: no more than a few reports of theirs are missing.
 *     What the VMs of others send is not known, though it fades from here only slowly
 * @param pairs with counters of their own, heaviest first
 * @param endpoints VMs and blocks of clients, with their sites, in order of address
 * @param links what goes between sites
 * @param vms what VMs use, by address, as far as hypervisors say it; who said it last stands last
 * @param tail what all pairs without counters of their own send
 * @param total what everybody sends
 */
public record TrafficSnapshot(
    Instant asOf,
    Duration observed,
    Set<FeId> heard,
    List<PairRate> pairs,
    List<EndpointRate> endpoints,
    Map<SiteLink, Rate> links,
    Map<IpAddress, List<KnownUse>> vms,
    Rate tail,
    Rate total) {
  public TrafficSnapshot {
    heard = Set.copyOf(heard);
    pairs = List.copyOf(pairs);
    endpoints = List.copyOf(endpoints);
    links = Map.copyOf(links);
    vms = Map.copyOf(vms);
  }
}
