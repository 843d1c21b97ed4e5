package io.sterna.agent.link;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.sterna.agent.claim.ClaimSettings;
import io.sterna.agent.claim.Claims;
import io.sterna.agent.claim.SilenceSettings;
import io.sterna.agent.claim.SilenceWatch;
import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.hypervisor.Hypervisor;
import io.sterna.agent.install.RouteWriter;
import io.sterna.agent.install.WriterSettings;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.SessionId;
import io.sterna.agent.telemetry.TrafficReporter;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.SouthboundMessage.Welcome;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's one decision maker: it owns the desired table and the claims, and stands between the
 * sessions, the route writer and the neighbourhood. Everything it does takes microseconds, so that
 * an announcement and a delta pass through one mailbox only.
 */
public final class AgentLink extends AbstractBehavior<AgentLink.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLink.class);

  /** The most positions of one message: far below a frame's limit. */
  private static final int POSITIONS_MAX = 1000;

  /** A Hello has no continuation; ranges beyond this are fed as if they were new. */
  private static final int HELLO_POSITIONS_MAX = 8000;

  /** What the link understands. */
  public sealed interface Command {}

  /** A VM announced itself. */
  record Announced(Announcement announcement) implements Command {}

  /** The forwarding table holds everything up to these positions. */
  record Installed(List<RangePosition> positions) implements Command {}

  /** TCP to a controller is connected. */
  record Opened(ControllerAddress address, SessionStream stream) implements Command {}

  /** A session's stream can deliver. */
  record Ready(ActorRef<Ack> acknowledge) implements Command {}

  /** A controller said something; the next message comes after the acknowledgement. */
  record Received(SessionId session, FromController message, ActorRef<Ack> acknowledge)
      implements Command {}

  /** Nothing more comes by this session. */
  record Ended(SessionId session, String reason) implements Command {}

  /** The hypervisor has come further with what a controller asked. */
  record Migrated(MigrationReport report) implements Command {}

  /** The hypervisor has said what its VMs use. */
  record VmsFound(VmReport report) implements Command {}

  /** Tell everything you know about yourself. */
  public record GetStatus(ActorRef<AgentStatus> replyTo) implements Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  private enum Report implements Command {
    INSTANCE
  }

  private enum AskHypervisor implements Command {
    INSTANCE
  }

  /** The link took the message. */
  enum Ack {
    INSTANCE
  }

  /**
   * What the link works with.
   *
   * @param fe who this element is
   * @param software name and version, for people
   * @param nanoTime a clock that does not go back
   * @param jitter spreads reconnections
   * @param inSync set by the link, read by everybody
   * @param remote answers from the link's knowledge as soon as it runs
   * @param telemetry what is counted here, if anything is
   * @param hypervisor what runs the VMs here, if controllers may move them; closed by its owner
   * @param vmReportInterval how often that is asked what its VMs use; zero: never
   */
  public record Parts(
      FeId fe,
      String software,
      LinkSettings link,
      ClaimSettings claims,
      SilenceSettings silence,
      WriterSettings routes,
      TlsIdentity identity,
      ForwardingTable forwardingTable,
      Neighbourhood neighbourhood,
      LongSupplier nanoTime,
      RandomGenerator jitter,
      AtomicBoolean inSync,
      RemoteAddresses remote,
      Optional<CountedTraffic> telemetry,
      Optional<Hypervisor> hypervisor,
      Duration vmReportInterval) {}

  private final Parts parts;
  private final TimerScheduler<Command> timers;
  private final ControllerSession.Shared shared;
  private final DesiredTable table;
  private final Claims claims;
  private final SilenceWatch silence;
  private final RouteWriter writer;
  private final AppliedReports reports;
  private final FeedReceiver feeds;
  private final OpenSessions sessions;
  private final ClaimDesk desk;
  private final AnnouncementGate gate;
  private final Optional<ActorRef<TrafficReporter.Command>> traffic;
  private final HypervisorDesk hypervisor;

  private final Map<ControllerAddress, ActorRef<ControllerSession.Command>> keepers =
      new TreeMap<>();

  private AgentLink(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts)
      throws IOException {
    super(context);
    this.parts = parts;
    this.timers = timers;
    ActorRef<Command> self = context.getSelf();
    AtomicLong lastSession = new AtomicLong();
    shared =
        new ControllerSession.Shared(
            parts.identity(),
            parts.link(),
            self,
            () -> new SessionId(lastSession.incrementAndGet()),
            parts.nanoTime(),
            parts.jitter());
    table = new DesiredTable(parts.fe());
    claims = new Claims(parts.claims(), table);
    silence = new SilenceWatch(parts.silence(), table, claims::nextClaimId);
    reports = new AppliedReports();
    sessions = new OpenSessions(parts.link().controllers());
    gate = new AnnouncementGate(parts.link().announcementsMax());
    Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    hypervisor = new HypervisorDesk(parts, sessions, self, blocking);
    if (hypervisor.reports()) {
      timers.startTimerWithFixedDelay(AskHypervisor.INSTANCE, parts.vmReportInterval());
    }
    writer =
        RouteWriter.start(
            parts.forwardingTable(),
            listener(context.getSystem()::terminate, self, parts.neighbourhood()),
            parts.routes(),
            parts.nanoTime());
    desk = new ClaimDesk(claims, table, reports, sessions, parts.neighbourhood(), writer);
    parts.remote().bind(address -> isRemote(table, writer, address));
    feeds = new FeedReceiver(parts.link(), table, silence, writer, reports);
    traffic = parts.telemetry().map(telemetry -> reporter(context, telemetry, table));
    timers.startTimerWithFixedDelay(Tick.INSTANCE, parts.link().tickInterval());
    keepSessions();
    parts.neighbourhood().listen(announcement -> gate.offer(announcement, self));
  }

  /** The behaviour; it begins to connect, to listen and to write at once. */
  public static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> started(context, timers, parts)));
  }

  private static Behavior<Command> started(
      ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
    try {
      return new AgentLink(context, timers, parts);
    } catch (IOException e) {
      LOG.error("cannot listen to the VMs: {}", e.getMessage());
      return Behaviors.stopped();
    }
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Received.class, this::onReceived)
        .onMessage(Announced.class, this::onAnnounced)
        .onMessage(Installed.class, this::onInstalled)
        .onMessage(Report.class, message -> report())
        .onMessage(Tick.class, message -> onTick())
        .onMessage(Opened.class, this::onOpened)
        .onMessage(Ready.class, this::onReady)
        .onMessage(Ended.class, this::onEnded)
        .onMessage(Migrated.class, this::onMigrated)
        .onMessage(AskHypervisor.class, message -> onAskHypervisor())
        .onMessage(VmsFound.class, this::onVmsFound)
        .onMessage(GetStatus.class, this::onGetStatus)
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  /** On threads of its own: reading the counters takes a while. */
  private static ActorRef<TrafficReporter.Command> reporter(
      ActorContext<Command> context, CountedTraffic telemetry, DesiredTable table) {
    return context.spawn(
        TrafficReporter.create(
            telemetry.settings(),
            telemetry.source(),
            endpoint -> boundAt(table, endpoint),
            telemetry.incarnation()),
        "traffic",
        DispatcherSelector.blocking());
  }

  private static Optional<FeId> boundAt(DesiredTable table, IpPrefix endpoint) {
    IpAddress address = endpoint.address();
    return endpoint.length() < address.bitLength()
        ? Optional.empty()
        : table.binding(address).filter(binding -> !binding.isReleased()).map(Binding::fe);
  }

  private static boolean isRemote(DesiredTable table, RouteWriter writer, IpAddress address) {
    return table.isRemote(address)
        || (table.binding(address).isEmpty() && writer.isLeftoverTunnel(address));
  }

  private static RouteWriter.Listener listener(
      Runnable end, ActorRef<Command> self, Neighbourhood neighbourhood) {
    return new RouteWriter.Listener() {
      @Override
      public void died() {
        end.run();
      }

      @Override
      public void installed(List<RangePosition> positions) {
        self.tell(new Installed(positions));
      }

      @Override
      public void movedAway(IpAddress address) {
        try {
          neighbourhood.redirect(address);
        } catch (IOException e) {
          LOG.warn("cannot tell the VMs here that {} moved away: {}", address, e.getMessage());
        }
      }
    };
  }

  private Behavior<Command> onAnnounced(Announced announced) {
    gate.taken();
    long now = now();
    desk.perform(claims.announced(announced.announcement(), now), now);
    desk.perform(silence.heard(announced.announcement(), now), now);
    return this;
  }

  private Behavior<Command> onReceived(Received received) {
    received.acknowledge().tell(Ack.INSTANCE);
    SessionId id = received.session();
    FromController message = received.message();
    if (message instanceof Heartbeat) {
      return this;
    }
    if (message instanceof Welcome welcome) {
      sessions.stream(id).ifPresent(stream -> onWelcome(stream, welcome));
    } else if (sessions.isWelcomed(id)) {
      onMessage(id, message);
    } else {
      sessions.stream(id)
          .ifPresent(stream -> stream.end("the controller did not say Welcome first"));
    }
    return this;
  }

  private void onMessage(SessionId id, FromController message) {
    long now = now();
    if (message instanceof Delta delta) {
      resyncIf(feeds.onDelta(id, delta, now), id, delta.position().range());
    } else if (message instanceof Snapshot snapshot) {
      resyncIf(feeds.onSnapshot(id, snapshot, now), id, snapshot.position().range());
    } else if (message instanceof ClaimAccepted accepted) {
      claims.accepted(accepted, now);
      silence.accepted(accepted.claimId());
    } else if (message instanceof ClaimRejected rejected) {
      desk.perform(claims.rejected(rejected, now), now);
      silence.rejected(rejected.claimId());
    } else if (message instanceof TrafficAcknowledged upTo) {
      traffic.ifPresent(reporter -> reporter.tell(new TrafficReporter.Acknowledged(upTo)));
      return;
    } else if (message instanceof MigrationCommand command) {
      hypervisor.asked(id, command);
      return;
    } else if (message instanceof Members members) {
      sessions.membersChanged(id, members.members());
      keepSessions();
    }
    parts.inSync().set(feeds.isInSync());
    reportSoon();
  }

  private Behavior<Command> onMigrated(Migrated migrated) {
    hypervisor.migrated(migrated.report());
    return this;
  }

  private Behavior<Command> onAskHypervisor() {
    hypervisor.reportIsDue();
    return this;
  }

  private Behavior<Command> onVmsFound(VmsFound found) {
    hypervisor.found(found.report());
    return this;
  }

  private void onWelcome(SessionStream stream, Welcome welcome) {
    ControllerId named = stream.peer();
    if (!welcome.controller().equals(named)) {
      stream.end("it says it is " + welcome.controller() + " but its certificate says " + named);
      return;
    }
    sessions.welcomed(stream.id(), welcome.controller(), welcome.members());
    LOG.info("session with {} up ({})", welcome.controller(), stream.id());
    feeds.onWelcome(welcome);
    Set<IpPrefix> mobile =
        welcome.ranges().stream().map(RangeId::prefix).collect(Collectors.toUnmodifiableSet());
    traffic.ifPresent(
        reporter ->
            reporter.tell(new TrafficReporter.SessionOpened(stream.id(), mobile, stream::send)));
    keepSessions();
  }

  private void resyncIf(boolean needed, SessionId id, RangeId range) {
    if (needed) {
      sessions.stream(id).ifPresent(s -> s.send(new ResyncRequested(range)));
    }
  }

  private Behavior<Command> onInstalled(Installed message) {
    reports.installed(message.positions());
    reportSoon();
    return this;
  }

  private void reportSoon() {
    if (reports.isPending() && !timers.isTimerActive(Report.INSTANCE)) {
      timers.startSingleTimer(Report.INSTANCE, parts.link().appliedInterval());
    }
  }

  private Behavior<Command> report() {
    Map<SessionId, List<RangePosition>> due = reports.drain();
    due.forEach((id, positions) -> sessions.stream(id).ifPresent(s -> tell(s, positions)));
    return this;
  }

  private static void tell(SessionStream stream, List<RangePosition> positions) {
    for (int from = 0; from < positions.size(); from += POSITIONS_MAX) {
      int to = Math.min(positions.size(), from + POSITIONS_MAX);
      stream.send(new Applied(positions.subList(from, to)));
    }
  }

  private Behavior<Command> onTick() {
    long now = now();
    desk.perform(claims.tick(now), now);
    desk.perform(silence.tick(now), now);
    feeds.overdue(now).forEach(due -> resyncIf(true, due.session(), due.range()));
    return this;
  }

  private Behavior<Command> onOpened(Opened opened) {
    sessions.opened(opened.address(), opened.stream());
    List<RangePosition> positions = table.positions();
    int count = Math.min(positions.size(), HELLO_POSITIONS_MAX);
    opened.stream().send(new Hello(parts.fe(), parts.software(), positions.subList(0, count)));
    return this;
  }

  private Behavior<Command> onReady(Ready ready) {
    ready.acknowledge().tell(Ack.INSTANCE);
    return this;
  }

  private Behavior<Command> onEnded(Ended ended) {
    if (sessions.ended(ended.session()).isPresent()) {
      feeds.onSessionEnded(ended.session());
      claims.sessionEnded(ended.session(), now());
      traffic.ifPresent(
          reporter -> reporter.tell(new TrafficReporter.SessionEnded(ended.session())));
      keepSessions();
    }
    return this;
  }

  private void keepSessions() {
    Set<ControllerAddress> wanted = sessions.wanted();
    for (ControllerAddress address : wanted) {
      keepers.computeIfAbsent(
          address, a -> getContext().spawnAnonymous(ControllerSession.create(a, shared)));
    }
    for (ControllerAddress address : List.copyOf(keepers.keySet())) {
      if (!wanted.contains(address)) {
        LOG.info("no controller at {} any more: its session ends", address);
        getContext().stop(Objects.requireNonNull(keepers.remove(address)));
      }
    }
  }

  private Behavior<Command> onGetStatus(GetStatus ask) {
    RouteWriter.Backlog backlog = writer.backlog();
    ask.replyTo()
        .tell(
            new AgentStatus(
                parts.fe(),
                keepers.keySet().stream().map(this::sessionStatus).toList(),
                feeds.isInSync(),
                table.positions(),
                backlog.installed(),
                table.size(),
                backlog.pending(),
                backlog.refused(),
                claims.pendingCount(),
                gate.droppedCount() + claims.droppedCount()));
    return this;
  }

  private AgentStatus.SessionStatus sessionStatus(ControllerAddress address) {
    return new AgentStatus.SessionStatus(address, sessions.controllerAt(address));
  }

  private Behavior<Command> onStop() {
    writer.close();
    return this;
  }

  private long now() {
    return parts.nanoTime().getAsLong();
  }
}
