package io.sterna.controller.audit;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.sterna.controller.audit.ArchiveRun.Asked;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.CheckpointChain;
import io.sterna.store.cassandra.Archiving;
import io.sterna.store.cassandra.Archiving.Outcome;
import io.sterna.store.cassandra.ClusterCharter;
import io.sterna.store.event.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves old rows to the archive when it is asked, or every so often. One on each controller that
 * has a folder; of these one at a time works, by a charter that it holds meanwhile. That is to
 * spare work: the files and their record are safe whoever works at once.
 *
 * <p>Not a cluster singleton: that lives on the oldest controller, which may have no such folder.
 */
public final class Archiver extends AbstractBehavior<Archiver.Command> {
  private static final Duration HOLD_EVERY = ClusterCharter.TERM.dividedBy(4);

  private final Parts parts;
  private final TimerScheduler<Command> timers;
  private final Executor blocking;
  private @Nullable ArchiveRun run;
  private @Nullable ClusterCharter charter;
  private Status status;
  private boolean waitsForCharter;
  private Instant heldAt;

  /** What it understands. */
  public sealed interface Command {}

  /**
   * Archive what is old enough.
   *
   * @param before only rows older than this; empty = as the settings say
   * @param dryRun whether to say only what would be done
   * @param by who asks, and from where; empty = it is due
   */
  public record Begin(
      Optional<Instant> before, boolean dryRun, Optional<Order> by, ActorRef<Begun> replyTo)
      implements Command {}

  /**
   * Whether it began.
   *
   * @param refusal why not; empty = it did
   */
  public record Begun(String refusal) {}

  /** How far it is. */
  public record Read(ActorRef<Status> replyTo) implements Command {}

  /**
   * What the newest run has done so far.
   *
   * @param phase what it is at
   * @param by who asked for it; empty = it was due
   * @param failure what ended it
   * @param outcomes of ranges of which something was archived, or there is something to say
   */
  public record Status(
      Phase phase,
      boolean dryRun,
      Optional<Order> by,
      Optional<Instant> before,
      Optional<Instant> began,
      Optional<Instant> ended,
      int ranges,
      int rangesDone,
      String failure,
      List<Outcome> outcomes) {
    /** Of a controller that has archived nothing yet. */
    public static final Status NOTHING =
        new Status(
            Phase.IDLE,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            "",
            List.of());

    /** A copy that cannot be changed. */
    public Status {
      outcomes = List.copyOf(outcomes);
    }

    private Status with(Outcome outcome) {
      List<Outcome> all = new ArrayList<>(outcomes);
      if (outcome.files() > 0 || !outcome.wrong().isEmpty() || !outcome.note().isEmpty()) {
        all.add(outcome);
      }
      return new Status(
          phase, dryRun, by, before, began, ended, ranges, rangesDone + 1, failure, all);
    }

    private Status ended(Instant at, String why) {
      Phase last = why.isEmpty() ? Phase.DONE : Phase.FAILED;
      return new Status(
          last, dryRun, by, before, began, Optional.of(at), ranges, rangesDone, why, outcomes);
    }
  }

  /** What a run is at. */
  public enum Phase {
    /** There was none. */
    IDLE,
    /** It works. */
    RUNNING,
    /** All ranges were looked at. */
    DONE,
    /** It ended before that. */
    FAILED
  }

  private enum Due implements Command {
    INSTANCE
  }

  private enum HoldOn implements Command {
    INSTANCE
  }

  private record Chartered(Begin begin, @Nullable ClusterCharter charter, String refusal)
      implements Command {}

  private record Held(boolean held) implements Command {}

  private record RangeDone(Outcome outcome) implements Command {}

  private record Ended(String failure) implements Command {}

  /** What it works with. */
  public record Parts(
      ControllerId self,
      ArchiveSettings settings,
      List<RangeId> ranges,
      Function<Archiving.Way, Archiving> archiving,
      Supplier<CheckpointChain> signed,
      Supplier<CompletionStage<ClusterCharter>> charter,
      InstantSource clock) {}

  private Archiver(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
    super(context);
    this.parts = parts;
    this.timers = timers;
    this.blocking = RecordThreads.upkeep(context.getSystem());
    this.status = Status.NOTHING;
    this.heldAt = parts.clock().instant();
    parts
        .settings()
        .every()
        .ifPresent(every -> timers.startTimerWithFixedDelay(Due.INSTANCE, every));
  }

  /** Nothing runs yet. */
  public static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Archiver(context, timers, parts)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Begin.class, this::onBegin)
        .onMessage(Read.class, this::onRead)
        .onMessage(Due.class, due -> onDue())
        .onMessage(Chartered.class, this::onChartered)
        .onMessage(HoldOn.class, hold -> onHoldOn())
        .onMessage(Held.class, this::onHeld)
        .onMessage(RangeDone.class, this::onRangeDone)
        .onMessage(Ended.class, this::onEnded)
        .onSignal(PostStop.class, stopped -> onStop())
        .build();
  }

  private Behavior<Command> onRead(Read read) {
    read.replyTo().tell(status);
    return this;
  }

  private Behavior<Command> onDue() {
    // Nobody waits for the answer, and that another controller archives is no news.
    return onBegin(
        new Begin(Optional.empty(), false, Optional.empty(), getContext().getSystem().ignoreRef()));
  }

  private Behavior<Command> onBegin(Begin begin) {
    if (status.phase() == Phase.RUNNING || waitsForCharter) {
      begin.replyTo().tell(new Begun("this controller archives already"));
      return this;
    }
    if (begin.dryRun()) {
      return start(begin);
    }
    waitsForCharter = true;
    String self = parts.self().value();
    CompletionStage<Command> taken =
        CompletableFuture.supplyAsync(parts.charter(), blocking)
            .thenCompose(stage -> stage)
            .thenCompose(
                opened ->
                    opened
                        .hold(self, Set.of())
                        .thenApply(
                            other ->
                                new Chartered(
                                    begin,
                                    opened,
                                    other
                                        .map(who -> "controller " + who + " archives")
                                        .orElse(""))));
    getContext()
        .pipeToSelf(
            taken,
            (answer, failure) ->
                failure == null ? answer : new Chartered(begin, null, "" + failure.getMessage()));
    return this;
  }

  private Behavior<Command> onChartered(Chartered chartered) {
    waitsForCharter = false;
    if (!chartered.refusal().isEmpty()) {
      // The status stays that of the last run: this is none.
      if (chartered.charter() == null) {
        getContext().getLog().warn("Archiving cannot begin: {}", chartered.refusal());
      }
      chartered.begin().replyTo().tell(new Begun(chartered.refusal()));
      return this;
    }
    charter = chartered.charter();
    heldAt = parts.clock().instant();
    timers.startTimerWithFixedDelay(HoldOn.INSTANCE, HOLD_EVERY);
    return start(chartered.begin());
  }

  private Status running(Begin begin) {
    Instant now = parts.clock().instant();
    return new Status(
        Phase.RUNNING,
        begin.dryRun(),
        begin.by(),
        Optional.of(begin.before().orElse(now.minus(parts.settings().olderThan()))),
        Optional.of(now),
        Optional.empty(),
        parts.ranges().size(),
        0,
        "",
        List.of());
  }

  private Behavior<Command> start(Begin begin) {
    status = running(begin);
    getContext()
        .getLog()
        .info(
            "{} of rows before {} begins, {}",
            begin.dryRun() ? "A dry run of archiving" : "Archiving",
            status.before().orElseThrow(),
            begin.by().map(Archiver::asked).orElse("as it is due"));
    ArchiveRun next =
        new ArchiveRun(
            new ArchiveRun.Parts(
                parts.self().value(),
                parts.ranges(),
                parts.settings().pause(),
                parts.clock(),
                new ArchiveRun.Source() {
                  @Override
                  public Archiving archiving(Archiving.Way way) {
                    return parts.archiving().apply(way);
                  }

                  @Override
                  public CheckpointChain signed() {
                    return parts.signed().get();
                  }
                }),
            new Asked(status.before().orElseThrow(), begin.dryRun()));
    run = next;
    ActorRef<Command> self = getContext().getSelf();
    getContext()
        .pipeToSelf(
            CompletableFuture.runAsync(
                () -> next.run(outcome -> self.tell(new RangeDone(outcome))), blocking),
            (done, failure) -> new Ended(failure == null ? "" : reason(failure)));
    begin.replyTo().tell(new Begun(""));
    return this;
  }

  private static String asked(Order order) {
    String from = order.from().isEmpty() ? "" : " from " + order.from();
    return "asked by " + order.operator() + from;
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }

  private Behavior<Command> onHoldOn() {
    if (charter != null) {
      getContext()
          .pipeToSelf(
              charter.hold(parts.self().value(), Set.of()),
              (other, failure) -> new Held(failure == null && other.isEmpty()));
    }
    return this;
  }

  private Behavior<Command> onHeld(Held held) {
    Instant now = parts.clock().instant();
    if (held.held()) {
      heldAt = now;
    } else if (run != null && heldAt.plus(ClusterCharter.TERM).isBefore(now)) {
      run.stop();
    }
    return this;
  }

  private Behavior<Command> onRangeDone(RangeDone done) {
    status = status.with(done.outcome());
    Outcome outcome = done.outcome();
    if (!outcome.wrong().isEmpty()) {
      getContext().getLog().warn("Range {} was not archived: {}", outcome.range(), outcome.wrong());
    } else if (outcome.files() > 0 && !status.dryRun()) {
      getContext()
          .getLog()
          .info(
              "Range {}: {} rows went to {} files; it is archived up to row {}",
              outcome.range(),
              outcome.rows(),
              outcome.files(),
              outcome.archivedTo());
    }
    return this;
  }

  private Behavior<Command> onEnded(Ended ended) {
    status = status.ended(parts.clock().instant(), ended.failure());
    run = null;
    if (!ended.failure().isEmpty()) {
      getContext().getLog().warn("Archiving ended: {}", ended.failure());
    }
    giveUp();
    return this;
  }

  private void giveUp() {
    timers.cancel(HoldOn.INSTANCE);
    if (charter != null) {
      // Should this fail, it lapses.
      charter.giveUp(parts.self().value()).exceptionally(failure -> false).thenAccept(given -> {});
      charter = null;
    }
  }

  private Behavior<Command> onStop() {
    if (run != null) {
      run.stop();
    }
    giveUp();
    return this;
  }
}
