package io.sterna.agent.link;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.tls.TlsIdentity;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session to one controller, for ever: connects, shows that this element is there, and
 * connects again after a wait that doubles, with jitter, while it does not succeed.
 *
 * <p>Messages do not pass through here: {@link SessionStream} and {@link AgentLink} talk directly.
 */
final class ControllerSession extends AbstractBehavior<ControllerSession.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerSession.class);
  private static final Duration WARN_AGAIN = Duration.ofMinutes(1);

  /** What a session understands. */
  sealed interface Command {}

  private enum Connect implements Command {
    INSTANCE
  }

  private enum Beat implements Command {
    INSTANCE
  }

  private record Connected(SessionStream stream) implements Command {}

  private record StreamEnded(SessionId id, String reason) implements Command {}

  /** What all sessions of a link share. */
  record Shared(
      TlsIdentity identity,
      LinkSettings settings,
      ActorRef<AgentLink.Command> link,
      Supplier<SessionId> ids,
      LongSupplier nanoTime,
      RandomGenerator jitter) {}

  private final ControllerAddress address;
  private final Shared shared;
  private final TimerScheduler<Command> timers;
  private @Nullable SessionStream stream;
  private boolean connected;
  private long connectedNanos;
  private long beats;
  private int failures;
  private final RareWarning warning = new RareWarning(WARN_AGAIN);

  private ControllerSession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ControllerAddress address,
      Shared shared) {
    super(context);
    this.timers = timers;
    this.address = address;
    this.shared = shared;
    connect();
  }

  static Behavior<Command> create(ControllerAddress address, Shared shared) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ControllerSession(context, timers, address, shared)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Beat.class, beat -> onBeat())
        .onMessage(Connected.class, this::onConnected)
        .onMessage(StreamEnded.class, this::onEnded)
        .onMessage(Connect.class, message -> connect())
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> connect() {
    SessionId id = shared.ids().get();
    SessionStream.Running running =
        SessionStream.open(id, address, shared, getContext().getSystem());
    stream = running.stream();
    connected = false;
    getContext()
        .pipeToSelf(
            running.ended(),
            (@Nullable Done done, @Nullable Throwable failure) ->
                new StreamEnded(
                    id,
                    failure == null ? "closed by the controller" : SessionStream.reason(failure)));
    ActorRef<Command> self = getContext().getSelf();
    running.connected().thenAccept(connection -> self.tell(new Connected(running.stream())));
    return this;
  }

  private Behavior<Command> onConnected(Connected message) {
    if (message.stream() == stream) {
      connected = true;
      connectedNanos = shared.nanoTime().getAsLong();
      shared.link().tell(new AgentLink.Opened(address, message.stream()));
      timers.startTimerWithFixedDelay(Beat.INSTANCE, shared.settings().heartbeatInterval());
    }
    return this;
  }

  private Behavior<Command> onBeat() {
    if (stream != null && isSilent(stream)) {
      stream.end("silent for too long");
    } else if (stream != null) {
      stream.send(new Heartbeat(++beats));
    }
    return this;
  }

  /** Before the first word there is TLS to be agreed on, which takes a cold process a while. */
  private boolean isSilent(SessionStream open) {
    long now = shared.nanoTime().getAsLong();
    long limit = shared.settings().silenceLimit().toNanos();
    boolean isFresh = now - connectedNanos < shared.settings().handshakeTimeout().toNanos();
    return now - open.heardNanos() > limit && !(isFresh && open.peer() == null);
  }

  private Behavior<Command> onEnded(StreamEnded ended) {
    timers.cancel(Beat.INSTANCE);
    stream = null;
    // The stream says so too, but could do it before this session has said that it is open.
    shared.link().tell(new AgentLink.Ended(ended.id(), ended.reason()));
    long nowNanos = shared.nanoTime().getAsLong();
    long livedNanos = connected ? nowNanos - connectedNanos : 0;
    failures = livedNanos > shared.settings().reconnectMax().toNanos() ? 1 : failures + 1;
    if (warning.isDue(failures == 1, ended.reason(), nowNanos)) {
      LOG.warn("session to {} down, {} tries so far: {}", address, failures, ended.reason());
    }
    timers.startSingleTimer(Connect.INSTANCE, reconnectDelay());
    return this;
  }

  /** Between half and all of the doubled wait, so that elements do not come back in step. */
  private Duration reconnectDelay() {
    long doubled = shared.settings().reconnectMin().toNanos() << Math.min(failures - 1, 20);
    long wait = Math.min(doubled, shared.settings().reconnectMax().toNanos());
    return Duration.ofNanos(wait / 2 + shared.jitter().nextLong(wait / 2 + 1));
  }

  private Behavior<Command> onStop() {
    if (stream != null) {
      stream.end("no longer wanted");
    }
    return this;
  }
}
