package io.sterna.controller.relocation.model;

import io.sterna.protocol.SiteId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Sites and the links between them. Traffic takes the path of least RTT; of two such paths, the one
 * of fewer links, and then the one whose sites come first, so that every reader finds the same.
 * Sites and links are numbered in the order in which they were given.
 */
public final class Network {
  private static final int NONE = -1;
  private static final double MEGABITS_PER_MIB = 8 * 1.048576;

  /** What a migration may count on, however fast its VM writes: the VM is slowed down then. */
  private static final double LEFT_AT_LEAST = 0.05;

  private final List<Site> sites;
  private final List<Link> links;
  private final Map<SiteId, Integer> numbers = new HashMap<>();

  /** By {@code from * sites + to}: the last link of the path; {@link #NONE} if there is no path. */
  private final int[] lastLink;

  private final double[] rttMs;
  private final int[] linkFrom;

  /**
   * @throws IllegalArgumentException if a site or link is there twice, or a link's end is no site
   */
  public Network(List<Site> sites, List<Link> links) {
    this.sites = List.copyOf(sites);
    this.links = List.copyOf(links);
    for (Site site : sites) {
      if (numbers.putIfAbsent(site.id(), numbers.size()) != null) {
        throw new IllegalArgumentException("site " + site.id() + " is there twice");
      }
    }
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("there is no site");
    }
    Set<List<SiteId>> seen = new HashSet<>();
    linkFrom = new int[links.size()];
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      if (!seen.add(List.of(link.from(), link.to()))) {
        throw new IllegalArgumentException("link " + link + " is there twice");
      }
      linkFrom[i] = number(link.from());
      number(link.to());
    }
    int cells = sites.size() * sites.size();
    lastLink = new int[cells];
    rttMs = new double[cells];
    Arrays.fill(lastLink, NONE);
    Arrays.fill(rttMs, Double.POSITIVE_INFINITY);
    for (int from = 0; from < sites.size(); from++) {
      routeFrom(from);
    }
  }

  /** In the order of their numbers. */
  public List<Site> sites() {
    return sites;
  }

  /** In the order of their numbers. */
  public List<Link> links() {
    return links;
  }

  /** The number of a site, if it is one of these. */
  public OptionalInt find(SiteId id) {
    Integer number = numbers.get(id);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /**
   * The number of a site.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public int number(SiteId id) {
    return find(id).orElseThrow(() -> new IllegalArgumentException("no data center " + id));
  }

  /** Whether traffic from one site can reach another; a site reaches itself. */
  public boolean reaches(int from, int to) {
    return from == to || lastLink[cell(from, to)] != NONE;
  }

  /** RTT of the path; 0 within a site, infinite if there is no path. */
  public double rttMs(int from, int to) {
    return from == to ? 0 : rttMs[cell(from, to)];
  }

  /** The numbers of the links of the path, first link first; empty within a site or without one. */
  public int[] path(int from, int to) {
    if (from == to || !reaches(from, to)) {
      return new int[0];
    }
    Deque<Integer> path = new ArrayDeque<>();
    for (int at = to; at != from; at = linkFrom[lastLink[cell(from, at)]]) {
      path.addFirst(lastLink[cell(from, at)]);
    }
    return path.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * How long it takes to copy a VM's memory over the path: through its narrowest link, less what
   * the VM writes meanwhile; infinite if there is no path.
   */
  public double migrationSeconds(Endpoint.Vm vm, int from, int to) {
    if (!reaches(from, to)) {
      return Double.POSITIVE_INFINITY;
    }
    double narrowest = Double.POSITIVE_INFINITY;
    for (int link : path(from, to)) {
      narrowest = Math.min(narrowest, links.get(link).capacityMbps());
    }
    double left = Math.max(narrowest - vm.dirtyMbps(), narrowest * LEFT_AT_LEAST);
    return from == to ? 0 : vm.memoryMib() * MEGABITS_PER_MIB / left;
  }

  /** Dijkstra's algorithm without a heap: there are few sites. */
  private void routeFrom(int from) {
    int count = sites.size();
    boolean[] done = new boolean[count];
    int[] hops = new int[count];
    rttMs[cell(from, from)] = 0;
    for (int round = 0; round < count; round++) {
      int nearest = NONE;
      for (int site = 0; site < count; site++) {
        if (!done[site] && (nearest == NONE || isNearer(from, hops, site, nearest))) {
          nearest = site;
        }
      }
      if (rttMs[cell(from, nearest)] == Double.POSITIVE_INFINITY) {
        return;
      }
      done[nearest] = true;
      for (int i = 0; i < links.size(); i++) {
        if (linkFrom[i] == nearest) {
          relax(from, i, done, hops);
        }
      }
    }
  }

  private boolean isNearer(int from, int[] hops, int site, int than) {
    int byRtt = Double.compare(rttMs[cell(from, site)], rttMs[cell(from, than)]);
    return byRtt != 0 ? byRtt < 0 : hops[site] < hops[than];
  }

  private void relax(int from, int link, boolean[] done, int[] hops) {
    int via = linkFrom[link];
    int to = number(links.get(link).to());
    int cell = cell(from, to);
    double rtt = rttMs[cell(from, via)] + links.get(link).rttMs();
    boolean better = rtt < rttMs[cell] || (rtt == rttMs[cell] && hops[via] + 1 < hops[to]);
    if (!done[to] && better) {
      rttMs[cell] = rtt;
      hops[to] = hops[via] + 1;
      lastLink[cell] = link;
    }
  }

  private int cell(int from, int to) {
    return from * sites.size() + to;
  }
}
