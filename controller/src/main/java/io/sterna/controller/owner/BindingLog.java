package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.SnapshotSelectionCriteria;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.sterna.controller.owner.RangeCommand.ChangeResult;
import io.sterna.controller.policy.Chore;
import io.sterna.controller.policy.RangePolicy;
import io.sterna.controller.range.Batch;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Decision;
import io.sterna.controller.range.Orders;
import io.sterna.controller.range.RangeState;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.store.cassandra.SnapshotChoice.Start;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds what a range has committed, and commits: one journal row a batch (DESIGN 4.2). While a row
 * is being written Akka stashes what arrives, so {@link AddressRange} in front collects claims and
 * keeps one batch in flight. Its answers leave only after the row is in the journal.
 *
 * <p>A write whose fate is unknown ends this actor, and so does a replay that fails: what is next
 * is the front's decision.
 */
final class BindingLog extends EventSourcedBehavior<BindingLog.Command, RangeEvent, RangeState> {
  private static final long NANOS_PER_MS = 1_000_000;

  /** Should the newest be one that must not be believed, there are others. */
  private static final int SNAPSHOTS_KEPT = 3;

  private final RangeId range;
  private final Ownership ownership;
  private final ActorRef<Replayed> front;
  private final RangeServices services;
  private RangePolicy policy;
  private final ActorRef<Command> self;

  /**
   * By what right this log writes.
   *
   * @param epoch taken from the epoch store before the journal was read
   * @param start where the replay begins
   */
  record Ownership(ControllerId controller, long epoch, Start start) {}

  /** What the log understands, all from its front. */
  sealed interface Command {}

  /** Do these chores, decide these claims, and commit what came of both. */
  record Commit(List<ClaimRequest> claims, List<Chore> chores, ActorRef<Committed> replyTo)
      implements Command {
    /** What an operator asks for: once a commit at most. */
    Orders orders() {
      return chores.stream()
          .filter(Chore.Change.class::isInstance)
          .map(chore -> ((Chore.Change) chore).orders())
          .findFirst()
          .orElse(Orders.NONE);
    }
  }

  /** Read everything, for a snapshot to an element. */
  record ReadAll(ActorRef<Content> replyTo) implements Command {}

  /** Read a page in order of address. */
  record ReadPage(Optional<IpAddress> after, int limit, ActorRef<RangeCommand.BindingPage> replyTo)
      implements Command {}

  /** Read one binding. */
  record ReadOne(IpAddress address, ActorRef<RangeCommand.FoundBinding> replyTo)
      implements Command {}

  /** The journal is replayed: begin the epoch. */
  private enum Activate implements Command {
    INSTANCE
  }

  /** What the log says once, after the replay. */
  sealed interface Replayed {}

  /** Rows that may count follow one that the snapshot does not know: begin earlier. */
  enum Misled implements Replayed {
    INSTANCE
  }

  /**
   * The log is ready.
   *
   * @param from what an earlier owner left
   * @param position where the range is in this owner's epoch
   */
  record Recovered(RangePosition from, RangePosition position, RangeCounts counts)
      implements Replayed {}

  /**
   * A batch is in the journal.
   *
   * @param decisions one a claim, in order
   * @param from where the range was
   * @param to where it is; equal to {@code from} if nothing was accepted anew
   * @param changes the bindings that changed, at most one an address
   * @param ordered what became of what an operator asked for, in order
   * @param undamped the addresses that an operator let move again
   */
  record Committed(
      List<Decision> decisions,
      List<ChangeResult> ordered,
      RangePosition from,
      RangePosition to,
      List<Binding> changes,
      Set<IpAddress> undamped,
      RangeCounts counts) {}

  /** Everything the range holds, at this position. */
  record Content(RangePosition position, List<Binding> bindings) {}

  private BindingLog(
      RangeId range,
      Ownership ownership,
      ActorRef<Replayed> front,
      RangeServices services,
      ActorRef<Command> self) {
    super(PersistenceId.of("range", range.toString()));
    this.range = range;
    this.ownership = ownership;
    this.front = front;
    this.services = services;
    this.policy = policyOf(range, services);
    this.self = self;
  }

  static Behavior<Command> create(
      RangeId range, long epoch, Start start, ActorRef<Replayed> front, RangeServices services) {
    Ownership ownership = new Ownership(services.self(), epoch, start);
    return Behaviors.setup(
        context -> new BindingLog(range, ownership, front, services, context.getSelf()));
  }

  @Override
  public RangeState emptyState() {
    return new RangeState(range);
  }

  @Override
  public Recovery recovery() {
    long number = ownership.start().number();
    SnapshotSelectionCriteria criteria =
        number == 0
            ? SnapshotSelectionCriteria.none()
            : SnapshotSelectionCriteria.latest()
                .withMinSequenceNr(number)
                .withMaxSequenceNr(number);
    return Recovery.withSnapshotSelectionCriteria(criteria);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    // Events stay: the journal is the audit log (DESIGN 4.9). Only Archiving removes some, and
    // never
    // any behind the older of two snapshots.
    return RetentionCriteria.snapshotEvery(services.limits().snapshotEvery(), SNAPSHOTS_KEPT);
  }

  @Override
  public SnapshotAdapter<RangeState> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(RangeState state) {
        return state.toSnapshot();
      }

      @Override
      public RangeState fromJournal(Object from) {
        RangeSnapshot snapshot = (RangeSnapshot) from;
        if (!snapshot.hash().equals(ownership.start().hash())) {
          throw new IllegalStateException(
              "snapshot %d of range %s was replaced since it was chosen"
                  .formatted(ownership.start().number(), range));
        }
        return RangeState.of(range, snapshot);
      }
    };
  }

  @Override
  public SignalHandler<RangeState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), state -> self.tell(Activate.INSTANCE))
        .onSignal(PostStop.instance(), state -> siteTotals().forget(range, ownership.epoch()))
        .build();
  }

  @Override
  public CommandHandler<Command, RangeEvent, RangeState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Commit.class, this::onCommit)
        .onCommand(Activate.class, (state, activate) -> onActivate(state))
        .onCommand(
            ReadAll.class,
            (state, read) ->
                Effect().reply(read.replyTo(), new Content(positionOf(state), state.bindings())))
        .onCommand(
            ReadPage.class, (state, read) -> Effect().reply(read.replyTo(), page(state, read)))
        .onCommand(
            ReadOne.class, (state, read) -> Effect().reply(read.replyTo(), find(state, read)))
        .build();
  }

  @Override
  public EventHandler<RangeState, RangeEvent> eventHandler() {
    return (state, event) -> {
      if (state.hash().equals(ChainHash.GENESIS)
          && !event.previousHash().equals(ChainHash.GENESIS)) {
        // Without a snapshot the whole journal is needed: a table made of its end would be a wrong
        // one.
        throw new IllegalStateException(
            "range %s has no snapshot that counts, and its journal does not begin with its first row: rows were archived or removed"
                .formatted(range));
      }
      state.apply(event);
      return state;
    };
  }

  private RangeCommand.BindingPage page(RangeState state, ReadPage read) {
    List<Binding> page = state.page(read.after(), read.limit());
    List<RangeCommand.Damped> damped =
        RangePolicy.addresses(page, policy::isDamped).stream().map(this::damped).toList();
    return new RangeCommand.BindingPage(
        range, page, RangePolicy.addresses(page, policy::isSilent), damped);
  }

  private RangeCommand.FoundBinding find(RangeState state, ReadOne read) {
    return new RangeCommand.FoundBinding(
        state.binding(read.address()).filter(binding -> !binding.isReleased()),
        policy.isSilent(read.address()),
        Optional.of(read.address()).filter(policy::isDamped).map(this::damped));
  }

  /** Rounded up: when that time is over, the hold is. */
  private RangeCommand.Damped damped(IpAddress address) {
    long nanos = policy.dampedForNanos(address, services.nanoTime().getAsLong());
    return new RangeCommand.Damped(address, -Math.floorDiv(-nanos, NANOS_PER_MS));
  }

  private Effect<RangeEvent, RangeState> onActivate(RangeState state) {
    if (state.missesRows()) {
      return Effect().reply(front, Misled.INSTANCE);
    }
    RangePosition from = positionOf(state);
    policy = policyOf(range, services);
    policy.begin(state.bindings());
    siteTotals().set(range, ownership.epoch(), policy.siteCounts());
    if (state.epoch() >= ownership.epoch()) {
      // A successor has written already: this owner's time is over.
      return Effect().stop();
    }
    return Effect()
        .persist(
            state.activate(ownership.epoch(), ownership.controller(), services.clock().millis()))
        .thenReply(
            front, after -> new Recovered(from, positionOf(after), RangeCounts.of(after, policy)));
  }

  private Effect<RangeEvent, RangeState> onCommit(RangeState state, Commit commit) {
    // This owner's epoch has begun: nobody else's row counts behind its own.
    state.settle();
    long now = services.nanoTime().getAsLong();
    List<Entry> done = policy.perform(commit.chores(), now);
    Orders orders = commit.orders();
    Batch batch = state.decide(orders, commit.claims(), policy.at(now), done);
    List<ChangeResult> ordered = results(orders, batch);
    if (policy.countsSites()) {
      // Before they are committed: the others hear of it late enough.
      siteTotals().set(range, ownership.epoch(), policy.siteCounts());
    }
    Set<IpAddress> undamped = undamped(done);
    RangePosition from = positionOf(state);
    if (batch.entries().isEmpty()) {
      return Effect()
          .reply(
              commit.replyTo(),
              new Committed(
                  batch.decisions(),
                  ordered,
                  from,
                  from,
                  List.of(),
                  undamped,
                  RangeCounts.of(state, policy)));
    }
    RangeEvent row = state.seal(batch, ownership.epoch(), services.clock().millis());
    return Effect()
        .persist(row)
        .thenReply(
            commit.replyTo(),
            after ->
                new Committed(
                    batch.decisions(),
                    ordered,
                    from,
                    positionOf(after),
                    batch.changes(),
                    undamped,
                    RangeCounts.of(after, policy)));
  }

  private static List<ChangeResult> results(Orders orders, Batch batch) {
    if (orders.changes().isEmpty()) {
      return List.of();
    }
    Set<Binding> made =
        batch.entries().stream()
            .filter(entry -> entry instanceof Entry.Change && entry instanceof Entry.Ordered)
            .map(entry -> ((Entry.Change) entry).binding())
            .collect(Collectors.toSet());
    return batch.ordered().stream().map(decision -> result(decision, made)).toList();
  }

  private static ChangeResult result(Decision decision, Set<Binding> made) {
    if (decision instanceof Decision.Accepted accepted) {
      Binding now = accepted.binding();
      return new ChangeResult(Optional.empty(), now.version(), made.contains(now));
    }
    Decision.Rejected rejected = (Decision.Rejected) decision;
    return new ChangeResult(Optional.of(rejected.reason()), rejected.currentVersion(), false);
  }

  private SiteTotals siteTotals() {
    return services.siteTotals();
  }

  private static RangePolicy policyOf(RangeId range, RangeServices services) {
    return new RangePolicy(
        services.policy(),
        site -> services.siteTotals().elsewhere(range, site),
        services.limits().bindingsMax());
  }

  private static Set<IpAddress> undamped(List<Entry> done) {
    return done.stream()
        .filter(Entry.Cleared.class::isInstance)
        .map(entry -> ((Entry.Cleared) entry).address())
        .collect(Collectors.toSet());
  }

  private RangePosition positionOf(RangeState state) {
    // The epoch is the owner's, even before its first row.
    return new RangePosition(range, ownership.epoch(), state.revision(), state.hash());
  }
}
