package io.sterna.controller.http;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.Pair;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.http.TrafficModel.ConfiguredLinkView;
import io.sterna.controller.http.TrafficModel.EndpointView;
import io.sterna.controller.http.TrafficModel.LinkView;
import io.sterna.controller.http.TrafficModel.LinksView;
import io.sterna.controller.http.TrafficModel.NetworkView;
import io.sterna.controller.http.TrafficModel.PairView;
import io.sterna.controller.http.TrafficModel.RateView;
import io.sterna.controller.http.TrafficModel.ReporterView;
import io.sterna.controller.http.TrafficModel.SiteView;
import io.sterna.controller.http.TrafficModel.TopView;
import io.sterna.controller.http.TrafficModel.VmView;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.traffic.LinkLoads;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.controller.traffic.TrafficCommand.DescribeTraffic;
import io.sterna.controller.traffic.TrafficCommand.EndpointPage;
import io.sterna.controller.traffic.TrafficCommand.FindEndpoint;
import io.sterna.controller.traffic.TrafficCommand.FoundEndpoint;
import io.sterna.controller.traffic.TrafficCommand.LinkPage;
import io.sterna.controller.traffic.TrafficCommand.LinkTraffic;
import io.sterna.controller.traffic.TrafficCommand.ListEndpoints;
import io.sterna.controller.traffic.TrafficCommand.ListLinks;
import io.sterna.controller.traffic.TrafficCommand.ListPairs;
import io.sterna.controller.traffic.TrafficCommand.Order;
import io.sterna.controller.traffic.TrafficCommand.PairPage;
import io.sterna.controller.traffic.TrafficCommand.PairTraffic;
import io.sterna.controller.traffic.TrafficCommand.Reporter;
import io.sterna.controller.traffic.TrafficCommand.TrafficDescription;
import io.sterna.monitoring.matrix.EndpointRate;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.SiteLink;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Traffic as any controller shows it: it asks the collector, wherever that is. */
public final class TrafficView {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int PAGE = TrafficCommand.ROWS_MAX;

  private final ActorSystem<?> system;
  private final ActorRef<TrafficCommand> collector;
  private final List<FeEndpoint> inventory;
  private final Optional<Network> network;

  /**
   * @param collector the way to it
   */
  public TrafficView(
      ActorSystem<?> system, ControllerSettings settings, ActorRef<TrafficCommand> collector) {
    this.system = system;
    this.collector = collector;
    this.inventory = settings.forwardingElements();
    this.network = settings.network();
  }

  /** What goes between sites, in this order. */
  CompletionStage<LinksView> links(LinkOrder order) {
    CompletionStage<List<LinkTraffic>> links =
        pages(this::linkPage, LinkPage::links, LinkTraffic::link).runWith(Sink.seq(), system);
    return links.thenCombine(
        this.<TrafficDescription>ask(DescribeTraffic::new),
        (between, described) -> linksView(between, described, order));
  }

  private CompletionStage<LinkPage> linkPage(Optional<SiteLink> after) {
    return ask(replyTo -> new ListLinks(after, PAGE, replyTo));
  }

  /** The pairs that send most. */
  CompletionStage<TopView> top(int limit, Order order) {
    return this.<PairPage>ask(
            replyTo -> new ListPairs(Optional.empty(), order, Optional.empty(), limit, replyTo))
        .thenApply(page -> new TopView(iso(page.asOfMillis()), pairs(page)));
  }

  /** One VM and whom it talks with; empty if it was not heard of. */
  CompletionStage<Optional<VmView>> vm(IpAddress address, int limit, Order order) {
    IpPrefix endpoint = IpPrefix.around(address, address.bitLength());
    return this.<FoundEndpoint>ask(replyTo -> new FindEndpoint(endpoint, replyTo))
        .thenCombine(
            this.<PairPage>ask(
                replyTo ->
                    new ListPairs(Optional.of(endpoint), order, Optional.empty(), limit, replyTo)),
            (found, page) -> found.endpoint().map(known -> vmView(address, known, page)));
  }

  /** All pairs with counters of their own, in order of address, as the reader asks for more. */
  Source<PairView, NotUsed> pairs() {
    return pages(
            after ->
                this.<PairPage>ask(
                    replyTo ->
                        new ListPairs(Optional.empty(), Order.ADDRESS, after, PAGE, replyTo)),
            PairPage::pairs,
            each -> each.pair().pair())
        .map(TrafficView::pairView);
  }

  /** All VMs and blocks of clients that are told apart, the same. */
  Source<EndpointView, NotUsed> endpoints() {
    return pages(
            after -> this.<EndpointPage>ask(replyTo -> new ListEndpoints(after, PAGE, replyTo)),
            EndpointPage::endpoints,
            EndpointRate::endpoint)
        .map(
            each ->
                new EndpointView(
                    name(each.endpoint()),
                    siteName(each.site()),
                    rate(each.sent()),
                    rate(each.received())));
  }

  /** What is configured of sites and links; empty if nothing is. */
  Optional<NetworkView> network() {
    return network.map(
        known ->
            new NetworkView(
                known.sites().stream().map(TrafficView::siteView).toList(),
                known.links().stream()
                    .map(
                        link ->
                            new ConfiguredLinkView(
                                link.from().value(),
                                link.to().value(),
                                link.capacityMbps(),
                                link.rttMs(),
                                link.pricePerGib()))
                    .toList()));
  }

  private static SiteView siteView(Site site) {
    return new SiteView(
        site.id().value(),
        site.latitude(),
        site.longitude(),
        site.vmCapacity(),
        site.memoryCapacityMib() == Site.ANY_MEMORY ? null : site.memoryCapacityMib(),
        site.pricePerVmHour());
  }

  private <T> CompletionStage<T> ask(Function<ActorRef<T>, TrafficCommand> question) {
    return AskPattern.ask(collector, question::apply, TIMEOUT, system.scheduler());
  }

  /** Page after page; one that is not full is the last. */
  private static <P, T, K> Source<T, NotUsed> pages(
      Function<Optional<K>, CompletionStage<P>> ask,
      Function<P, List<T>> rows,
      Function<T, K> keyOf) {
    return Source.unfoldAsync(
            Optional.of(Optional.<K>empty()),
            (Optional<Optional<K>> next) ->
                next.isEmpty()
                    ? CompletableFuture
                        .<Optional<Pair<Optional<Optional<K>>, List<T>>>>completedFuture(
                            Optional.empty())
                    : ask.apply(next.get())
                        .thenApply(
                            page -> {
                              List<T> all = rows.apply(page);
                              Optional<Optional<K>> following =
                                  all.size() < PAGE
                                      ? Optional.empty()
                                      : Optional.of(
                                          Optional.of(keyOf.apply(all.get(all.size() - 1))));
                              return Optional.of(Pair.create(following, all));
                            }))
        .mapConcat(page -> page);
  }

  private LinksView linksView(
      List<LinkTraffic> between, TrafficDescription described, LinkOrder order) {
    Map<FeId, Reporter> reporters =
        described.reporters().stream().collect(Collectors.toMap(Reporter::fe, each -> each));
    Map<SiteLink, Rate> rates =
        between.stream().collect(Collectors.toMap(LinkTraffic::link, LinkTraffic::rate));
    return new LinksView(
        described.controller().value(),
        iso(described.asOfMillis()),
        iso(described.beganMillis()),
        rate(described.total()),
        rate(described.tail()),
        described.pairs(),
        inventory.stream()
            .map(element -> reporterView(element, Optional.ofNullable(reporters.get(element.fe()))))
            .toList(),
        LinkLoads.of(rates, network).stream()
            .map(TrafficView::linkView)
            .sorted(order.comparator())
            .toList());
  }

  private static ReporterView reporterView(FeEndpoint element, Optional<Reporter> reporter) {
    return new ReporterView(
        element.fe().value(),
        element.site().value(),
        reporter.isPresent(),
        number(reporter, each -> each.agoMs() / 1000.0),
        reporter.map(Reporter::interval).orElse(0L),
        reporter.map(Reporter::bytes).orElse(0L),
        reporter.map(Reporter::packets).orElse(0L));
  }

  private static double number(Optional<Reporter> reporter, ToDoubleFunction<Reporter> of) {
    return reporter.isEmpty() ? 0 : of.applyAsDouble(reporter.get());
  }

  private static LinkView linkView(LinkLoads.LinkLoad load) {
    return new LinkView(
        load.between().from().value(),
        load.between().to().value(),
        LinkLoads.mbps(load.rate()),
        load.rate().packetsPerSec(),
        load.carriedMbps().isPresent() ? load.carriedMbps().getAsDouble() : null,
        load.capacityMbps().isPresent() ? load.capacityMbps().getAsDouble() : null,
        load.share().isPresent() ? load.share().getAsDouble() : null);
  }

  private static VmView vmView(IpAddress address, EndpointRate known, PairPage page) {
    return new VmView(
        iso(page.asOfMillis()),
        address.toString(),
        siteName(known.site()),
        rate(known.sent()),
        rate(known.received()),
        pairs(page));
  }

  private static List<PairView> pairs(PairPage page) {
    return page.pairs().stream().map(TrafficView::pairView).toList();
  }

  private static PairView pairView(PairTraffic each) {
    Rate rate = each.pair().rate();
    return new PairView(
        name(each.pair().pair().source()),
        siteName(each.from()),
        name(each.pair().pair().destination()),
        siteName(each.to()),
        LinkLoads.mbps(rate),
        rate.packetsPerSec(),
        LinkLoads.mbps(rate.errorBytesPerSec()));
  }

  private static RateView rate(Rate rate) {
    return new RateView(LinkLoads.mbps(rate), rate.packetsPerSec());
  }

  /** A VM by its address, clients by their block. */
  private static String name(IpPrefix endpoint) {
    boolean isVm = endpoint.length() == endpoint.address().bitLength();
    return isVm ? endpoint.address().toString() : endpoint.toString();
  }

  private static String siteName(Optional<SiteId> site) {
    return site.map(SiteId::value).orElse("");
  }

  private static String iso(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
