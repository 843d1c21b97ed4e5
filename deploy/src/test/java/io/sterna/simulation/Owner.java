package io.sterna.simulation;

import io.sterna.controller.owner.Tenure;
import io.sterna.controller.policy.RangePolicy;
import io.sterna.controller.range.Batch;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Decision;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.store.event.Order;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owns a range on one controller: what AddressRange does, step by step, without actors. Decisions,
 * rows and tenure are those of the product.
 */
final class Owner {
  static final Duration TERM = Duration.ofSeconds(1);

  private static final long EPOCH_RETRY = 500_000_000;
  private static final long PROOF_RETRY = 200_000_000;
  private static final long LOG_RESTART = 200_000_000;
  private static final int BATCH_MAX = 16;
  private static final Order ORDER = new Order("ann", "192.0.2.1", "", 0);

  private final World world;
  private final Controller controller;
  private final RangeId range;
  private final Ledger ledger;
  private final Feed feed;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Deque<Orders> orders = new ArrayDeque<>();
  private List<Waiting> inFlight = List.of();
  private boolean orderInFlight;
  private @Nullable Written unacknowledged;
  private Tenure tenure;
  private RangePolicy policy;
  private long epoch;
  private long committedNanos;
  private boolean proving;
  private boolean provesLater;
  private boolean started;
  private boolean stopped;
  private @Nullable Runnable onLeft;

  /** A claim and the way back to its claimant. */
  record Waiting(FeId fe, Claim claim, Consumer<FromController> answer) {}

  private record Written(Batch batch, RangePosition from, RangePosition to) {}

  Owner(World world, Controller controller, RangeId range) {
    this.world = world;
    this.controller = controller;
    this.range = range;
    this.ledger = new Ledger(world, this, controller, range);
    this.feed = new Feed(RangePosition.unknown(range));
    this.tenure = new Tenure(TERM, now());
    this.policy = new RangePolicy(world.policy(), site -> 0);
    takeEpoch();
  }

  long epoch() {
    return epoch;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Whether it answers and says so. */
  boolean isActive() {
    return started && !stopped;
  }

  Ledger ledger() {
    return ledger;
  }

  private void takeEpoch() {
    long askedNanos = now();
    world
        .store()
        .request(
            controller.machine(),
            "epoch of " + range,
            () -> world.store().epochs(range).acquire(),
            taken -> onEpochTaken(taken, askedNanos),
            () -> later(EPOCH_RETRY, "asks for an epoch again", this::takeEpoch));
  }

  private void onEpochTaken(Epochs.Taken taken, long askedNanos) {
    if (stopped) {
      return;
    }
    // Whoever follows itself need not wait for itself.
    boolean own = started && taken.epoch() == epoch + 1;
    epoch = taken.epoch();
    tenure = new Tenure(TERM, askedNanos);
    proving = false;
    world.timeline().note(controller.machine(), range + " takes epoch " + epoch);
    long wait = taken.vacant() || own ? 0 : world.rules().successorWait(TERM).toNanos();
    later(wait, "begins to read", ledger::recover);
  }

  /** The log is ready: at first, and after each restart. */
  void onRecovered(RangePosition from) {
    boolean first = !started;
    policy = new RangePolicy(world.policy(), site -> 0);
    started = true;
    unacknowledged = null;
    refuseAll(inFlight);
    inFlight = List.of();
    orderInFlight = false;
    feed.startAt(from, ledger.position());
    if (onLeft != null) {
      leave();
      return;
    }
    if (first) {
      world.timeline().note(controller.machine(), range + " active in epoch " + epoch);
      controller.onActive(this);
    }
    serve();
  }

  /** Nobody knows whether the last row will ever be in the journal. */
  void onLogLost() {
    later(LOG_RESTART, "log restarts", this::restartLog);
  }

  private void restartLog() {
    if (!world.rules().restartsInNewEpoch()) {
      ledger.recover();
      return;
    }
    // A row that arrives later still must be known by its epoch. But no successor is superseded.
    world
        .store()
        .request(
            controller.machine(),
            "proof of epoch " + epoch + " of " + range,
            () -> world.store().epochs(range).isLatest(epoch),
            latest -> {
              if (latest) {
                takeEpoch();
              } else {
                stop("epoch " + epoch + " has a successor");
              }
            },
            this::onLogLost);
  }

  void register(Waiting claim) {
    if (onLeft != null || stopped) {
      refuseAll(List.of(claim));
      return;
    }
    waiting.add(claim);
    flush();
  }

  /** An operator has a binding changed; he is not told what came of it. */
  void order(OrderedChange change) {
    if (onLeft == null && !stopped) {
      orders.add(new Orders(ORDER, List.of(change)));
      flush();
    }
  }

  private void flush() {
    if (stopped || !isIdle() || (waiting.isEmpty() && orders.isEmpty())) {
      return;
    }
    List<Waiting> batch = new ArrayList<>();
    while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
      batch.add(waiting.remove());
    }
    inFlight = batch;
    if (tenure.isDueAt(now())) {
      prove();
    }
    orderInFlight = !orders.isEmpty();
    commit(orderInFlight ? orders.remove() : Orders.NONE, batch);
  }

  private void commit(Orders ordered, List<Waiting> claims) {
    List<ClaimRequest> requests =
        claims.stream().map(claim -> new ClaimRequest(claim.fe(), claim.claim())).toList();
    Batch batch = world.rules().decide(ledger.state(), ordered, requests, policy.at(now()));
    RangePosition from = ledger.position();
    if (world.rules().acknowledgesBeforeCommit()) {
      answer(claims, batch);
    }
    if (batch.entries().isEmpty()) {
      onCommitted(new Written(batch, from, from));
      return;
    }
    long wall = controller.machine().wallMillis(world.timeline().now());
    ledger.write(
        ledger.state().seal(batch, epoch, wall),
        after -> onCommitted(new Written(batch, from, ledger.position())));
  }

  private void onCommitted(Written written) {
    committedNanos = now();
    if (world.rules().holds(tenure, committedNanos)) {
      acknowledge(written);
    } else {
      unacknowledged = written;
      prove();
    }
  }

  private void acknowledge(Written written) {
    List<Waiting> batch = inFlight;
    inFlight = List.of();
    orderInFlight = false;
    if (!world.rules().acknowledgesBeforeCommit()) {
      answer(batch, written.batch());
    }
    feed.publish(written.from(), written.to(), written.batch().changes());
    if (onLeft != null) {
      leave();
      return;
    }
    keepProving();
    serve();
  }

  private void answer(List<Waiting> claims, Batch batch) {
    for (Decision decision : batch.ordered()) {
      if (decision instanceof Decision.Accepted accepted) {
        world.checks().acknowledged(range, accepted.binding());
      }
    }
    for (int i = 0; i < claims.size(); i++) {
      Waiting claim = claims.get(i);
      long id = claim.claim().claimId();
      Decision decision = batch.decisions().get(i);
      if (decision instanceof Decision.Accepted accepted) {
        world.checks().acknowledged(range, accepted.binding());
        claim.answer().accept(new ClaimAccepted(id, accepted.binding()));
      } else if (decision instanceof Decision.Rejected no) {
        claim.answer().accept(new ClaimRejected(id, no.reason(), no.currentVersion()));
      }
    }
  }

  private void serve() {
    if (isIdle() && feed.wantsSnapshot()) {
      feed.serveSnapshot(ledger.state().bindings());
    }
    flush();
  }

  private void keepProving() {
    if (!provesLater) {
      provesLater = true;
      world
          .timeline()
          .quietly(
              controller.machine().timer(TERM.toNanos() / 2),
              controller.machine(),
              this::onProveDue);
    }
  }

  private void onProveDue() {
    provesLater = false;
    if (stopped) {
      return;
    }
    if (unacknowledged != null) {
      prove();
    } else if (ledger.isReady() && now() - committedNanos < 10 * TERM.toNanos()) {
      prove();
      keepProving();
    }
  }

  private void prove() {
    if (proving || stopped) {
      return;
    }
    proving = true;
    long asked = epoch;
    long askedNanos = now();
    world
        .store()
        .request(
            controller.machine(),
            "proof of epoch " + asked + " of " + range,
            () -> world.store().epochs(range).isLatest(asked),
            latest -> onProven(asked, latest, askedNanos),
            () -> onUnproven(asked));
  }

  private void onProven(long asked, boolean latest, long askedNanos) {
    if (stopped || asked != epoch) {
      return;
    }
    proving = false;
    if (!ledger.isReady()) {
      // Its log was lost: the latest may be the one that it takes just now.
      return;
    }
    if (!latest) {
      stop("epoch " + epoch + " has a successor");
      return;
    }
    tenure.proven(askedNanos);
    Written written = unacknowledged;
    if (written == null) {
      return;
    }
    if (!world.rules().holds(tenure, committedNanos)) {
      prove();
      return;
    }
    unacknowledged = null;
    acknowledge(written);
  }

  private void onUnproven(long asked) {
    if (asked != epoch) {
      return;
    }
    proving = false;
    if (unacknowledged != null) {
      later(PROOF_RETRY, "proves its epoch again", this::onProveDue);
    }
  }

  /** The shard moves in order. */
  void handOff(Runnable left) {
    if (onLeft == null) {
      onLeft = left;
      refuseAll(waiting);
      waiting.clear();
      if (inFlight.isEmpty() && !orderInFlight) {
        leave();
      }
    }
  }

  private void leave() {
    Runnable left = onLeft;
    if (stopped || left == null) {
      return;
    }
    if (started) {
      world
          .store()
          .request(
              controller.machine(),
              "release of epoch " + epoch + " of " + range,
              () -> world.store().epochs(range).release(epoch),
              released -> {},
              () -> {});
    }
    later(world.chance().millis(1, 10), "has left", left);
    stop("hands over");
  }

  void stop(String why) {
    if (!stopped) {
      stopped = true;
      world.timeline().note(controller.machine(), range + " stops: " + why);
      refuseAll(inFlight);
      refuseAll(waiting);
      controller.onStopped(this);
    }
  }

  RangeId range() {
    return range;
  }

  void attach(Session session, Optional<RangePosition> reported) {
    feed.attach(session, reported);
    serve();
  }

  void detach(Session session) {
    feed.detach(session);
  }

  void lost(Session session) {
    feed.lost(session);
    serve();
  }

  private boolean isIdle() {
    return started && ledger.isReady() && inFlight.isEmpty() && !orderInFlight;
  }

  private static void refuseAll(Iterable<Waiting> claims) {
    for (Waiting claim : claims) {
      claim
          .answer()
          .accept(new ClaimRejected(claim.claim().claimId(), RejectReason.UNAVAILABLE, 0));
    }
  }

  private void later(long nanos, String what, Runnable action) {
    world
        .timeline()
        .after(
            controller.machine().timer(nanos),
            controller.machine(),
            range + " " + what,
            () -> {
              if (!stopped || what.equals("has left")) {
                action.run();
              }
            });
  }

  private long now() {
    return controller.machine().nanoTime(world.timeline().now());
  }
}
