package io.sterna.agent.telemetry;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.sterna.agent.table.SessionId;
import io.sterna.monitoring.report.PendingIntervals;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what was counted to one controller at a time, any: they all hand it to the same
 * collector.
 *
 * <pre>
 * every interval: rotate -> PendingIntervals -- a few parts on their way --> the session in use
 * acknowledged: the next part
 * nothing acknowledged for long, or the session ended: again, by the session that was opened next
 * </pre>
 *
 * <p>Nothing is rotated before a controller said which addresses are VMs: until then the kernel
 * goes on counting. Reads the kernel's counters, so it runs where blocking is allowed.
 */
public final class TrafficReporter extends AbstractBehavior<TrafficReporter.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(TrafficReporter.class);

  /** What it understands. */
  public sealed interface Command {}

  /**
   * A controller welcomed this element.
   *
   * @param mobile the prefixes whose addresses are VMs
   * @param send sends by this session; may be called on any thread
   */
  public record SessionOpened(SessionId session, Set<IpPrefix> mobile, Consumer<TrafficReport> send)
      implements Command {
    public SessionOpened {
      mobile = Set.copyOf(mobile);
    }
  }

  /** Nothing more goes by this session. */
  public record SessionEnded(SessionId session) implements Command {}

  /** Something was counted by the controllers. */
  public record Acknowledged(TrafficAcknowledged upTo) implements Command {}

  private enum Rotate implements Command {
    INSTANCE
  }

  private enum PortsChanged implements Command {
    INSTANCE
  }

  private enum NothingAcknowledged implements Command {
    INSTANCE
  }

  private final TimerScheduler<Command> timers;
  private final TelemetrySettings settings;
  private final TrafficSource source;
  private final Function<IpPrefix, Optional<FeId>> whereabouts;
  private final PendingIntervals pending;
  private final AtomicBoolean followDue = new AtomicBoolean();

  /** In the order in which they were opened; the first is the one in use. */
  private final Map<SessionId, Consumer<TrafficReport>> sessions = new LinkedHashMap<>();

  private Set<IpPrefix> mobile = Set.of();
  private boolean failing;

  private TrafficReporter(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      TelemetrySettings settings,
      TrafficSource source,
      Function<IpPrefix, Optional<FeId>> whereabouts,
      long incarnation) {
    super(context);
    this.timers = timers;
    this.settings = settings;
    this.source = source;
    this.whereabouts = whereabouts;
    this.pending =
        new PendingIntervals(
            incarnation,
            settings.reportsInFlightMax(),
            settings.counters().pairsMax(),
            settings.reportEntriesMax());
    timers.startTimerAtFixedRate(Rotate.INSTANCE, settings.interval());
    listen();
  }

  /**
   * The behaviour; it closes the source when it ends. A message that fails is left out.
   *
   * @param whereabouts where a VM is bound; asked on the reporter's thread
   * @param incarnation differs from those of earlier runs
   */
  public static Behavior<Command> create(
      TelemetrySettings settings,
      TrafficSource source,
      Function<IpPrefix, Optional<FeId>> whereabouts,
      long incarnation) {
    Behavior<Command> reporter =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers ->
                        new TrafficReporter(
                            context, timers, settings, source, whereabouts, incarnation)));
    // Begun anew it would know no session, and count intervals from one again.
    return Behaviors.supervise(reporter).onFailure(SupervisorStrategy.resume());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Acknowledged.class, this::onAcknowledged)
        .onMessage(Rotate.class, message -> onRotate())
        .onMessage(PortsChanged.class, message -> onPortsChanged())
        .onMessage(SessionOpened.class, this::onOpened)
        .onMessage(SessionEnded.class, this::onEnded)
        .onMessage(NothingAcknowledged.class, message -> onNothingAcknowledged())
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private void listen() {
    try {
      source.listen(
          () -> {
            if (followDue.compareAndSet(false, true)) {
              getContext().getSelf().tell(PortsChanged.INSTANCE);
            }
          });
    } catch (IOException e) {
      LOG.warn(
          "new ports are counted up to {} s late: {}",
          settings.interval().toSeconds(),
          e.getMessage());
    }
  }

  private Behavior<Command> onPortsChanged() {
    followDue.set(false);
    try {
      source.follow();
    } catch (IOException e) {
      LOG.warn("a new port may not be counted yet: {}", e.getMessage());
    }
    return this;
  }

  private Behavior<Command> onRotate() {
    if (mobile.isEmpty()) {
      return this;
    }
    try {
      TrafficSource.Counted counted = source.rotate();
      pending.add(counted.pairs(), counted.duration());
      failing = false;
    } catch (IOException e) {
      // The kernel counts on: the next interval is longer.
      if (!failing) {
        LOG.warn("the traffic counters cannot be read: {}", e.getMessage());
      }
      failing = true;
    }
    send();
    return this;
  }

  private Behavior<Command> onOpened(SessionOpened opened) {
    learn(opened.mobile());
    sessions.put(opened.session(), opened.send());
    send();
    return this;
  }

  private void learn(Set<IpPrefix> prefixes) {
    if (prefixes.isEmpty() || prefixes.equals(mobile)) {
      return;
    }
    source.mobile(prefixes);
    mobile = prefixes;
  }

  private Behavior<Command> onEnded(SessionEnded ended) {
    boolean inUse = sessions.keySet().stream().findFirst().equals(Optional.of(ended.session()));
    sessions.remove(ended.session());
    if (inUse) {
      again();
    }
    return this;
  }

  private Behavior<Command> onAcknowledged(Acknowledged message) {
    TrafficAcknowledged upTo = message.upTo();
    if (pending.acknowledged(upTo.incarnation(), upTo.interval(), upTo.part())) {
      timers.cancel(NothingAcknowledged.INSTANCE);
      send();
    }
    return this;
  }

  /** Perhaps this controller is cut off from the others: the next session's turn. */
  private Behavior<Command> onNothingAcknowledged() {
    Iterator<Map.Entry<SessionId, Consumer<TrafficReport>>> first = sessions.entrySet().iterator();
    if (first.hasNext()) {
      Map.Entry<SessionId, Consumer<TrafficReport>> inUse = first.next();
      SessionId session = inUse.getKey();
      Consumer<TrafficReport> send = inUse.getValue();
      first.remove();
      sessions.put(session, send);
    }
    again();
    return this;
  }

  private void again() {
    timers.cancel(NothingAcknowledged.INSTANCE);
    pending.again();
    send();
  }

  private void send() {
    Optional<Consumer<TrafficReport>> session = sessions.values().stream().findFirst();
    if (session.isEmpty()) {
      return;
    }
    Optional<TrafficReport> part = pending.next(whereabouts);
    while (part.isPresent()) {
      session.get().accept(part.get());
      part = pending.next(whereabouts);
    }
    if (pending.inFlight() > 0 && !timers.isTimerActive(NothingAcknowledged.INSTANCE)) {
      timers.startSingleTimer(NothingAcknowledged.INSTANCE, settings.resendAfter());
    }
  }

  private Behavior<Command> onStop() {
    try {
      source.close();
    } catch (IOException e) {
      LOG.warn("the traffic counters did not close cleanly: {}", e.getMessage());
    }
    return this;
  }
}
