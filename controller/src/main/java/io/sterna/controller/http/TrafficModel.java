package io.sterna.controller.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP API shows of traffic, field for field. Rates fade with the time constant that is
 * configured; {@code mbps} are megabits of IP packets.
 */
final class TrafficModel {
  private TrafficModel() {}

  /**
   * What goes between sites.
   *
   * @param collector the controller that collects
   * @param asOf the moment, ISO 8601
   * @param since when this collector began
   * @param total what everybody sends, within sites and to clients, too
   * @param unlisted what all pairs without counters of their own send
   * @param pairs how many pairs have counters of their own
   * @param elements who reports
   * @param links sites that exchange something, and those that have a link
   */
  record LinksView(
      String collector,
      String asOf,
      String since,
      RateView total,
      RateView unlisted,
      int pairs,
      List<ReporterView> elements,
      List<LinkView> links) {}

  record RateView(double mbps, double packetsPerSec) {}

  /**
   * @param heard whether it reported since the collector began; else all numbers are 0
   * @param secondsAgo when it last did
   * @param bytes counted since the collector began, exactly
   * @param packets the same
   */
  record ReporterView(
      String fe,
      String site,
      boolean heard,
      double secondsAgo,
      long interval,
      long bytes,
      long packets) {}

  /**
   * @param mbps what VMs at one send to VMs at the other
   * @param carriedMbps what the link between them carries, other sites' traffic included that
   *     passes there; null if there is no such link, or the network is not configured
   * @param capacityMbps of that link
   * @param load carried divided by capacity
   */
  record LinkView(
      String from,
      String to,
      double mbps,
      double packetsPerSec,
      @Nullable Double carriedMbps,
      @Nullable Double capacityMbps,
      @Nullable Double load) {}

  record TopView(String asOf, List<PairView> pairs) {}

  /**
   * @param source a VM, or a block of addresses outside
   * @param sourceSite empty if it is not known
   * @param errorMbps how much more it may be
   */
  record PairView(
      String source,
      String sourceSite,
      String destination,
      String destinationSite,
      double mbps,
      double packetsPerSec,
      double errorMbps) {}

  /**
   * @param peers whom it talks with, both directions
   */
  record VmView(
      String asOf,
      String address,
      String site,
      RateView sent,
      RateView received,
      List<PairView> peers) {}

  record EndpointView(String endpoint, String site, RateView sent, RateView received) {}

  record NetworkView(List<SiteView> sites, List<ConfiguredLinkView> links) {}

  /**
   * @param memoryCapacityMib null: any
   */
  record SiteView(
      String id,
      double latitude,
      double longitude,
      int vmCapacity,
      @Nullable Long memoryCapacityMib,
      double pricePerVmHour) {}

  record ConfiguredLinkView(
      String from, String to, double capacityMbps, double rttMs, double pricePerGib) {}
}
