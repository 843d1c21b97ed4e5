package io.sterna.monitoring.matrix;

import io.sterna.monitoring.matrix.DecayingCount.Span;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.ReportGate;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The rates between all endpoints, in memory that does not grow with their number.
 *
 * <pre>
 * report -- gate --> entry --+--> its pair has a counter of its own, or there is room: exact
 *          (once)            +--> else the tail's sketch -- end of slice: heavier than the lightest
 *                            |                              with a counter? they change places
 *                            +--> its two endpoints: exact
 *                            +--> the link between their sites: exact
 *                            +--> everything: exact
 * </pre>
 *
 * <p>Endpoints and links are counted entry by entry, not from the pairs, so they are exact however
 * many pairs there are; endpoints beyond their limit are counted together.
 *
 * <p>A lost matrix needs no copy: the first interval that a matrix hears of from an element stands
 * for all the time before it, so a new one shows whole rates as soon as every element has reported
 * once. The rest of an interval whose beginning another matrix counted is left out: the next one
 * comes whole.
 *
 * <p>Not thread-safe.
 */
public final class TrafficMatrix {
  private final MatrixSettings settings;
  private final double constantMs;
  private final ReportGate gate = new ReportGate();
  private final Map<AddressPair, DecayingCount> exact = new HashMap<>();
  private final Tail tail;
  private final Map<IpPrefix, Endpoint> endpoints = new HashMap<>();
  private final Endpoint otherEndpoints = new Endpoint();
  private final Map<SiteLink, DecayingCount> links = new HashMap<>();
  private final DecayingCount all = new DecayingCount(0);
  private final Map<FeId, FirstInterval> firstByFe = new HashMap<>();
  private OptionalLong sliceBeganMillis = OptionalLong.empty();
  private boolean firstSlice = true;

  private record FirstInterval(long incarnation, long interval) {}

  /** What an endpoint sends and gets. */
  private static final class Endpoint {
    final DecayingCount sent = new DecayingCount(0);
    final DecayingCount received = new DecayingCount(0);
    final Whereabouts whereabouts = new Whereabouts();
  }

  /** Empty. */
  public TrafficMatrix(MatrixSettings settings) {
    this.settings = settings;
    this.constantMs = (double) settings.timeConstant().toMillis();
    this.tail = new Tail(settings.tailItemsMax());
  }

  /** Whether a report of this FE is missing before this one: then it is not to be answered. */
  public boolean comesTooEarly(FeId fe, TrafficReport report) {
    return gate.comesTooEarly(fe, report);
  }

  /**
   * Counts a report unless it was counted before.
   *
   * @param nowMillis never before that of an earlier call; only differences count
   * @return false if it was counted before, here or, for the most part, by another matrix
   */
  public boolean offer(FeId fe, TrafficReport report, Placement placement, long nowMillis) {
    if (!gate.passes(fe, report)) {
      return false;
    }
    if (report.part() > 0 && !firstByFe.containsKey(fe)) {
      return false;
    }
    if (sliceBeganMillis.isEmpty()) {
      sliceBeganMillis = OptionalLong.of(nowMillis);
    } else if (nowMillis - sliceBeganMillis.getAsLong() >= settings.slice().toMillis()) {
      endSlice(nowMillis);
    }
    FirstInterval of = new FirstInterval(report.incarnation(), report.interval());
    boolean first = firstByFe.computeIfAbsent(fe, each -> of).equals(of);
    Span span = new Span(report.durationMs(), nowMillis, first);
    Optional<SiteId> from = placement.siteOf(fe);
    for (TrafficEntry entry : report.entries()) {
      // What goes outside leaves where it was counted.
      Optional<SiteId> to =
          isVm(entry.destination()) ? entry.destinationFe().flatMap(placement::siteOf) : from;
      count(entry, from, to, span);
    }
    return true;
  }

  private static boolean isVm(IpPrefix endpoint) {
    return endpoint.length() == endpoint.address().bitLength();
  }

  private void count(TrafficEntry entry, Optional<SiteId> from, Optional<SiteId> to, Span span) {
    AddressPair pair = new AddressPair(entry.source(), entry.destination());
    add(all, entry, span);
    Endpoint source = endpoint(pair.source());
    add(source.sent, entry, span);
    from.ifPresent(site -> place(source, pair.source(), site, entry.bytes(), span));
    Endpoint destination = endpoint(pair.destination());
    add(destination.received, entry, span);
    to.ifPresent(site -> place(destination, pair.destination(), site, entry.bytes(), span));
    if (from.isPresent() && to.isPresent() && !from.equals(to)) {
      SiteLink link = new SiteLink(from.get(), to.get());
      add(links.computeIfAbsent(link, each -> new DecayingCount(span.endMillis())), entry, span);
    }
    DecayingCount own = exact.get(pair);
    if (own == null && exact.size() < settings.exactPairsMax() && tail.isEmpty()) {
      own = new DecayingCount(span.endMillis());
      exact.put(pair, own);
    }
    if (own != null) {
      add(own, entry, span);
    } else {
      tail.add(pair, entry.bytes(), entry.packets(), span, constantMs);
    }
  }

  private void place(Endpoint known, IpPrefix endpoint, SiteId site, long bytes, Span span) {
    if (isVm(endpoint)) {
      known.whereabouts.heardAt(site);
    } else {
      known.whereabouts.vote(site, bytes, span.endMillis(), constantMs);
    }
  }

  private void add(DecayingCount count, TrafficEntry entry, Span span) {
    count.add(entry.bytes(), entry.packets(), span, constantMs);
  }

  private Endpoint endpoint(IpPrefix of) {
    Endpoint known = endpoints.get(of);
    if (known == null && endpoints.size() < settings.endpointsMax()) {
      known = new Endpoint();
      endpoints.put(of, known);
    }
    return known == null ? otherEndpoints : known;
  }

  /** The heaviest of the tail change places with the lightest that have counters of their own. */
  private void endSlice(long nowMillis) {
    Span slice = tail.span(firstSlice);
    List<Tail.Heavy> heavy = tail.endSlice();
    sliceBeganMillis = OptionalLong.of(nowMillis);
    firstSlice = false;
    dropSilent(nowMillis);
    List<Map.Entry<AddressPair, DecayingCount>> lightestFirst = new ArrayList<>(exact.entrySet());
    lightestFirst.sort(
        Comparator.comparingDouble(each -> each.getValue().weight(nowMillis, constantMs)));
    int next = 0;
    for (Tail.Heavy each : heavy) {
      DecayingCount promoted = new DecayingCount(nowMillis);
      promoted.addWithError(
          (double) each.bytesMin(), each.packets(), (double) each.errorBytes(), slice, constantMs);
      if (exact.size() >= settings.exactPairsMax()) {
        if (next == lightestFirst.size()) {
          return;
        }
        Map.Entry<AddressPair, DecayingCount> lightest = lightestFirst.get(next);
        if (lightest.getValue().weight(nowMillis, constantMs)
            >= promoted.weight(nowMillis, constantMs)) {
          return;
        }
        exact.remove(lightest.getKey());
        tail.absorb(lightest.getValue(), constantMs);
        next++;
      }
      exact.put(each.pair(), promoted);
      tail.release(promoted, constantMs);
    }
  }

  /** A pair that sent nothing for long weighs nothing and takes room. */
  private void dropSilent(long nowMillis) {
    exact.values().removeIf(each -> each.weight(nowMillis, constantMs) < 1);
    endpoints
        .values()
        .removeIf(
            each ->
                each.sent.weight(nowMillis, constantMs) < 1
                    && each.received.weight(nowMillis, constantMs) < 1);
    links.values().removeIf(each -> each.weight(nowMillis, constantMs) < 1);
  }

  /** The rate of a pair; of one in the tail, what its sketch knows. */
  public Rate pair(AddressPair pair, long nowMillis) {
    DecayingCount own = exact.get(pair);
    return own == null ? tail.rate(pair) : own.rate(nowMillis, constantMs);
  }

  /** All pairs with counters of their own, heaviest first. */
  public List<PairRate> pairs(long nowMillis) {
    return pairs(Math.max(1, exact.size()), PairRate.HEAVIEST_FIRST, pair -> true, nowMillis);
  }

  /**
   * The first pairs of those with counters of their own.
   *
   * @param limit how many, at least 1
   * @param order which are the first
   * @param wanted which count
   */
  public List<PairRate> pairs(
      int limit, Comparator<PairRate> order, Predicate<AddressPair> wanted, long nowMillis) {
    First<PairRate> first = new First<>(limit, order);
    exact.forEach(
        (pair, count) -> {
          if (wanted.test(pair)) {
            first.offer(new PairRate(pair, count.rate(nowMillis, constantMs)));
          }
        });
    return first.all();
  }

  /** The rate of all pairs in the tail together. */
  public Rate tail(long nowMillis) {
    return tail.rate(nowMillis, constantMs);
  }

  /** What an endpoint sends and gets; zero if it is not known. */
  public EndpointRate endpoint(IpPrefix of, long nowMillis) {
    return rate(of, endpoints.getOrDefault(of, new Endpoint()), nowMillis);
  }

  /** Whether an endpoint is told apart from others. */
  public boolean knows(IpPrefix endpoint) {
    return endpoints.containsKey(endpoint);
  }

  /** All endpoints that are told apart, in order of address. */
  public List<EndpointRate> endpoints(long nowMillis) {
    return endpoints(Math.max(1, endpoints.size()), endpoint -> true, nowMillis);
  }

  /**
   * The first endpoints in order of address.
   *
   * @param limit how many, at least 1
   * @param wanted which count
   */
  public List<EndpointRate> endpoints(int limit, Predicate<IpPrefix> wanted, long nowMillis) {
    First<EndpointRate> first = new First<>(limit, Comparator.comparing(EndpointRate::endpoint));
    endpoints.forEach(
        (of, endpoint) -> {
          if (wanted.test(of)) {
            first.offer(rate(of, endpoint, nowMillis));
          }
        });
    return first.all();
  }

  private EndpointRate rate(IpPrefix of, Endpoint endpoint, long nowMillis) {
    return new EndpointRate(
        of,
        endpoint.whereabouts.site(),
        endpoint.sent.rate(nowMillis, constantMs),
        endpoint.received.rate(nowMillis, constantMs));
  }

  /** The rates between sites; VMs count where they were when their traffic was reported. */
  public Map<SiteLink, Rate> links(long nowMillis) {
    Map<SiteLink, Rate> rates = new HashMap<>();
    links.forEach((link, count) -> rates.put(link, count.rate(nowMillis, constantMs)));
    return rates;
  }

  /** The rate of everything. */
  public Rate total(long nowMillis) {
    return all.rate(nowMillis, constantMs);
  }

  /** How many pairs have counters of their own. */
  public int exactPairs() {
    return exact.size();
  }

  /** How many endpoints are told apart. */
  public int endpointsKnown() {
    return endpoints.size();
  }

  /** How many pairs are remembered: at most both limits together. */
  public int pairsRemembered() {
    return exact.size() + tail.size();
  }
}
