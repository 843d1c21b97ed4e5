package io.sterna.controller.cluster;

import akka.Done;
import akka.actor.Address;
import akka.actor.AddressFromURIString;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent.MemberRemoved;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import akka.cluster.typed.Subscribe;
import io.sterna.store.cassandra.ClusterCharter;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings this node into the cluster, and founds it if there is none. Akka's own way, by which the
 * first seed founds a cluster when no other seed answers in time, makes a second cluster beside the
 * first when that seed is cut off, or the others are slow; the two never find each other, and take
 * the ranges from each other for ever.
 *
 * <p>States: looking for members -> (nobody answers, and the charter is free) founding -> member.
 * The leader of the members holds the charter: whoever finds no seed finds the leader by it, so
 * that a controller that left comes back though it is the only seed there is.
 */
public final class ClusterFounding extends AbstractBehavior<ClusterFounding.Command> {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Members that are there answer sooner; and a leader has held its charter anew by then. */
  private static final Duration LOOKING = Duration.ofSeconds(2);

  /** A charter that somebody holds for longer than this is no dead member's. */
  private static final Duration FOREIGN_PATIENCE = ClusterCharter.TERM.multipliedBy(3);

  private static final Duration SAY_EVERY = Duration.ofSeconds(10);

  /** More do not leave within the term of a charter. */
  private static final int LEFT_MAX = 64;

  private final ClusterCharter charter;
  private final Cluster cluster;
  private final String self;
  private final boolean mayFound;
  private final long foundAtNanos;

  /** Members that left in order, the last ones: what one of them still holds is not foreign. */
  private final Set<String> left = new LinkedHashSet<>();

  /** Whether the charter was given up: the one that leaves leads until it has left. */
  private final AtomicBoolean gaveUp = new AtomicBoolean();

  private boolean wasMember;
  private boolean asking;
  private long foreignSinceNanos;
  private boolean foreign;

  /** Where it was told to look last; empty = among the seeds only. */
  private String joining = "";

  private long saidNanos;

  /** What it understands, all from itself. */
  public sealed interface Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  /** Who else holds the charter; empty if this node does. */
  private record Answered(Optional<String> other, boolean founding) implements Command {}

  /** Who holds the charter, which this node must not take; empty if nobody does. */
  private record Looked(Optional<String> holder) implements Command {}

  private record Unanswered(Throwable failure) implements Command {}

  private record Removed(Member member, boolean inOrder) implements Command {}

  private ClusterFounding(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      List<Address> seeds,
      ClusterCharter charter) {
    super(context);
    this.charter = charter;
    this.cluster = Cluster.get(context.getSystem());
    this.self = text(cluster.selfMember().uniqueAddress());
    Address own = cluster.selfMember().address();
    this.mayFound = seeds.contains(own);
    List<Address> others = seeds.stream().filter(seed -> !seed.equals(own)).toList();
    this.foundAtNanos = System.nanoTime() + (others.isEmpty() ? 0 : LOOKING.toNanos());
    if (!others.isEmpty()) {
      cluster.manager().tell(new JoinSeedNodes(others));
    }
    timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, TICK);
    ActorRef<MemberRemoved> removals =
        context.messageAdapter(
            MemberRemoved.class,
            removed ->
                new Removed(
                    removed.member(), removed.previousStatus().equals(MemberStatus.exiting())));
    cluster.subscriptions().tell(Subscribe.create(removals, MemberRemoved.class));
    giveUpAtTheEnd(context);
  }

  /**
   * Looks for the cluster, or founds it.
   *
   * @param seeds the controllers to look for, as {@code akka://SYSTEM@HOST:PORT}; only one of them
   *     may found, because only seeds are found by others
   */
  public static Behavior<Command> create(List<String> seeds, ClusterCharter charter) {
    List<Address> addresses = seeds.stream().map(AddressFromURIString::parse).toList();
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ClusterFounding(context, timers, addresses, charter)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Tick.class, tick -> onTick())
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Looked.class, this::onLooked)
        .onMessage(Removed.class, this::onRemoved)
        .onMessage(Unanswered.class, this::onUnanswered)
        .build();
  }

  private Behavior<Command> onTick() {
    boolean member = !cluster.selfMember().status().equals(MemberStatus.removed());
    if (wasMember && !member) {
      // Downed by the others, or by itself: the process is about to end.
      return Behaviors.stopped();
    }
    wasMember = member;
    if (asking || gaveUp.get()) {
      return this;
    }
    if (member && cluster.selfMember().address().equals(cluster.state().getLeader())) {
      ask(ours(), false);
    } else if (member) {
      // How long another holds the charter counts only while this one leads.
      foreign = false;
    } else if (System.nanoTime() - foundAtNanos >= 0) {
      if (mayFound) {
        ask(Set.of(), true);
      } else {
        look();
      }
    }
    return this;
  }

  private void look() {
    asking = true;
    getContext()
        .pipeToSelf(
            charter.holder(),
            (holder, failure) -> failure == null ? new Looked(holder) : new Unanswered(failure));
  }

  private void ask(Set<String> ours, boolean founding) {
    asking = true;
    getContext()
        .pipeToSelf(
            charter.hold(self, ours),
            (other, failure) ->
                failure == null ? new Answered(other, founding) : new Unanswered(failure));
  }

  /**
   * A leader that leaves holds the charter until it lapses. Were that foreign to its successor, the
   * controller that left could take it when it is started again, and found a second cluster. One
   * that was not leaving but was removed may live on in another cluster: that stays foreign.
   */
  private Behavior<Command> onRemoved(Removed removed) {
    if (removed.inOrder()) {
      left.add(text(removed.member().uniqueAddress()));
      if (left.size() > LEFT_MAX) {
        left.remove(left.iterator().next());
      }
    }
    return this;
  }

  private Set<String> ours() {
    Set<String> ours = new HashSet<>(left);
    for (Member member : cluster.state().getMembers()) {
      ours.add(text(member.uniqueAddress()));
    }
    return ours;
  }

  private Behavior<Command> onAnswered(Answered answered) {
    asking = false;
    if (answered.founding()) {
      if (answered.other().isEmpty()) {
        getContext()
            .getLog()
            .info("No controller answers, and none may: this one founds a cluster");
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
      } else {
        joinAt(answered.other().get());
      }
      return this;
    }
    if (answered.other().isEmpty()) {
      foreign = false;
      if (gaveUp.get()) {
        // Asked before it was given up, and held after it.
        getContext().pipeToSelf(charter.giveUp(self), (given, failure) -> Tick.INSTANCE);
      }
      return this;
    }
    return onForeign(answered.other().get());
  }

  private Behavior<Command> onLooked(Looked looked) {
    asking = false;
    looked.holder().ifPresent(this::joinAt);
    return this;
  }

  /** It leads the cluster, or did until a moment ago: then its charter lapses. */
  private void joinAt(String holder) {
    Address leader = addressOf(holder);
    if (leader.equals(cluster.selfMember().address())) {
      // What this controller was before it was started again.
      return;
    }
    long now = System.nanoTime();
    if (!holder.equals(joining)) {
      joining = holder;
      saidNanos = now;
      getContext().getLog().info("{} leads the cluster: this one asks to join there", leader);
      cluster.manager().tell(new JoinSeedNodes(List.of(leader)));
    } else if (now - saidNanos > SAY_EVERY.toNanos()) {
      saidNanos = now;
      getContext()
          .getLog()
          .warn("Not in the cluster yet: {}, which leads it, has not answered", leader);
    }
  }

  /** A dead member's charter lapses; one that does not is another cluster's, which may stay. */
  private Behavior<Command> onForeign(String holder) {
    long now = System.nanoTime();
    if (!foreign) {
      foreign = true;
      foreignSinceNanos = now;
    }
    if (now - foreignSinceNanos > FOREIGN_PATIENCE.toNanos()) {
      getContext()
          .getLog()
          .error("{} leads another cluster of these controllers: this one ends", holder);
      CoordinatedShutdown.get(getContext().getSystem())
          .runAll(CoordinatedShutdown.clusterDowningReason());
      return Behaviors.stopped();
    }
    return this;
  }

  private Behavior<Command> onUnanswered(Unanswered unanswered) {
    asking = false;
    getContext()
        .getLog()
        .warn("Cannot ask for the charter, trying again: {}", unanswered.failure().toString());
    return this;
  }

  /** The last one to leave: whoever starts next need not wait until the charter lapses. */
  private void giveUpAtTheEnd(ActorContext<Command> context) {
    Cluster view = cluster;
    String holder = self;
    AtomicBoolean giving = gaveUp;
    CoordinatedShutdown.get(context.getSystem())
        .addTask(
            CoordinatedShutdown.PhaseClusterLeave(),
            "give-up-charter",
            () -> {
              int members = 0;
              for (Member member : view.state().getMembers()) {
                members += member.status().equals(MemberStatus.up()) ? 1 : 0;
              }
              giving.set(members <= 1);
              CompletionStage<Boolean> given =
                  members <= 1 ? charter.giveUp(holder) : CompletableFuture.completedFuture(false);
              return given.handle((done, failure) -> Done.getInstance());
            });
  }

  private static String text(UniqueAddress address) {
    return address.address().hostPort() + "#" + address.longUid();
  }

  private static Address addressOf(String text) {
    return AddressFromURIString.parse("akka://" + text.substring(0, text.indexOf('#')));
  }
}
