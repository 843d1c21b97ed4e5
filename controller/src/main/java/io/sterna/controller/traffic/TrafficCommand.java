package io.sterna.controller.traffic;

import akka.actor.typed.ActorRef;
import io.sterna.controller.cluster.ClusterMessage;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.monitoring.matrix.EndpointRate;
import io.sterna.monitoring.matrix.PairRate;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.SiteLink;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a {@link TrafficCollector} understands, and what it answers. */
public sealed interface TrafficCommand {
  /** So many rows fit a message between controllers. */
  int ROWS_MAX = 1000;

  /**
   * A part of what an element counted. {@link SessionCommand.TrafficCounted} follows when it is in
   * the matrix, also if it was already.
   *
   * @param fe the element, as its certificate says
   */
  record Reported(FeId fe, TrafficReport report, ActorRef<SessionCommand> replyTo)
      implements TrafficCommand, ClusterMessage {}

  /**
   * What VMs use, as the hypervisor of an element says.
   *
   * @param fe the element, as its certificate says
   */
  record VmsReported(FeId fe, VmReport report) implements TrafficCommand, ClusterMessage {}

  /** All there is, to whoever runs on the collector's own node: it may be large. */
  record SnapshotOfTraffic(ActorRef<TrafficSnapshot> replyTo) implements TrafficCommand {}

  /** What the collector knows of itself and of who reports. */
  record DescribeTraffic(ActorRef<TrafficDescription> replyTo)
      implements TrafficCommand, ClusterMessage {}

  /**
   * The answer.
   *
   * @param controller where the collector is
   * @param asOfMillis wall-clock time, for people
   * @param beganMillis when this collector began, the same
   * @param tail what all pairs without counters of their own send
   * @param total what everybody sends
   * @param pairs how many pairs have counters of their own
   * @param endpoints how many endpoints
   * @param reporters the elements that were heard of since the collector began
   */
  record TrafficDescription(
      ControllerId controller,
      long asOfMillis,
      long beganMillis,
      Rate tail,
      Rate total,
      int pairs,
      int endpoints,
      List<Reporter> reporters)
      implements ClusterMessage {
    public TrafficDescription {
      reporters = List.copyOf(reporters);
    }
  }

  /**
   * An element that reports.
   *
   * @param interval the latest that was heard of
   * @param agoMs how long ago
   * @param bytes counted since the collector began
   * @param packets the same
   */
  record Reporter(FeId fe, long interval, long agoMs, long bytes, long packets)
      implements ClusterMessage {}

  /** In which order pairs are listed. */
  enum Order {
    /** Most bytes first. */
    HEAVIEST(1),
    /** Most packets first. */
    BUSIEST(2),
    /** By address: does not change while pages are read. */
    ADDRESS(3);

    private final int code;

    Order(int code) {
      this.code = code;
    }

    /** What stands for it between controllers. */
    public int code() {
      return code;
    }

    /**
     * @throws IllegalArgumentException if nothing has this code
     */
    public static Order ofCode(int code) {
      return Arrays.stream(values())
          .filter(order -> order.code == code)
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no order has code " + code));
    }
  }

  /**
   * The first pairs in some order.
   *
   * @param of only those with this endpoint at one end; empty = all
   * @param after only those behind this one in order of address; empty = all
   * @param limit at most {@link #ROWS_MAX}
   */
  record ListPairs(
      Optional<IpPrefix> of,
      Order order,
      Optional<AddressPair> after,
      int limit,
      ActorRef<PairPage> replyTo)
      implements TrafficCommand, ClusterMessage {}

  /** The answer. */
  record PairPage(long asOfMillis, List<PairTraffic> pairs) implements ClusterMessage {
    public PairPage {
      pairs = List.copyOf(pairs);
    }
  }

  /** A pair and where its two ends are; empty = not known. */
  record PairTraffic(PairRate pair, Optional<SiteId> from, Optional<SiteId> to)
      implements ClusterMessage {}

  /**
   * The first endpoints in order of address.
   *
   * @param after only those behind this one; empty = all
   * @param limit at most {@link #ROWS_MAX}
   */
  record ListEndpoints(Optional<IpPrefix> after, int limit, ActorRef<EndpointPage> replyTo)
      implements TrafficCommand, ClusterMessage {}

  /** The answer. */
  record EndpointPage(long asOfMillis, List<EndpointRate> endpoints) implements ClusterMessage {
    public EndpointPage {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** What one endpoint sends and gets. */
  record FindEndpoint(IpPrefix endpoint, ActorRef<FoundEndpoint> replyTo)
      implements TrafficCommand, ClusterMessage {}

  /** The answer; empty = not heard of. */
  record FoundEndpoint(long asOfMillis, Optional<EndpointRate> endpoint)
      implements ClusterMessage {}

  /**
   * What goes between sites, in order of their names.
   *
   * @param after only those behind this one; empty = all
   * @param limit at most {@link #ROWS_MAX}
   */
  record ListLinks(Optional<SiteLink> after, int limit, ActorRef<LinkPage> replyTo)
      implements TrafficCommand, ClusterMessage {}

  /** The answer. */
  record LinkPage(long asOfMillis, List<LinkTraffic> links) implements ClusterMessage {
    public LinkPage {
      links = List.copyOf(links);
    }
  }

  /** What VMs at one site send to VMs at another. */
  record LinkTraffic(SiteLink link, Rate rate) implements ClusterMessage {}
}
