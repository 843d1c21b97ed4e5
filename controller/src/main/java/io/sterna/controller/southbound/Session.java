package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.util.ByteString;
import io.sterna.controller.execution.RelocationCommand.MigrationReported;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.owner.RangeCommand.FeCatchesUp;
import io.sterna.controller.owner.RangeCommand.FeCongested;
import io.sterna.controller.owner.RangeCommand.FeDrained;
import io.sterna.controller.owner.RangeCommand.FeLost;
import io.sterna.controller.owner.RangeCommand.Installed;
import io.sterna.controller.owner.RangeCommand.NoteRefusals;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.southbound.SessionCommand.CatchUpDue;
import io.sterna.controller.southbound.SessionCommand.CatchUpFrames;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.southbound.SessionCommand.FeedFrames;
import io.sterna.controller.southbound.SessionCommand.MembersChanged;
import io.sterna.controller.southbound.SessionCommand.MigrationAsked;
import io.sterna.controller.southbound.SessionCommand.OwnerStopped;
import io.sterna.controller.southbound.SessionCommand.Superseded;
import io.sterna.controller.southbound.SessionCommand.TrafficCounted;
import io.sterna.controller.traffic.TrafficCommand.Reported;
import io.sterna.controller.traffic.TrafficCommand.VmsReported;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.FromFe;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.SouthboundMessage.Welcome;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.wire.WireCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One TLS connection of a forwarding element. Whatever goes wrong here (a malformed frame, silence,
 * a backlog over the limit) ends this connection with a logged reason and nothing else; the element
 * comes back and continues from its positions.
 *
 * <p>States: waiting for Hello -> open -> ended.
 */
public final class Session extends AbstractBehavior<SessionCommand> {
  /** Some times what an element waits before it claims again: a range that moved lost the claim. */
  private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(5);

  /**
   * Two ranges as they are meant to be: one is sent while the other is installed. More would only
   * wait in front of moves that happen meanwhile.
   */
  private static final int CATCH_UP_WINDOW_MIN = 8_192 + 128;

  /**
   * So many that an element never waits for the next while it says what it has installed: twice as
   * fast, but a move that happened meanwhile would wait too long behind them.
   */
  private static final int CATCH_UP_WINDOW_MAX = 4 * CATCH_UP_WINDOW_MIN;

  /** Some times the silence that ends it: who never says Hello must not hold a connection. */
  private static final int SILENCES_BEFORE_HELLO = 3;

  private final Southbound southbound;
  private final Connection connection;
  private final Map<RangeId, ActorRef<RangeCommand>> owners = new HashMap<>();
  private final Set<RangeId> congested = new HashSet<>();
  private final CatchUpTurns turns = new CatchUpTurns(CATCH_UP_WINDOW_MIN, CATCH_UP_WINDOW_MAX);
  private final ResyncPace resyncs = new ResyncPace();
  private final ClaimWindow claims;
  private @Nullable ClaimRate rate;
  private long notMobile;
  private boolean saidItFloods;
  private boolean flushDue;
  private @Nullable FeId fe;

  /** What its connection says to a session. */
  sealed interface FromConnection extends SessionCommand {}

  /** Messages arrived. */
  record Received(List<SouthboundMessage> messages) implements FromConnection {}

  /** The connection ended; empty reason = the element closed it. */
  record Ended(Optional<String> reason) implements FromConnection {}

  /** The element has read nearly everything after {@link Connection#isCongested}. */
  enum Drained implements FromConnection {
    INSTANCE
  }

  /**
   * What was written leaves now. Said to itself, behind what waits in the mailbox already: what
   * several ranges say at a time is one TLS record and one system call.
   */
  enum Flush implements FromConnection {
    INSTANCE
  }

  /** Said to itself. */
  enum HelloDue implements FromConnection {
    INSTANCE
  }

  private Session(
      ActorContext<SessionCommand> context,
      TimerScheduler<SessionCommand> timers,
      Southbound southbound,
      Connection connection) {
    super(context);
    this.southbound = southbound;
    this.connection = connection;
    this.claims = new ClaimWindow(southbound.settings().claimsMax(), CLAIM_PATIENCE);
    timers.startSingleTimer(
        HelloDue.INSTANCE,
        southbound.settings().silenceLimit().multipliedBy(SILENCES_BEFORE_HELLO));
    connection.listen(context.getSelf());
  }

  /** A session that waits for Hello. */
  static Behavior<SessionCommand> create(Southbound southbound, Connection connection) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Session(context, timers, southbound, connection)));
  }

  @Override
  public Receive<SessionCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Received.class, this::onReceived)
        .onMessage(FeedFrames.class, this::onFeedFrames)
        .onMessage(CatchUpDue.class, this::onCatchUpDue)
        .onMessage(CatchUpFrames.class, this::onCatchUpFrames)
        .onMessage(ClaimsAnswered.class, answered -> answer(answered.answers()))
        .onMessage(TrafficCounted.class, this::onTrafficCounted)
        .onMessage(OwnerStopped.class, this::onOwnerStopped)
        .onMessage(MembersChanged.class, changed -> send(new Members(changed.members())))
        .onMessage(MigrationAsked.class, asked -> send(asked.command()))
        .onMessage(Drained.class, drained -> onDrained())
        .onMessage(Flush.class, flush -> onFlush())
        .onMessage(HelloDue.class, due -> fe == null ? end("did not say Hello") : this)
        .onMessage(Ended.class, ended -> end(ended.reason().orElse("closed by the element")))
        .onMessage(Superseded.class, message -> end("the element opened a newer session"))
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<SessionCommand> onReceived(Received received) {
    connection.taken();
    Behavior<SessionCommand> next = this;
    Iterator<SouthboundMessage> messages = received.messages().iterator();
    while (next == this && messages.hasNext()) {
      next = onSaid(messages.next());
    }
    return next;
  }

  private Behavior<SessionCommand> onSaid(SouthboundMessage said) {
    if (!(said instanceof FromFe message)) {
      return end("sent a message that only controllers send: " + kind(said));
    }
    FeId who = fe;
    if (message instanceof Hello hello) {
      return who == null ? onHello(hello) : end("said Hello twice");
    }
    if (who == null) {
      // A heartbeat may overtake the Hello of an element that is busy.
      return message instanceof Heartbeat ? this : end("did not say Hello first");
    }
    return onMessage(who, message);
  }

  private Behavior<SessionCommand> onHello(Hello hello) {
    PeerName peer = connection.peer();
    if (!(peer instanceof PeerName.ForwardingElement named) || !named.id().equals(hello.fe())) {
      return end("says it is " + hello.fe() + " but its certificate says " + peer);
    }
    if (!southbound.inventory().containsKey(hello.fe())) {
      return end(hello.fe() + " is not in the inventory of this cluster");
    }
    fe = hello.fe();
    rate = southbound.claimRates().of(hello.fe());
    getContext()
        .getLog()
        .info("Session with {} at {} opened ({})", fe, connection.remote(), hello.software());
    send(
        new Welcome(
            southbound.self(),
            southbound.members().get(),
            southbound.inventory().values().stream().toList(),
            southbound.ranges().ranges()));
    southbound
        .registry()
        .tell(new Sessions.SessionOpened(hello.fe(), getContext().getSelf(), hello.positions()));
    return this;
  }

  private Behavior<SessionCommand> onMessage(FeId who, FromFe message) {
    if (message instanceof Claim claim) {
      return onClaim(who, claim);
    } else if (message instanceof Applied applied) {
      onApplied(who, applied);
    } else if (message instanceof ResyncRequested resync) {
      onResync(who, resync.range());
    } else if (message instanceof TrafficReport report) {
      southbound.traffic().tell(new Reported(who, report, getContext().getSelf()));
    } else if (message instanceof MigrationReport report) {
      southbound.relocation().tell(new MigrationReported(who, report));
    } else if (message instanceof VmReport report) {
      southbound.traffic().tell(new VmsReported(who, report));
    } else if (message instanceof Heartbeat heartbeat) {
      passOnResyncs(who);
      giveCatchUpTurns();
      return send(heartbeat);
    }
    return this;
  }

  private void onApplied(FeId who, Applied applied) {
    long now = System.nanoTime();
    for (RangePosition position : applied.positions()) {
      ActorRef<RangeCommand> owner = owners.get(position.range());
      if (owner != null) {
        southbound.applied().add(owner, new Installed(who, getContext().getSelf(), position, now));
      }
      turns.applied(position);
    }
    giveCatchUpTurns();
  }

  private void onResync(FeId who, RangeId range) {
    if (owners.containsKey(range) && resyncs.ask(range, System.nanoTime())) {
      tellOwner(range, new FeLost(who, getContext().getSelf()));
    }
  }

  private void passOnResyncs(FeId who) {
    for (RangeId range : resyncs.due(System.nanoTime())) {
      tellOwner(range, new FeLost(who, getContext().getSelf()));
    }
  }

  private Behavior<SessionCommand> onClaim(FeId who, Claim claim) {
    Optional<RangeId> range = southbound.ranges().rangeOf(claim.address());
    long now = System.nanoTime();
    ClaimRate mine = Objects.requireNonNull(rate, "no Hello");
    if (mine.isExceeded(now)) {
      return limit(mine, who, range, claim, now);
    }
    if (range.isEmpty()) {
      notMobile++;
      return send(new ClaimRejected(claim.claimId(), RejectReason.NOT_MOBILE, 0));
    }
    if (!claims.enter(claim.claimId(), now)) {
      // Not left in the socket: heartbeats and what is applied come the same way.
      return refuse(claim);
    }
    RangeCommand register = new RegisterBinding(who, claim, getContext().getSelf());
    ActorRef<RangeCommand> owner = owners.get(range.get());
    if (owner != null) {
      owner.tell(register);
    } else {
      southbound.owners().accept(range.get(), register);
    }
    return this;
  }

  private Behavior<SessionCommand> limit(
      ClaimRate mine, FeId who, Optional<RangeId> range, Claim claim, long now) {
    if (range.isPresent()) {
      mine.refused(now)
          .ifPresent(
              before ->
                  southbound
                      .owners()
                      .accept(
                          range.get(),
                          new NoteRefusals(who, claim, RejectReason.RATE_LIMITED, before)));
    }
    return send(new ClaimRejected(claim.claimId(), RejectReason.RATE_LIMITED, 0));
  }

  private Behavior<SessionCommand> refuse(Claim claim) {
    if (!saidItFloods) {
      saidItFloods = true;
      getContext()
          .getLog()
          .warn(
              "{} claims faster than is decided: what is over {} claims is refused for now",
              whom(),
              southbound.settings().claimsMax());
    }
    return send(new ClaimRejected(claim.claimId(), RejectReason.UNAVAILABLE, 0));
  }

  private Behavior<SessionCommand> answer(List<FromController> answers) {
    for (FromController answer : answers) {
      if (answer instanceof ClaimAccepted accepted) {
        claims.answered(accepted.claimId());
      } else if (answer instanceof ClaimRejected rejected) {
        claims.answered(rejected.claimId());
      }
    }
    return write(ByteString.fromArrayUnsafe(WireCodec.encodeFrames(answers)));
  }

  private Behavior<SessionCommand> onTrafficCounted(TrafficCounted counted) {
    return send(new TrafficAcknowledged(counted.incarnation(), counted.interval(), counted.part()));
  }

  /** From now on sharding finds the way, and keeps claims back while there is no owner. */
  private Behavior<SessionCommand> onOwnerStopped(OwnerStopped stopped) {
    if (owners.remove(stopped.range(), stopped.owner())) {
      forget(stopped.range());
      giveCatchUpTurns();
    }
    return this;
  }

  private Behavior<SessionCommand> onFeedFrames(FeedFrames feed) {
    turns.changed();
    if (!feed.answers().isEmpty() && answer(feed.answers()) != this) {
      return Behaviors.stopped();
    }
    return feed(feed.range(), feed.owner(), feed.frames());
  }

  private Behavior<SessionCommand> onCatchUpDue(CatchUpDue due) {
    fedBy(due.range(), due.owner());
    turns.due(due.range(), due.bindings(), due.urgent());
    giveCatchUpTurns();
    return this;
  }

  private Behavior<SessionCommand> onCatchUpFrames(CatchUpFrames missed) {
    turns.sent(missed.position());
    return feed(missed.position().range(), missed.owner(), missed.frames());
  }

  private Behavior<SessionCommand> feed(
      RangeId range, ActorRef<RangeCommand> owner, ByteString frames) {
    fedBy(range, owner);
    Behavior<SessionCommand> next = write(frames);
    FeId who = fe;
    if (who != null && connection.isCongested() && congested.add(range)) {
      owner.tell(new FeCongested(who, getContext().getSelf()));
    }
    return next;
  }

  private void fedBy(RangeId range, ActorRef<RangeCommand> owner) {
    ActorRef<RangeCommand> before = owners.put(range, owner);
    if (before != null && !before.equals(owner)) {
      forget(range);
    }
  }

  /** What was agreed with an owner that is none any more. */
  private void forget(RangeId range) {
    turns.forget(range);
    resyncs.forget(range);
    congested.remove(range);
  }

  /** An element that does not read what it was sent needs nothing more yet. */
  private void giveCatchUpTurns() {
    FeId who = fe;
    if (who == null || connection.isCongested()) {
      return;
    }
    long now = System.nanoTime();
    Optional<RangeId> next = turns.next(now);
    while (next.isPresent()) {
      tellOwner(next.get(), new FeCatchesUp(who, getContext().getSelf()));
      next = turns.next(now);
    }
  }

  private Behavior<SessionCommand> onDrained() {
    FeId who = fe;
    if (who == null) {
      return this;
    }
    congested.forEach(range -> tellOwner(range, new FeDrained(who, getContext().getSelf())));
    congested.clear();
    giveCatchUpTurns();
    return this;
  }

  private void tellOwner(RangeId range, RangeCommand command) {
    ActorRef<RangeCommand> owner = owners.get(range);
    // Not fed from here (any more): whoever owns the range now feeds the element by another
    // session.
    if (owner != null) {
      owner.tell(command);
    }
  }

  private Behavior<SessionCommand> send(SouthboundMessage message) {
    return write(ByteString.fromArrayUnsafe(WireCodec.encodeFrame(message)));
  }

  private Behavior<SessionCommand> write(ByteString frames) {
    if (!connection.write(frames)) {
      return end("it reads too slowly: the backlog is over its limit");
    }
    if (!flushDue && !connection.isFlushDue()) {
      flushDue = true;
      getContext().getSelf().tell(Flush.INSTANCE);
    }
    return this;
  }

  private Behavior<SessionCommand> onFlush() {
    flushDue = false;
    connection.flush();
    return this;
  }

  private Behavior<SessionCommand> end(String reason) {
    getContext()
        .getLog()
        .info("Session with {} at {} ended: {}", whom(), connection.remote(), reason);
    return Behaviors.stopped();
  }

  private Behavior<SessionCommand> onStop() {
    connection.close();
    FeId who = fe;
    if (notMobile > 0) {
      // No journal is theirs.
      getContext()
          .getLog()
          .info("{} made {} claims of addresses that are not mobile", whom(), notMobile);
    }
    if (who != null) {
      southbound.registry().tell(new Sessions.SessionEnded(who, getContext().getSelf()));
    }
    return this;
  }

  private String whom() {
    return fe == null ? "somebody" : fe.value();
  }

  private static String kind(SouthboundMessage message) {
    return message.getClass().getSimpleName();
  }
}
