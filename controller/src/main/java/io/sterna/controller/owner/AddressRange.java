package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.BindingLog.Content;
import io.sterna.controller.owner.BindingLog.Recovered;
import io.sterna.controller.owner.RangeCommand.DescribeRange;
import io.sterna.controller.owner.RangeCommand.FeApplied;
import io.sterna.controller.owner.RangeCommand.FeAttached;
import io.sterna.controller.owner.RangeCommand.FeDetached;
import io.sterna.controller.owner.RangeCommand.FeLost;
import io.sterna.controller.owner.RangeCommand.FindBinding;
import io.sterna.controller.owner.RangeCommand.HandOff;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.owner.RangeCommand.Wake;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Decision;
import io.sterna.controller.southbound.SessionCommand.ClaimAnswered;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sole writer of one address range: collects claims while a commit is in flight, hands them as one
 * batch to its {@link BindingLog}, and tells nobody anything before it is committed (DESIGN 4.2).
 *
 * <p>States: taking an epoch -> recovering -> active. Claims wait in every state; reads wait until
 * the log is recovered, and while it writes: what reached it then would be stashed there, where too
 * much is dropped silently, and less than that overflows the stack when it is taken out. The epoch
 * is taken before the journal is read, so that whatever an earlier owner wrote under a lower epoch
 * is either in that journal or will be discarded.
 */
public final class AddressRange extends AbstractBehavior<RangeCommand> {
  private static final int READS_WAITING_MAX = 1000;

  private static final Duration EPOCH_RETRY_DELAY = Duration.ofMillis(500);

  private final RangeId range;
  private final RangeServices services;
  private final TimerScheduler<RangeCommand> timers;
  private final Feed feed;
  private final Deque<RegisterBinding> waiting = new ArrayDeque<>();
  private final Deque<RangeCommand> waitingReads = new ArrayDeque<>();
  private List<RegisterBinding> inFlight = List.of();
  private boolean snapshotInFlight;
  private boolean handingOff;
  private int bindingCount;
  private @Nullable ActorRef<BindingLog.Command> log;
  private @Nullable RangePosition position;

  private record EpochTaken(long epoch) implements Internal {}

  private record EpochRefused(Throwable failure) implements Internal {}

  private enum TakeEpoch implements Internal {
    INSTANCE
  }

  private record LogRecovered(Recovered recovered) implements Internal {}

  private record LogCommitted(Committed committed) implements Internal {}

  private record LogRead(Content content) implements Internal {}

  /** What this actor tells itself. */
  sealed interface Internal extends RangeCommand {}

  private AddressRange(
      ActorContext<RangeCommand> context,
      TimerScheduler<RangeCommand> timers,
      RangeId range,
      RangeServices services) {
    super(context);
    this.range = range;
    this.services = services;
    this.timers = timers;
    this.feed = new Feed(range, context.getSelf(), services.limits().recentDeltasLimitBytes());
    takeEpoch();
  }

  /** The owner of this range. */
  public static Behavior<RangeCommand> create(RangeId range, RangeServices services) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new AddressRange(context, timers, range, services)));
  }

  @Override
  public Receive<RangeCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(RegisterBinding.class, this::onRegister)
        .onMessage(LogCommitted.class, message -> onCommitted(message.committed()))
        .onMessage(FeApplied.class, this::onApplied)
        .onMessage(FeAttached.class, this::onAttached)
        .onMessage(FeDetached.class, this::onDetached)
        .onMessage(FeLost.class, this::onLost)
        .onMessage(LogRead.class, message -> onContent(message.content()))
        .onMessage(ListBindings.class, this::onRead)
        .onMessage(FindBinding.class, this::onRead)
        .onMessage(DescribeRange.class, this::onDescribe)
        .onMessage(Wake.class, wake -> this)
        .onMessage(TakeEpoch.class, message -> takeEpoch())
        .onMessage(EpochTaken.class, this::onEpochTaken)
        .onMessage(EpochRefused.class, this::onEpochRefused)
        .onMessage(LogRecovered.class, message -> onRecovered(message.recovered()))
        .onMessage(HandOff.class, message -> onHandOff())
        .onSignal(Terminated.class, ended -> Behaviors.stopped())
        .build();
  }

  private Behavior<RangeCommand> takeEpoch() {
    getContext()
        .pipeToSelf(
            services.epochs().acquire(range, services.self()),
            (epoch, failure) ->
                failure == null ? new EpochTaken(epoch) : new EpochRefused(failure));
    return this;
  }

  private Behavior<RangeCommand> onEpochRefused(EpochRefused refused) {
    getContext()
        .getLog()
        .warn(
            "Range {} cannot take an epoch, trying again: {}", range, refused.failure().toString());
    timers.startSingleTimer(TakeEpoch.INSTANCE, EPOCH_RETRY_DELAY);
    return this;
  }

  private Behavior<RangeCommand> onEpochTaken(EpochTaken taken) {
    ActorRef<Recovered> recovered = getContext().messageAdapter(Recovered.class, LogRecovered::new);
    ActorRef<BindingLog.Command> spawned =
        getContext()
            .spawn(
                BindingLog.create(
                    range,
                    new BindingLog.Ownership(services.self(), taken.epoch()),
                    services.limits().snapshotEvery(),
                    recovered,
                    services.clock()),
                "log");
    getContext().watch(spawned);
    log = spawned;
    return this;
  }

  private Behavior<RangeCommand> onRecovered(Recovered recovered) {
    boolean first = position == null;
    position = recovered.position();
    bindingCount = recovered.bindingCount();
    snapshotInFlight = false;
    feed.startAt(recovered.from(), recovered.position());
    // After a write whose fate is unknown: the claimants try again, and a repeated claim is
    // harmless.
    inFlight.forEach(claim -> refuse(claim, RejectReason.UNAVAILABLE));
    inFlight = List.of();
    if (handingOff) {
      return Behaviors.stopped();
    }
    if (first) {
      getContext()
          .getLog()
          .info(
              "Range {} is active: epoch {}, revision {}, {} bindings",
              range,
              recovered.position().epoch(),
              recovered.position().revision(),
              bindingCount);
      services.sessions().tell(new Sessions.RangeActive(range, getContext().getSelf()));
    }
    return serve();
  }

  private Behavior<RangeCommand> onRegister(RegisterBinding claim) {
    if (handingOff || waiting.size() >= services.limits().queueLimit()) {
      refuse(claim, RejectReason.UNAVAILABLE);
      return this;
    }
    waiting.add(claim);
    return flush();
  }

  private Behavior<RangeCommand> flush() {
    if (log == null || !isLogIdle() || waiting.isEmpty()) {
      return this;
    }
    int size = Math.min(waiting.size(), services.limits().batchLimit());
    List<RegisterBinding> batch = new ArrayList<>(size);
    List<ClaimRequest> claims = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      RegisterBinding claim = waiting.remove();
      batch.add(claim);
      claims.add(new ClaimRequest(claim.fe(), claim.claim()));
    }
    inFlight = batch;
    ActorRef<Committed> replyTo = getContext().messageAdapter(Committed.class, LogCommitted::new);
    log.tell(new BindingLog.Commit(claims, replyTo));
    return this;
  }

  private Behavior<RangeCommand> onCommitted(Committed committed) {
    List<RegisterBinding> batch = inFlight;
    inFlight = List.of();
    position = committed.to();
    bindingCount = committed.bindingCount();
    Set<FeId> claimants = new LinkedHashSet<>();
    for (int i = 0; i < batch.size(); i++) {
      answer(batch.get(i), committed.decisions().get(i));
      claimants.add(batch.get(i).fe());
    }
    feed.publish(committed, claimants);
    if (handingOff) {
      return Behaviors.stopped();
    }
    return serve();
  }

  /** What the log may do now that it does not write: short reads first, and the next batch last. */
  private Behavior<RangeCommand> serve() {
    List<RangeCommand> reads = List.copyOf(waitingReads);
    waitingReads.clear();
    reads.forEach(this::onRead);
    serveSnapshots();
    return flush();
  }

  private static void answer(RegisterBinding claim, Decision decision) {
    if (decision instanceof Decision.Accepted accepted) {
      claim
          .replyTo()
          .tell(new ClaimAnswered(new ClaimAccepted(claim.claim().claimId(), accepted.binding())));
    } else if (decision instanceof Decision.Rejected rejected) {
      refuse(claim, rejected.reason(), rejected.currentVersion());
    }
  }

  private static void refuse(RegisterBinding claim, RejectReason reason) {
    refuse(claim, reason, 0);
  }

  private static void refuse(RegisterBinding claim, RejectReason reason, long currentVersion) {
    claim
        .replyTo()
        .tell(
            new ClaimAnswered(new ClaimRejected(claim.claim().claimId(), reason, currentVersion)));
  }

  private Behavior<RangeCommand> onAttached(FeAttached attached) {
    feed.attach(attached.fe(), attached.session(), attached.position());
    return serveSnapshots();
  }

  private Behavior<RangeCommand> onDetached(FeDetached detached) {
    feed.detach(detached.fe(), detached.session());
    return this;
  }

  private Behavior<RangeCommand> onApplied(FeApplied applied) {
    feed.applied(applied.fe(), applied.position());
    return this;
  }

  private Behavior<RangeCommand> onLost(FeLost lost) {
    feed.lost(lost.fe(), lost.session());
    return serveSnapshots();
  }

  /** One read of the log serves every element that waits for a snapshot. */
  private Behavior<RangeCommand> serveSnapshots() {
    if (log != null && isLogIdle() && !snapshotInFlight && feed.wantsSnapshot()) {
      snapshotInFlight = true;
      ActorRef<Content> replyTo = getContext().messageAdapter(Content.class, LogRead::new);
      log.tell(new BindingLog.ReadAll(replyTo));
    }
    return this;
  }

  private Behavior<RangeCommand> onContent(Content content) {
    snapshotInFlight = false;
    feed.serveSnapshot(content);
    return serveSnapshots();
  }

  private Behavior<RangeCommand> onRead(RangeCommand read) {
    if (log == null || !isLogIdle()) {
      if (waitingReads.size() == READS_WAITING_MAX) {
        // Whoever asked first has given up first.
        waitingReads.remove();
      }
      waitingReads.add(read);
    } else if (read instanceof ListBindings list) {
      log.tell(new BindingLog.ReadPage(list.after(), list.limit(), list.replyTo()));
    } else if (read instanceof FindBinding find) {
      log.tell(new BindingLog.ReadOne(find.address(), find.replyTo()));
    }
    return this;
  }

  /** Whether the log is recovered and writes nothing: then it answers at once, or ends. */
  private boolean isLogIdle() {
    return position != null && inFlight.isEmpty();
  }

  private Behavior<RangeCommand> onDescribe(DescribeRange describe) {
    RangePosition at = Optional.ofNullable(position).orElse(RangePosition.unknown(range));
    describe
        .replyTo()
        .tell(
            new RangeCommand.RangeDescription(
                range,
                services.self(),
                at.epoch(),
                at.revision(),
                at.hash(),
                bindingCount,
                feed.progress()));
    return this;
  }

  private Behavior<RangeCommand> onHandOff() {
    handingOff = true;
    waiting.forEach(claim -> refuse(claim, RejectReason.UNAVAILABLE));
    waiting.clear();
    return inFlight.isEmpty() ? Behaviors.stopped() : this;
  }
}
