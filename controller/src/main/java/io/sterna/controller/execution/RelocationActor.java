package io.sterna.controller.execution;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EffectBuilder;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import io.sterna.controller.execution.RelocationCommand.ApprovePlan;
import io.sterna.controller.execution.RelocationCommand.ListPlans;
import io.sterna.controller.execution.RelocationCommand.MigrationReported;
import io.sterna.controller.execution.RelocationCommand.PlanChanged;
import io.sterna.controller.execution.RelocationCommand.PlanListing;
import io.sterna.controller.execution.RelocationCommand.PlanPage;
import io.sterna.controller.execution.RelocationCommand.ProposePlan;
import io.sterna.controller.execution.RelocationCommand.RejectPlan;
import io.sterna.controller.execution.RelocationCommand.ShowPlan;
import io.sterna.controller.execution.RelocationCommand.StopPlan;
import io.sterna.controller.relocation.online.Answer;
import io.sterna.controller.relocation.online.MigrationSaga;
import io.sterna.controller.relocation.online.MigrationSaga.Order;
import io.sterna.controller.relocation.online.MigrationSaga.Outcome;
import io.sterna.controller.relocation.online.PlanState;
import io.sterna.controller.relocation.online.Relocation;
import io.sterna.controller.relocation.online.RelocationPlan;
import io.sterna.controller.relocation.online.Work;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the plans of the cluster and executes them, step by step. One in the whole cluster; what
 * happens to plans is in its journal before anybody is told, so the next one continues where this
 * one ended: the step that was under way is asked for again under the same name, which elements do
 * once.
 *
 * <p>The core ({@link Relocation}, {@link MigrationSaga}) decides; this carries traffic to it, its
 * work to a thread that may take long, its events to the journal and its orders to the sessions.
 */
public final class RelocationActor
    extends EventSourcedBehavior<RelocationCommand, PlanEvent, Relocation> {
  private static final PersistenceId ID = PersistenceId.ofUniqueId("relocation");
  private static final String NAME = "relocation";
  private static final Duration BEAT = Duration.ofMillis(500);

  /** So often ranges are told what moves: a few times within what they count a word for. */
  private static final Duration TELL_RANGES_EVERY = Duration.ofSeconds(10);

  /** Between the steps of a plan, until what was moved is seen where it is now. */
  private static final Duration LOOK_BETWEEN_STEPS = Duration.ofSeconds(2);

  private static final Duration RESTART_DELAY_MIN = Duration.ofMillis(200);
  private static final Duration RESTART_DELAY_MAX = Duration.ofSeconds(10);

  private final ActorContext<RelocationCommand> context;
  private final TimerScheduler<RelocationCommand> timers;
  private final Parts parts;
  private final Relocation empty;
  private final Executor blocking;
  private final List<ActorRef<PlanChanged>> proposers = new ArrayList<>();
  private List<ActorRef<Sessions.Command>> registries = List.of();
  private int registry;
  private boolean works;
  private final Silence silence = new Silence();
  private @Nullable MigrationSaga saga;
  private Map<IpAddress, List<IpAddress>> addresses = Map.of();
  private long rangesToldNanos;

  /** To itself. */
  sealed interface Private extends RelocationCommand {}

  private enum Look implements Private {
    INSTANCE
  }

  private enum Beat implements Private {
    INSTANCE
  }

  /** The traffic as it is; empty while too little is known. */
  private record Seen(Optional<LiveNetwork> network) implements Private {}

  private record Worked(LiveNetwork network, Work.Result result) implements Private {}

  private record Failed(Throwable failure) implements Private {}

  private record Registries(List<ActorRef<Sessions.Command>> all) implements Private {}

  /**
   * What it works with.
   *
   * @param source tells the traffic
   * @param notice is told what moves, again and again
   * @param clock for plans, budgets and people
   * @param nanoTime for what elements are waited for
   */
  public record Parts(
      ExecutionSettings settings,
      LiveNetwork.Source source,
      Notice notice,
      InstantSource clock,
      LongSupplier nanoTime) {}

  /** Whoever decides about bindings. */
  public interface Notice {
    /** An address is being moved, now. */
    void migrates(IpAddress address, FeId from, FeId to);
  }

  private RelocationActor(
      ActorContext<RelocationCommand> context,
      TimerScheduler<RelocationCommand> timers,
      Parts parts) {
    super(ID, SupervisorStrategy.restartWithBackoff(RESTART_DELAY_MIN, RESTART_DELAY_MAX, 0.1));
    this.context = context;
    this.timers = timers;
    this.parts = parts;
    empty = new Relocation(parts.settings().planning());
    blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    ActorRef<Receptionist.Listing> listings =
        context.messageAdapter(
            Receptionist.Listing.class,
            listing ->
                new Registries(
                    listing.getServiceInstances(Sessions.KEY).stream()
                        .sorted(Comparator.comparing((ActorRef<?> each) -> each.path()))
                        .toList()));
    context.getSystem().receptionist().tell(Receptionist.subscribe(Sessions.KEY, listings));
  }

  /** Starts it, here or elsewhere in the cluster; the answer finds it wherever it is. */
  public static ActorRef<RelocationCommand> start(ActorSystem<?> system, Parts parts) {
    return ClusterSingleton.get(system).init(SingletonActor.of(create(parts), NAME));
  }

  /** The behaviour. */
  static Behavior<RelocationCommand> create(Parts parts) {
    Behavior<RelocationCommand> actor =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new RelocationActor(context, timers, parts)));
    return Behaviors.supervise(actor)
        .onFailure(
            SupervisorStrategy.restartWithBackoff(RESTART_DELAY_MIN, RESTART_DELAY_MAX, 0.1));
  }

  @Override
  public Relocation emptyState() {
    return empty;
  }

  @Override
  public EventHandler<Relocation, PlanEvent> eventHandler() {
    // A restart begins with the very same empty state again: no event may be written to it.
    return (relocation, event) -> {
      Relocation next =
          relocation == empty ? new Relocation(parts.settings().planning()) : relocation;
      if (!next.apply(event)) {
        context.getLog().warn("{} cannot follow what is in the journal: passed over", event);
      }
      return next;
    };
  }

  @Override
  public SignalHandler<Relocation> signalHandler() {
    // A failed write ends all timers, and recovers.
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            relocation -> {
              timers.startTimerWithFixedDelay(Beat.INSTANCE, BEAT);
              goOn(relocation);
              if (saga != null) {
                // Only the network says which other addresses its VM has.
                context.getSelf().tell(Look.INSTANCE);
              }
            })
        .build();
  }

  @Override
  public CommandHandler<RelocationCommand, PlanEvent, Relocation> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Look.class, this::onLook)
        .onCommand(Seen.class, this::onSeen)
        .onCommand(Worked.class, this::onWorked)
        .onCommand(Failed.class, this::onFailed)
        .onCommand(Beat.class, (relocation, beat) -> onBeat(relocation))
        .onCommand(Registries.class, (relocation, found) -> onRegistries(found))
        .onCommand(MigrationReported.class, this::onReported)
        .onCommand(ListPlans.class, this::onList)
        .onCommand(ShowPlan.class, this::onShow)
        .onCommand(ProposePlan.class, this::onPropose)
        .onCommand(
            ApprovePlan.class,
            (relocation, wish) ->
                grant(
                    relocation.approve(parts.clock().instant(), wish.plan(), wish.by()),
                    wish.plan(),
                    wish.replyTo()))
        .onCommand(
            RejectPlan.class,
            (relocation, wish) ->
                grant(
                    relocation.reject(parts.clock().instant(), wish.plan(), wish.by()),
                    wish.plan(),
                    wish.replyTo()))
        .onCommand(
            StopPlan.class,
            (relocation, wish) ->
                grant(
                    relocation.stop(parts.clock().instant(), wish.plan(), wish.by()),
                    wish.plan(),
                    wish.replyTo()))
        .build();
  }

  private Effect<PlanEvent, Relocation> onLook(Relocation relocation, Look look) {
    if (!works) {
      works = true;
      context.pipeToSelf(
          parts.source().look(),
          (network, failure) -> failure == null ? new Seen(network) : new Failed(failure));
    }
    return Effect().none();
  }

  private Effect<PlanEvent, Relocation> onSeen(Relocation relocation, Seen seen) {
    seen.network().ifPresent(each -> silence.note(each.silent(), context.getLog()));
    seen.network().ifPresent(each -> addresses = each.addresses());
    Optional<Work> work =
        seen.network().flatMap(each -> relocation.work(parts.clock().instant(), each.scenario()));
    if (work.isEmpty()) {
      works = false;
      if (seen.network().isEmpty()) {
        return nothingSeen(relocation, "too little is known of the traffic yet");
      }
      lookLater(relocation);
      return Effect().none();
    }
    LiveNetwork network = seen.network().get();
    context.pipeToSelf(
        CompletableFuture.supplyAsync(work.get()::run, blocking),
        (result, failure) -> failure == null ? new Worked(network, result) : new Failed(failure));
    return Effect().none();
  }

  /** Time passes for plans even while they cannot be looked at. */
  private Effect<PlanEvent, Relocation> nothingSeen(Relocation relocation, String why) {
    relocation.forgetAsked();
    answerProposers(why);
    List<PlanEvent> events = relocation.unseen(parts.clock().instant(), why);
    if (!events.isEmpty()) {
      return persist(events);
    }
    lookLater(relocation, true);
    return Effect().none();
  }

  private Effect<PlanEvent, Relocation> onWorked(Relocation relocation, Worked worked) {
    works = false;
    List<PlanEvent> events =
        relocation.conclude(
            parts.clock().instant(),
            worked.network().scenario(),
            worked.network(),
            worked.result());
    if (events.isEmpty()) {
      if (relocation.isAsked()) {
        // Somebody asked while something else was looked for.
        context.getSelf().tell(Look.INSTANCE);
      } else {
        answerProposers("no move pays" + silence.why());
        lookLater(relocation);
      }
      return Effect().none();
    }
    return persist(events);
  }

  private Effect<PlanEvent, Relocation> onFailed(Relocation relocation, Failed failed) {
    works = false;
    context.getLog().warn("Planning failed: {}", failed.failure().toString());
    return nothingSeen(relocation, "it failed: " + failed.failure());
  }

  private EffectBuilder<PlanEvent, Relocation> persist(List<PlanEvent> events) {
    return Effect()
        .persist(events)
        .thenRun(
            relocation -> {
              events.forEach(event -> context.getLog().info("{}", event));
              goOn(relocation);
            });
  }

  /** After anything was written, or read from the journal at the start. */
  private void goOn(Relocation relocation) {
    Optional<RelocationPlan> open = relocation.open();
    open.filter(plan -> plan.running().isPresent()).ifPresent(this::drive);
    if (open.isPresent() && !proposers.isEmpty()) {
      PlanChanged found =
          new PlanChanged(Optional.of(PlanViews.summary(relocation, open.get(), "")), false, "");
      proposers.forEach(each -> each.tell(found));
      proposers.clear();
    }
    boolean isApproved = open.map(each -> each.state() == PlanState.APPROVED).orElse(false);
    boolean isBetween = saga == null && open.map(each -> each.done() > 0).orElse(false);
    if (isApproved || isBetween) {
      context.getSelf().tell(Look.INSTANCE);
    } else {
      lookLater(relocation);
    }
  }

  private void drive(RelocationPlan plan) {
    MigrationSaga current = saga;
    long now = parts.nanoTime().getAsLong();
    if (current == null) {
      current =
          new MigrationSaga(
              plan.migration(), parts.settings().askAgain(), parts.settings().stepPatience(), now);
      saga = current;
      tellRanges(current.migration(), now);
    }
    if (plan.state() == PlanState.STOPPING) {
      current.cancel(plan.reason().replaceFirst("^by ", ""), now);
    }
    send(current.due(now));
  }

  private void tellRanges(Migration migration, long now) {
    rangesToldNanos = now;
    IpAddress vm = migration.vm();
    for (IpAddress each : addresses.getOrDefault(vm, List.of(vm))) {
      parts.notice().migrates(each, migration.from(), migration.to());
    }
  }

  private void lookLater(Relocation relocation) {
    lookLater(relocation, relocation.waitsFor().isEmpty());
  }

  private void lookLater(Relocation relocation, boolean soonBetweenSteps) {
    boolean isExecuting =
        relocation.open().map(plan -> plan.state() == PlanState.EXECUTING).orElse(false);
    Duration delay =
        isExecuting && saga == null && soonBetweenSteps
            ? LOOK_BETWEEN_STEPS
            : parts.settings().lookEvery();
    timers.startSingleTimer(Look.INSTANCE, delay);
  }

  private Effect<PlanEvent, Relocation> onBeat(Relocation relocation) {
    MigrationSaga current = saga;
    if (current != null) {
      long now = parts.nanoTime().getAsLong();
      send(current.due(now));
      if (now - rangesToldNanos >= TELL_RANGES_EVERY.toNanos()) {
        tellRanges(current.migration(), now);
      }
    }
    return endStep(relocation);
  }

  private Effect<PlanEvent, Relocation> onReported(
      Relocation relocation, MigrationReported reported) {
    MigrationSaga current = saga;
    if (current != null) {
      long now = parts.nanoTime().getAsLong();
      current.reported(reported.fe(), reported.report(), now);
      send(current.due(now));
    }
    return endStep(relocation);
  }

  private Effect<PlanEvent, Relocation> endStep(Relocation relocation) {
    MigrationSaga current = saga;
    if (current == null || current.outcome().isEmpty()) {
      return Effect().none();
    }
    Outcome outcome = current.outcome().get();
    saga = null;
    return persist(
        relocation.stepEnded(
            parts.clock().instant(), outcome.end(), outcome.isPlaceKnown(), outcome.detail()));
  }

  /** One registry at a time, another at the next try: any that has a session will do. */
  private void send(List<Order> orders) {
    for (Order order : orders) {
      if (!registries.isEmpty()) {
        registry = (registry + 1) % registries.size();
        registries.get(registry).tell(new Sessions.TellElement(order.fe(), order.command()));
      }
    }
  }

  private Effect<PlanEvent, Relocation> onRegistries(Registries found) {
    registries = found.all();
    return Effect().none();
  }

  private Effect<PlanEvent, Relocation> onList(Relocation relocation, ListPlans ask) {
    ask.replyTo()
        .tell(
            new PlanListing(
                relocation.all().stream()
                    .map(plan -> PlanViews.summary(relocation, plan, progress(plan)))
                    .toList()));
    return Effect().none();
  }

  private String progress(RelocationPlan plan) {
    MigrationSaga current = saga;
    return current == null || plan.state().isOver() ? "" : current.progress();
  }

  private Effect<PlanEvent, Relocation> onShow(Relocation relocation, ShowPlan ask) {
    Optional<RelocationPlan> plan = relocation.find(ask.plan());
    ask.replyTo()
        .tell(
            new PlanPage(
                plan.map(each -> PlanViews.summary(relocation, each, progress(each))),
                plan.map(each -> PlanViews.steps(each, ask.firstStep())).orElse(List.of())));
    return Effect().none();
  }

  private Effect<PlanEvent, Relocation> onPropose(Relocation relocation, ProposePlan wish) {
    Answer answer = relocation.propose(wish.by());
    if (answer instanceof Answer.Refused refused) {
      wish.replyTo().tell(new PlanChanged(Optional.empty(), false, refused.reason()));
    } else {
      proposers.add(wish.replyTo());
      context.getSelf().tell(Look.INSTANCE);
    }
    return Effect().none();
  }

  private void answerProposers(String refusal) {
    proposers.forEach(each -> each.tell(new PlanChanged(Optional.empty(), false, refusal)));
    proposers.clear();
  }

  private Effect<PlanEvent, Relocation> grant(
      Answer answer, PlanId id, ActorRef<PlanChanged> replyTo) {
    if (answer instanceof Answer.Refused refused) {
      replyTo.tell(new PlanChanged(Optional.empty(), refused.unknown(), refused.reason()));
      return Effect().none();
    }
    List<PlanEvent> events = ((Answer.Accepted) answer).events();
    return persist(events)
        .thenRun(
            relocation ->
                replyTo.tell(
                    new PlanChanged(
                        relocation
                            .find(id)
                            .map(plan -> PlanViews.summary(relocation, plan, progress(plan))),
                        false,
                        "")));
  }
}
