package io.sterna.controller.traffic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import io.sterna.controller.southbound.SessionCommand.TrafficCounted;
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
import io.sterna.controller.traffic.TrafficCommand.Reported;
import io.sterna.controller.traffic.TrafficCommand.Reporter;
import io.sterna.controller.traffic.TrafficCommand.SnapshotOfTraffic;
import io.sterna.controller.traffic.TrafficCommand.TrafficDescription;
import io.sterna.controller.traffic.TrafficCommand.VmsReported;
import io.sterna.monitoring.matrix.MatrixSettings;
import io.sterna.monitoring.matrix.PairRate;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.TrafficMatrix;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The traffic matrix of the whole network: one in the cluster, on the oldest controller. Sessions
 * hand it what elements report, and nothing is acknowledged before it is counted here.
 *
 * <p>When its controller is gone another begins with an empty matrix; what was under way is sent
 * again, and each element's first interval stands for all the time before, so rates are whole when
 * every element has reported once.
 */
public final class TrafficCollector extends AbstractBehavior<TrafficCommand> {
  private static final String NAME = "traffic-collector";
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Some 200 bytes each. */
  private static final int VMS_MAX = 1 << 20;

  /** How many reports of an element may be missing; their intervals are taken as within limits. */
  private static final int INTERVALS_MISSING_MAX = 3;

  private static final long INTERVAL_MIN_MILLIS = 10_000;
  private static final long INTERVAL_MAX_MILLIS = 300_000;

  private static final Comparator<LinkTraffic> BY_NAMES =
      Comparator.comparing((LinkTraffic each) -> each.link().from())
          .thenComparing(each -> each.link().to());

  private final Parts parts;
  private final TrafficMatrix matrix;
  private final Instant began;
  private final long beganMillis;
  private final Map<FeId, Heard> heard = new TreeMap<>();
  private final ReportedVms vms = new ReportedVms(VMS_MAX);

  /**
   * What it works with.
   *
   * @param self this controller
   * @param settings how much the matrix remembers
   * @param sites where the elements of the inventory are
   * @param clock wall-clock time for people
   * @param nanoTime a clock that does not go back
   */
  public record Parts(
      ControllerId self,
      MatrixSettings settings,
      Map<FeId, SiteId> sites,
      InstantSource clock,
      LongSupplier nanoTime) {
    public Parts {
      sites = Map.copyOf(sites);
    }
  }

  private record Heard(long interval, long durationMillis, long atMillis, Count counted) {
    /** Whether no more than a few reports of it can be missing. */
    boolean isFresh(long now) {
      long every = Math.max(INTERVAL_MIN_MILLIS, Math.min(durationMillis, INTERVAL_MAX_MILLIS));
      return now - atMillis <= INTERVALS_MISSING_MAX * every;
    }
  }

  private TrafficCollector(ActorContext<TrafficCommand> context, Parts parts) {
    super(context);
    this.parts = parts;
    this.matrix = new TrafficMatrix(parts.settings());
    this.began = parts.clock().instant();
    this.beganMillis = nowMillis();
    context.getLog().info("Traffic is collected here");
  }

  /** The behaviour. */
  public static Behavior<TrafficCommand> create(Parts parts) {
    return Behaviors.setup(context -> new TrafficCollector(context, parts));
  }

  /**
   * Takes part in having one in the cluster.
   *
   * @return the way to it, wherever it is; while there is none, what is said is lost: elements say
   *     it again
   */
  public static ActorRef<TrafficCommand> start(ActorSystem<?> system, Parts parts) {
    return ClusterSingleton.get(system)
        .init(
            SingletonActor.of(
                    Behaviors.supervise(create(parts)).onFailure(SupervisorStrategy.restart()),
                    NAME)
                .withSettings(ClusterSingletonSettings.create(system).withBufferSize(0)));
  }

  @Override
  public Receive<TrafficCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Reported.class, this::onReported)
        .onMessage(VmsReported.class, this::onVmsReported)
        .onMessage(SnapshotOfTraffic.class, this::onSnapshot)
        .onMessage(DescribeTraffic.class, this::onDescribe)
        .onMessage(ListPairs.class, this::onListPairs)
        .onMessage(ListEndpoints.class, this::onListEndpoints)
        .onMessage(ListLinks.class, this::onListLinks)
        .onMessage(FindEndpoint.class, this::onFindEndpoint)
        .build();
  }

  private Behavior<TrafficCommand> onReported(Reported reported) {
    TrafficReport report = reported.report();
    FeId fe = reported.fe();
    if (matrix.comesTooEarly(fe, report)) {
      // The one before was lost between its session and here.
      return this;
    }
    long now = nowMillis();
    boolean counted = matrix.offer(fe, report, this::siteOf, now);
    if (counted) {
      Heard before = heard.getOrDefault(fe, new Heard(0, 0, now, Count.NONE));
      Count counts = before.counted().plus(sum(report));
      heard.put(fe, new Heard(report.interval(), report.durationMs(), now, counts));
    }
    reported
        .replyTo()
        .tell(new TrafficCounted(report.incarnation(), report.interval(), report.part()));
    return this;
  }

  private Behavior<TrafficCommand> onVmsReported(VmsReported said) {
    vms.reported(said.fe(), said.report(), nowMillis());
    return this;
  }

  private static Count sum(TrafficReport report) {
    return report.entries().stream()
        .map(entry -> new Count(entry.bytes(), entry.packets()))
        .reduce(Count.NONE, Count::plus);
  }

  private Optional<SiteId> siteOf(FeId fe) {
    return Optional.ofNullable(parts.sites().get(fe));
  }

  private Behavior<TrafficCommand> onSnapshot(SnapshotOfTraffic ask) {
    long now = nowMillis();
    ask.replyTo()
        .tell(
            new TrafficSnapshot(
                parts.clock().instant(),
                Duration.ofMillis(now - beganMillis),
                heard.entrySet().stream()
                    .filter(each -> each.getValue().isFresh(now))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet()),
                matrix.pairs(now),
                matrix.endpoints(now),
                matrix.links(now),
                vms.known(now),
                matrix.tail(now),
                matrix.total(now)));
    return this;
  }

  private Behavior<TrafficCommand> onDescribe(DescribeTraffic ask) {
    long now = nowMillis();
    ask.replyTo()
        .tell(
            new TrafficDescription(
                parts.self(),
                parts.clock().millis(),
                began.toEpochMilli(),
                matrix.tail(now),
                matrix.total(now),
                matrix.exactPairs(),
                matrix.endpointsKnown(),
                heard.entrySet().stream()
                    .map(each -> reporter(each.getKey(), each.getValue(), now))
                    .toList()));
    return this;
  }

  private static Reporter reporter(FeId fe, Heard of, long now) {
    return new Reporter(
        fe, of.interval(), now - of.atMillis(), of.counted().bytes(), of.counted().packets());
  }

  private Behavior<TrafficCommand> onListPairs(ListPairs ask) {
    long now = nowMillis();
    Optional<IpPrefix> of = ask.of();
    Optional<AddressPair> after = ask.after();
    ask.replyTo()
        .tell(
            new PairPage(
                parts.clock().millis(),
                matrix
                    .pairs(
                        rows(ask.limit()),
                        comparator(ask.order()),
                        pair -> has(pair, of) && after.map(a -> pair.compareTo(a) > 0).orElse(true),
                        now)
                    .stream()
                    .map(pair -> placed(pair, now))
                    .toList()));
    return this;
  }

  private static boolean has(AddressPair pair, Optional<IpPrefix> end) {
    return end.isEmpty() || pair.source().equals(end.get()) || pair.destination().equals(end.get());
  }

  private PairTraffic placed(PairRate pair, long now) {
    return new PairTraffic(
        pair,
        matrix.endpoint(pair.pair().source(), now).site(),
        matrix.endpoint(pair.pair().destination(), now).site());
  }

  private static Comparator<PairRate> comparator(Order order) {
    return switch (order) {
      case HEAVIEST -> PairRate.HEAVIEST_FIRST;
      case BUSIEST -> PairRate.BUSIEST_FIRST;
      case ADDRESS -> PairRate.BY_ADDRESS;
    };
  }

  private Behavior<TrafficCommand> onListEndpoints(ListEndpoints ask) {
    Optional<IpPrefix> after = ask.after();
    ask.replyTo()
        .tell(
            new EndpointPage(
                parts.clock().millis(),
                matrix.endpoints(
                    rows(ask.limit()),
                    endpoint -> after.map(a -> endpoint.compareTo(a) > 0).orElse(true),
                    nowMillis())));
    return this;
  }

  private Behavior<TrafficCommand> onListLinks(ListLinks ask) {
    Optional<LinkTraffic> after = ask.after().map(link -> new LinkTraffic(link, Rate.ZERO));
    ask.replyTo()
        .tell(
            new LinkPage(
                parts.clock().millis(),
                matrix.links(nowMillis()).entrySet().stream()
                    .map(each -> new LinkTraffic(each.getKey(), each.getValue()))
                    .filter(each -> after.map(a -> BY_NAMES.compare(each, a) > 0).orElse(true))
                    .sorted(BY_NAMES)
                    .limit(rows(ask.limit()))
                    .toList()));
    return this;
  }

  private Behavior<TrafficCommand> onFindEndpoint(FindEndpoint ask) {
    IpPrefix endpoint = ask.endpoint();
    ask.replyTo()
        .tell(
            new FoundEndpoint(
                parts.clock().millis(),
                matrix.knows(endpoint)
                    ? Optional.of(matrix.endpoint(endpoint, nowMillis()))
                    : Optional.empty()));
    return this;
  }

  private static int rows(int asked) {
    return Math.max(1, Math.min(asked, TrafficCommand.ROWS_MAX));
  }

  private long nowMillis() {
    return parts.nanoTime().getAsLong() / NANOS_PER_MILLI;
  }
}
