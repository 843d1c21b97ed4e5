package io.sterna.controller.owner;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.BindingLog.Content;
import io.sterna.controller.owner.BindingLog.Recovered;
import io.sterna.controller.owner.OwnerEvent.AfterLoss;
import io.sterna.controller.owner.OwnerEvent.CommitTurn;
import io.sterna.controller.owner.OwnerEvent.EpochProven;
import io.sterna.controller.owner.OwnerEvent.EpochReleased;
import io.sterna.controller.owner.OwnerEvent.EpochTaken;
import io.sterna.controller.owner.OwnerEvent.EpochUnproven;
import io.sterna.controller.owner.OwnerEvent.LogCommitted;
import io.sterna.controller.owner.OwnerEvent.LogMisled;
import io.sterna.controller.owner.OwnerEvent.LogRead;
import io.sterna.controller.owner.OwnerEvent.LogRecovered;
import io.sterna.controller.owner.OwnerEvent.ProveEpoch;
import io.sterna.controller.owner.OwnerEvent.StartFound;
import io.sterna.controller.owner.OwnerEvent.StartLog;
import io.sterna.controller.owner.OwnerEvent.TakeEpoch;
import io.sterna.controller.owner.OwnerEvent.Unanswered;
import io.sterna.controller.owner.RangeCommand.DescribeRange;
import io.sterna.controller.owner.RangeCommand.FeAttached;
import io.sterna.controller.owner.RangeCommand.FeCatchesUp;
import io.sterna.controller.owner.RangeCommand.FeCongested;
import io.sterna.controller.owner.RangeCommand.FeDetached;
import io.sterna.controller.owner.RangeCommand.FeDrained;
import io.sterna.controller.owner.RangeCommand.FeLost;
import io.sterna.controller.owner.RangeCommand.FesApplied;
import io.sterna.controller.owner.RangeCommand.FindBinding;
import io.sterna.controller.owner.RangeCommand.HandOff;
import io.sterna.controller.owner.RangeCommand.Housekeeping;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.owner.RangeCommand.Wake;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.store.cassandra.SnapshotChoice.Start;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sole writer of one address range: collects claims while a commit is in flight, hands them as one
 * batch to its {@link BindingLog}, and tells nobody anything before it is committed (DESIGN 4.2).
 *
 * <p>States: taking an epoch -> waiting until no earlier owner acknowledges any more -> recovering
 * -> active. Claims wait in every state; reads wait until the log is recovered, and while it
 * writes: what reached it then would be stashed there, where too much is dropped silently, and less
 * than that overflows the stack when it is taken out. The epoch is taken before the journal is
 * read: whatever an earlier owner wrote under a lower one is in it, or will be discarded. What is
 * committed is acknowledged only while the {@link Tenure} holds (DESIGN 4.5).
 */
public final class AddressRange extends AbstractBehavior<RangeCommand> {
  private static final Duration EPOCH_RETRY_DELAY = Duration.ofMillis(500);
  private static final Duration PROOF_RETRY_DELAY = Duration.ofMillis(200);
  private static final Duration REPLAY_RETRY_DELAY = Duration.ofSeconds(1);

  /** Whoever takes over waits a term instead if this takes longer. */
  private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(2);

  private final RangeId range;
  private final RangeServices services;
  private final EpochQuestions questions;
  private final EpochProofs proofs;
  private final OwnLog log;
  private final TimerScheduler<RangeCommand> timers;
  private final Feed feed;
  private final ClaimQueue claims;
  private final CommitTurns.Turn turn;
  private final WaitingReads waitingReads = new WaitingReads();
  private final Chores chores;
  private boolean snapshotInFlight;
  private boolean handingOff;
  private boolean announced;
  private final long bornNanos;
  private RangeCounts counts = RangeCounts.NOTHING;
  private @Nullable RangePosition position;

  private AddressRange(
      ActorContext<RangeCommand> context,
      TimerScheduler<RangeCommand> timers,
      RangeId range,
      RangeServices services) {
    super(context);
    this.range = range;
    this.services = services;
    this.timers = timers;
    this.questions = new EpochQuestions(context, range, services);
    this.log = new OwnLog(context, range, services);
    this.chores = new Chores(timers, services.nanoTime());
    this.feed =
        new Feed(
            range,
            context.getSelf(),
            () -> counts.bindings(),
            services.limits().recentDeltasLimitBytes());
    this.turn = services.turns().of(context.getSelf());
    this.claims = new ClaimQueue(services.limits().queueLimit());
    this.bornNanos = now();
    this.proofs = new EpochProofs(questions, services.limits().ownerTerm(), bornNanos);
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
        .onMessage(CommitTurn.class, turn -> onTurn())
        .onMessage(FesApplied.class, this::onApplied)
        .onMessage(FeAttached.class, this::onAttached)
        .onMessage(FeDetached.class, this::onDetached)
        .onMessage(FeLost.class, this::onLost)
        .onMessage(FeCatchesUp.class, this::onCatchesUp)
        .onMessage(FeCongested.class, this::onCongested)
        .onMessage(FeDrained.class, this::onDrained)
        .onMessage(LogRead.class, message -> onContent(message.content()))
        .onMessage(ListBindings.class, this::onRead)
        .onMessage(FindBinding.class, this::onRead)
        .onMessage(DescribeRange.class, this::onDescribe)
        .onMessage(Housekeeping.class, this::onHousekeeping)
        .onMessage(Wake.class, wake -> this)
        .onMessage(TakeEpoch.class, message -> takeEpoch())
        .onMessage(EpochTaken.class, this::onEpochTaken)
        .onMessage(Unanswered.class, this::onUnanswered)
        .onMessage(AfterLoss.class, this::onAfterLoss)
        .onMessage(StartLog.class, message -> findStart())
        .onMessage(StartFound.class, found -> startLog(found.start()))
        .onMessage(LogMisled.class, message -> onMisled())
        .onMessage(ProveEpoch.class, message -> onProveEpoch())
        .onMessage(EpochProven.class, this::onEpochProven)
        .onMessage(EpochUnproven.class, this::onEpochUnproven)
        .onMessage(EpochReleased.class, message -> Behaviors.stopped())
        .onMessage(LogRecovered.class, message -> onRecovered(message.recovered()))
        .onMessage(HandOff.class, message -> onHandOff())
        .onSignal(Terminated.class, ended -> onLogEnded())
        .onSignal(PostStop.class, stopped -> onStop())
        .build();
  }

  private Behavior<RangeCommand> onStop() {
    questions.end();
    return giveTurnBack();
  }

  private Behavior<RangeCommand> takeEpoch() {
    questions.take();
    return this;
  }

  private Behavior<RangeCommand> onUnanswered(Unanswered said) {
    return again(EPOCH_RETRY_DELAY, said.next(), said.what(), said.failure());
  }

  private Behavior<RangeCommand> again(
      Duration delay, OwnerEvent next, String what, Throwable failure) {
    String why = failure.toString();
    getContext().getLog().warn("Range {} cannot {}, trying again: {}", range, what, why);
    timers.startSingleTimer(next, delay);
    return this;
  }

  private Behavior<RangeCommand> onEpochTaken(EpochTaken taken) {
    long before = proofs.epoch();
    boolean mineBefore = before > 0 && taken.taken().epoch() == before + 1;
    proofs.begin(taken.taken().epoch(), taken.askedNanos());
    if (taken.taken().vacant() || mineBefore) {
      return findStart();
    }
    timers.startSingleTimer(StartLog.INSTANCE, Tenure.successorWait(services.limits().ownerTerm()));
    return this;
  }

  private Behavior<RangeCommand> findStart() {
    questions.findStart(log.startBelow());
    return this;
  }

  private Behavior<RangeCommand> startLog(Start start) {
    log.start(proofs.epoch(), start);
    return this;
  }

  private Behavior<RangeCommand> onMisled() {
    log.misled();
    return handingOff ? leave() : findStart();
  }

  private Behavior<RangeCommand> onRecovered(Recovered recovered) {
    position = recovered.position();
    counts = recovered.counts();
    snapshotInFlight = false;
    feed.startAt(recovered.from(), recovered.position());
    if (handingOff) {
      return leave();
    }
    if (!announced) {
      announced = true;
      log.sayActive(recovered, Duration.ofNanos(now() - bornNanos));
      services.sessions().tell(new Sessions.RangeActive(range, getContext().getSelf()));
    }
    return serve();
  }

  private Behavior<RangeCommand> onLogEnded() {
    boolean served = position != null;
    log.ended();
    if (served || handingOff) {
      return startOver();
    }
    timers.startSingleTimer(AfterLoss.ASK, REPLAY_RETRY_DELAY);
    return this;
  }

  /**
   * The fate of a write is unknown: the row may still arrive, but not in the epoch that is taken
   * now. None is taken from a successor: this process may have stood still.
   */
  private Behavior<RangeCommand> startOver() {
    refuseInFlight();
    log.stop();
    position = null;
    if (handingOff) {
      return leave();
    }
    questions.proveAfterLoss(proofs.epoch());
    return this;
  }

  private Behavior<RangeCommand> onAfterLoss(AfterLoss said) {
    if (said == AfterLoss.UNKNOWN) {
      timers.startSingleTimer(AfterLoss.ASK, PROOF_RETRY_DELAY);
      return this;
    }
    if (said == AfterLoss.ASK) {
      return startOver();
    }
    return said == AfterLoss.LATEST ? takeEpoch() : superseded();
  }

  private void refuseInFlight() {
    claims.refuseInFlight();
    chores.failed();
    proofs.drop();
    giveTurnBack();
  }

  private Behavior<RangeCommand> onRegister(RegisterBinding claim) {
    if (handingOff) {
      ClaimAnswers.unavailable(claim);
      return this;
    }
    claims.add(claim);
    return flush();
  }

  private Behavior<RangeCommand> onHousekeeping(Housekeeping chore) {
    chores.add(chore);
    return flush();
  }

  private Behavior<RangeCommand> flush() {
    boolean something = !claims.isEmpty() || chores.areWaiting();
    // Handing off, nothing is written: the successor may have been told that it need not wait.
    if (!log.isThere() || handingOff || !isLogIdle() || !something || !turn.take(now())) {
      return this;
    }
    List<ClaimRequest> batch = claims.depart(chores.claimsBeside(services.limits().batchLimit()));
    proofs.askIfDue(now());
    log.commit(batch, chores.take());
    return this;
  }

  private Behavior<RangeCommand> onTurn() {
    turn.come(now());
    flush();
    return isWriting() || turn.isAwaited() ? this : giveTurnBack();
  }

  private Behavior<RangeCommand> giveTurnBack() {
    turn.giveBack(now());
    return this;
  }

  private Behavior<RangeCommand> onCommitted(Committed committed) {
    giveTurnBack();
    return proofs.committed(committed, now()) ? acknowledge(committed) : this;
  }

  private Behavior<RangeCommand> acknowledge(Committed committed) {
    position = committed.to();
    counts = committed.counts();
    chores.committed(committed);
    feed.publish(committed, claims.arrived(committed.decisions()), proofs.committedNanos());
    if (handingOff) {
      return leave();
    }
    keepProving();
    return serve();
  }

  /** What the log may do now that it does not write: short reads first, and the next batch last. */
  private Behavior<RangeCommand> serve() {
    waitingReads.takeAll().forEach(this::onRead);
    serveSnapshots();
    return flush();
  }

  private void keepProving() {
    if (!timers.isTimerActive(ProveEpoch.INSTANCE)) {
      timers.startSingleTimer(ProveEpoch.INSTANCE, services.limits().ownerTerm().dividedBy(2));
    }
  }

  private Behavior<RangeCommand> onProveEpoch() {
    if (proofs.isAwaited()) {
      proofs.ask();
    } else if (position != null && proofs.isOfUse(now())) {
      proofs.ask();
      keepProving();
    }
    return this;
  }

  private Behavior<RangeCommand> onEpochProven(EpochProven proven) {
    // If a log was lost, the latest may be the one that this owner takes just now.
    if (!proofs.answered(proven.epoch()) || position == null) {
      return this;
    }
    if (!proven.latest()) {
      return superseded();
    }
    return proofs.proven(proven).map(this::acknowledge).orElse(this);
  }

  /** The successor may not know the rows in flight: their claimants ask again, and it decides. */
  private Behavior<RangeCommand> superseded() {
    getContext()
        .getLog()
        .warn("Range {}: epoch {} has a successor; stopping", range, proofs.epoch());
    refuseInFlight();
    claims.refuseWaiting();
    waitingReads.takeAll().forEach(getContext().getSelf()::tell);
    log.stop();
    return handingOff
        ? Behaviors.stopped()
        : RetiredRange.after(range, services.self(), services.limits().ownerTerm());
  }

  private Behavior<RangeCommand> onEpochUnproven(EpochUnproven unproven) {
    if (!proofs.answered(unproven.epoch()) || !proofs.isAwaited()) {
      return this;
    }
    String what = "prove epoch " + unproven.epoch();
    return again(PROOF_RETRY_DELAY, ProveEpoch.INSTANCE, what, unproven.failure());
  }

  /** Says that the successor need not wait, and stops. */
  private Behavior<RangeCommand> leave() {
    if (!log.isThere()) {
      // An earlier owner's term may not be over: nothing to say for it.
      return Behaviors.stopped();
    }
    questions.release(proofs.epoch());
    timers.startSingleTimer(EpochReleased.INSTANCE, RELEASE_PATIENCE);
    return this;
  }

  private Behavior<RangeCommand> onAttached(FeAttached attached) {
    feed.attach(attached.fe(), attached.session(), attached.position(), now());
    return this;
  }

  private Behavior<RangeCommand> onDetached(FeDetached detached) {
    feed.detach(detached.fe(), detached.session());
    return this;
  }

  private Behavior<RangeCommand> onApplied(FesApplied applied) {
    applied.reports().forEach(feed::applied);
    return this;
  }

  private Behavior<RangeCommand> onLost(FeLost lost) {
    feed.lost(lost.fe(), lost.session());
    return this;
  }

  private Behavior<RangeCommand> onCatchesUp(FeCatchesUp turn) {
    feed.catchesUp(turn.fe(), turn.session());
    return serveSnapshots();
  }

  private Behavior<RangeCommand> onCongested(FeCongested congested) {
    feed.congested(congested.fe(), congested.session());
    return this;
  }

  private Behavior<RangeCommand> onDrained(FeDrained drained) {
    feed.drained(drained.fe(), drained.session());
    return this;
  }

  /** One read of the log serves every element whose turn for a snapshot has come. */
  private Behavior<RangeCommand> serveSnapshots() {
    if (log.isThere() && isLogIdle() && !snapshotInFlight && feed.wantsSnapshot()) {
      snapshotInFlight = true;
      log.readAll();
    }
    return this;
  }

  private Behavior<RangeCommand> onContent(Content content) {
    snapshotInFlight = false;
    feed.serveSnapshot(content);
    return serveSnapshots();
  }

  private Behavior<RangeCommand> onRead(RangeCommand read) {
    if (!log.isThere() || !isLogIdle()) {
      waitingReads.add(read);
    } else {
      log.read(read);
    }
    return this;
  }

  /** Whether the log is recovered and writes nothing: then it answers at once, or ends. */
  private boolean isLogIdle() {
    return position != null && !isWriting();
  }

  private boolean isWriting() {
    return claims.isInFlight() || chores.areInFlight();
  }

  private Behavior<RangeCommand> onDescribe(DescribeRange describe) {
    RangePosition at = Optional.ofNullable(position).orElse(RangePosition.unknown(range));
    describe
        .replyTo()
        .tell(counts.describe(services.self(), at, feed.progress(), feed.convergence()));
    return this;
  }

  private Behavior<RangeCommand> onHandOff() {
    handingOff = true;
    claims.refuseWaiting();
    return isWriting() ? this : leave();
  }

  private long now() {
    return services.nanoTime().getAsLong();
  }
}
