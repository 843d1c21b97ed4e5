package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.online.Work.Result;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import io.sterna.store.plan.PlanEnd;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import io.sterna.store.plan.PlannedMove;
import io.sterna.store.plan.StepEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Relocation while the network runs: which plan is open, and what follows from the traffic.
 *
 * <pre>
 * (search) -> candidate -> PROPOSED -> APPROVED -> EXECUTING -> DONE
 *                 |            |          |           | `-> STOPPING -> STOPPED
 *              forgotten  REJECTED,    STOPPED     STOPPED, FAILED
 *                         EXPIRED
 * </pre>
 *
 * <p>There is one open plan at most. A candidate is looked at again with every traffic that is
 * seen, and loses each move that does not pay; what is left of it after {@link
 * RelocationSettings#confirm} is proposed. So traffic that changes to and fro faster than that
 * moves nobody. Whatever changes slower: a VM stays for {@link RelocationSettings#dwell} where it
 * was moved to, and does not come back within {@link RelocationSettings#returnAfter}. Both hold for
 * every traffic, for plans that somebody asked for, and after a failover.
 *
 * <p>Whoever uses this calls {@link #work} with the newest traffic, does the work, calls {@link
 * #conclude}, writes the events down, and only then {@link #apply}s them. What is not written down,
 * the candidate, may be lost at any time.
 */
public final class Relocation {
  /** How long a VM that was moved is waited for, until the network shows it where it is. */
  private static final Duration SETTLE = Duration.ofSeconds(60);

  private final RelocationSettings settings;
  private final MoveLedger ledger;
  private final Plans plans;
  private @Nullable Candidate candidate;
  private @Nullable Instant searchedAt;
  private @Nullable String askedBy;
  private String waitsFor = "";

  /** Nothing has happened yet. */
  public Relocation(RelocationSettings settings) {
    this.settings = settings;
    ledger = new MoveLedger(settings);
    plans = new Plans(ledger);
  }

  /** A plan that nobody has been told of: it has to prove itself. */
  private record Candidate(
      Instant since, String trigger, List<PlannedMove> moves, double costAfter) {}

  /**
   * Takes note of what was written down.
   *
   * @return whether it counts: not, if it cannot follow from what was written before
   */
  public boolean apply(PlanEvent event) {
    boolean counts = plans.apply(event);
    waitsFor = "";
    if (event instanceof PlanEvent.Proposed) {
      // Whoever asked meanwhile has it: the next plan is to earn its place again.
      askedBy = null;
    }
    return counts;
  }

  /** The plan about which something is still to happen. */
  public Optional<RelocationPlan> open() {
    return plans.open();
  }

  /** The latest plans, latest first. */
  public List<RelocationPlan> all() {
    return plans.all();
  }

  /** A plan, unless it is long over. */
  public Optional<RelocationPlan> find(PlanId id) {
    return plans.find(id);
  }

  /** What the open plan waits for; empty if for nothing in particular. */
  public String waitsFor() {
    return waitsFor;
  }

  /** Somebody wants a plan now. */
  public Answer propose(String by) {
    Optional<RelocationPlan> open = plans.open();
    if (open.isPresent()) {
      return new Answer.Refused(
          false, "plan %s is %s".formatted(open.get().id(), open.get().state()));
    }
    askedBy = by;
    return new Answer.Accepted(List.of());
  }

  /** Whether somebody wants a plan and none was looked for since. */
  public boolean isAsked() {
    return askedBy != null;
  }

  /** Whoever asked was told that it cannot be: nothing is proposed in their name any more. */
  public void forgetAsked() {
    askedBy = null;
  }

  /** Somebody approves a plan. */
  public Answer approve(Instant now, PlanId id, String by) {
    return proposed(id, plan -> new PlanEvent.Approved(id, now.toEpochMilli(), by));
  }

  /** Somebody rejects a plan. */
  public Answer reject(Instant now, PlanId id, String by) {
    return proposed(
        id, plan -> new PlanEvent.Ended(id, now.toEpochMilli(), PlanEnd.REJECTED, "by " + by));
  }

  private interface Deciding {
    PlanEvent on(RelocationPlan plan);
  }

  private Answer proposed(PlanId id, Deciding deciding) {
    Optional<RelocationPlan> plan = plans.find(id);
    if (plan.isEmpty()) {
      return new Answer.Refused(true, "no plan " + id);
    }
    if (plan.get().state() != PlanState.PROPOSED) {
      return new Answer.Refused(false, "plan %s is %s".formatted(id, plan.get().state()));
    }
    return new Answer.Accepted(List.of(deciding.on(plan.get())));
  }

  /** Somebody wants a plan to end. The step that is under way is to be cancelled, or finished. */
  public Answer stop(Instant now, PlanId id, String by) {
    Optional<RelocationPlan> plan = plans.find(id);
    if (plan.isEmpty()) {
      return new Answer.Refused(true, "no plan " + id);
    }
    PlanState state = plan.get().state();
    if (state.isOver() || state == PlanState.STOPPING) {
      return new Answer.Refused(false, "plan %s is %s".formatted(id, state));
    }
    return new Answer.Accepted(
        List.of(
            plan.get().running().isPresent()
                ? new PlanEvent.StopRequested(id, now.toEpochMilli(), by)
                : new PlanEvent.Ended(id, now.toEpochMilli(), PlanEnd.STOPPED, "by " + by)));
  }

  /**
   * The step that was begun has ended, one way or the other.
   *
   * @param isPlaceKnown whether it is known where its VM runs: if not, the plan has failed even if
   *     somebody wanted it to stop
   */
  public List<PlanEvent> stepEnded(Instant now, StepEnd end, boolean isPlaceKnown, String detail) {
    RelocationPlan plan = plans.open().orElseThrow();
    int step = plan.running().orElseThrow();
    long at = now.toEpochMilli();
    List<PlanEvent> events = new ArrayList<>();
    events.add(new PlanEvent.StepEnded(plan.id(), at, step, end, detail));
    boolean isStopping = plan.state() == PlanState.STOPPING;
    if (end == StepEnd.FAILED && (!isStopping || !isPlaceKnown)) {
      String reason = "step %d failed: %s".formatted(step + 1, detail);
      events.add(new PlanEvent.Ended(plan.id(), at, PlanEnd.FAILED, reason));
    } else if (isStopping) {
      events.add(new PlanEvent.Ended(plan.id(), at, PlanEnd.STOPPED, plan.reason()));
    } else if (plan.next().isEmpty()) {
      events.add(new PlanEvent.Ended(plan.id(), at, PlanEnd.DONE, "all steps are over"));
    }
    return events;
  }

  /**
   * What is to be done with the newest traffic, if anything.
   *
   * @param scenario the network as it is
   */
  public Optional<Work> work(Instant now, Scenario scenario) {
    waitsFor = "";
    Optional<RelocationPlan> open = plans.open();
    if (open.isEmpty()) {
      Candidate proving = candidate;
      return proving != null && askedBy == null
          ? Optional.of(check(now, scenario, proving.moves(), plans.nextId(), proving.costAfter()))
          : search(now, scenario);
    }
    RelocationPlan plan = open.get();
    boolean waits =
        plan.running().isPresent()
            || plan.next().isEmpty()
            || plan.unsettled(scenario).filter(each -> isRecent(now, each)).isPresent();
    List<PlannedMove> rest =
        plan.steps().stream()
            .filter(each -> each.state() == StepStatus.State.WAITING)
            .map(StepStatus::move)
            .toList();
    return waits
        ? Optional.empty()
        : Optional.of(check(now, scenario, rest, plan.id(), plan.costAfter()));
  }

  /**
   * The network could not be looked at: nothing is begun, and a proposal that is too old ends.
   *
   * @param why for people
   */
  public List<PlanEvent> unseen(Instant now, String why) {
    waitsFor = why;
    return plans
        .open()
        .filter(plan -> plan.state() == PlanState.PROPOSED)
        .flatMap(plan -> tooOld(now, plan))
        .stream()
        .toList();
  }

  private static boolean isRecent(Instant now, StepStatus done) {
    return now.toEpochMilli() - done.endedAtEpochMillis() < SETTLE.toMillis();
  }

  private Work check(
      Instant now, Scenario scenario, List<PlannedMove> moves, PlanId plan, double costAfter) {
    double share = settings.stepGainMin() * RelocationSettings.ENOUGH_AGAIN;
    return new CheckWork(
        held(now, scenario, plan),
        settings.objective(),
        moves,
        share * Work.share(costAfter, scenario.movable()));
  }

  private Optional<Work> search(Instant now, Scenario scenario) {
    String by = askedBy;
    Instant last = searchedAt;
    String trigger = by != null ? "asked for by " + by : "";
    if (by == null) {
      boolean cools = now.toEpochMilli() < coolUntilEpochMillis();
      Duration since = last == null ? settings.schedule() : Duration.between(last, now);
      boolean isDue = since.compareTo(settings.schedule()) >= 0;
      boolean watches = settings.overload() > 0 && since.compareTo(settings.overloadPause()) >= 0;
      if (cools || (!isDue && !watches)) {
        return Optional.empty();
      }
      trigger = isDue ? "schedule" : "";
    }
    candidate = null;
    return Optional.of(
        new SearchWork(
            held(now, scenario, plans.nextId()),
            settings.planner(),
            settings.stepGainMin(),
            trigger,
            settings.overload(),
            by != null));
  }

  private long coolUntilEpochMillis() {
    long failed = plans.lastFailureAtEpochMillis();
    return failed == Long.MIN_VALUE ? failed : failed + settings.coolDown().toMillis();
  }

  /** The same, with those pinned who dwell, and kept from where they may not return to. */
  private Scenario held(Instant now, Scenario scenario, PlanId plan) {
    Set<IpAddress> moved = ledger.moved();
    if (moved.isEmpty()) {
      return scenario;
    }
    Set<SiteId> sites = new HashSet<>();
    scenario.network().sites().forEach(each -> sites.add(each.id()));
    List<Endpoint> endpoints = new ArrayList<>(scenario.endpoints());
    for (int i = 0; i < endpoints.size(); i++) {
      if (endpoints.get(i) instanceof Vm vm && moved.contains(vm.address())) {
        endpoints.set(i, held(now, vm, sites, plan));
      }
    }
    return scenario.withEndpoints(endpoints);
  }

  private Vm held(Instant now, Vm vm, Set<SiteId> sites, PlanId plan) {
    Set<SiteId> allowed = new HashSet<>(vm.allowedSites().isEmpty() ? sites : vm.allowedSites());
    allowed.removeAll(ledger.left(vm.address(), now.toEpochMilli()));
    allowed.add(vm.site());
    boolean dwells = ledger.dwells(vm.address(), now.toEpochMilli(), plan.number());
    return new Vm(
        vm.address(),
        vm.site(),
        vm.memoryMib(),
        vm.dirtyMbps(),
        vm.movable() && !dwells && allowed.size() > 1,
        vm.antiAffinity(),
        allowed);
  }

  /**
   * What follows from work that was done.
   *
   * @param scenario the traffic that it was done on
   * @param elements who would move a VM
   */
  public List<PlanEvent> conclude(
      Instant now, Scenario scenario, Elements elements, Result result) {
    Optional<RelocationPlan> open = plans.open();
    if (result.of() instanceof SearchWork search) {
      return open.isPresent() ? List.of() : found(now, search, result);
    }
    if (open.isEmpty()) {
      return proved(now, result);
    }
    RelocationPlan plan = open.get();
    return switch (plan.state()) {
      case PROPOSED -> offered(now, plan, result);
      case APPROVED, EXECUTING ->
          plan.running().isPresent() ? List.of() : goOn(now, scenario, elements, plan, result);
      default -> List.of();
    };
  }

  private List<PlanEvent> found(Instant now, SearchWork search, Result result) {
    if (search.asked()) {
      askedBy = null;
    } else if (result.trigger().isEmpty()) {
      return List.of();
    }
    searchedAt = now;
    if (result.moves().isEmpty() || (!search.asked() && !isEnough(result, 1))) {
      return List.of();
    }
    if (search.asked() || settings.confirm().isZero()) {
      return propose(now, result.trigger(), result);
    }
    candidate = new Candidate(now, result.trigger(), result.moves(), result.costAfter());
    return List.of();
  }

  private List<PlanEvent> proved(Instant now, Result result) {
    Candidate proving = candidate;
    if (proving == null) {
      return List.of();
    }
    if (!isEnough(result, 1)) {
      candidate = null;
      return List.of();
    }
    candidate =
        new Candidate(proving.since(), proving.trigger(), result.moves(), proving.costAfter());
    if (Duration.between(proving.since(), now).compareTo(settings.confirm()) < 0) {
      return List.of();
    }
    candidate = null;
    return propose(now, proving.trigger(), result);
  }

  private boolean isEnough(Result result, double share) {
    double least = share * settings.gainMin() * result.costNow();
    return !result.moves().isEmpty() && result.gain() >= least;
  }

  private List<PlanEvent> propose(Instant now, String trigger, Result result) {
    PlanId id = plans.nextId();
    long at = now.toEpochMilli();
    List<PlanEvent> events = new ArrayList<>();
    events.add(
        new PlanEvent.Proposed(
            id, at, trigger, result.costNow(), result.costAfter(), result.moves()));
    if (result.moves().size() <= settings.automaticMovesMax()) {
      events.add(new PlanEvent.Approved(id, at, "policy"));
    }
    return events;
  }

  private List<PlanEvent> offered(Instant now, RelocationPlan plan, Result result) {
    Optional<PlanEvent> tooOld = tooOld(now, plan);
    if (tooOld.isPresent()) {
      return List.of(tooOld.get());
    }
    if (!isEnough(result, RelocationSettings.ENOUGH_AGAIN)) {
      String reason =
          "the traffic changed: it would gain %.6g of %.6g now"
              .formatted(result.gain(), result.costNow());
      long at = now.toEpochMilli();
      return List.of(new PlanEvent.Ended(plan.id(), at, PlanEnd.EXPIRED, reason));
    }
    return List.of();
  }

  private Optional<PlanEvent> tooOld(Instant now, RelocationPlan plan) {
    long at = now.toEpochMilli();
    String reason = "nobody approved it within " + settings.proposalTtl().toMinutes() + " min";
    return at - plan.proposedAtEpochMillis() >= settings.proposalTtl().toMillis()
        ? Optional.of(new PlanEvent.Ended(plan.id(), at, PlanEnd.EXPIRED, reason))
        : Optional.empty();
  }

  private List<PlanEvent> goOn(
      Instant now, Scenario scenario, Elements elements, RelocationPlan plan, Result result) {
    Optional<StepStatus> unsettled = plan.unsettled(scenario);
    if (unsettled.isPresent()) {
      // Who plans with a VM where it is not overfills the site where it is.
      PlannedMove moved = unsettled.get().move();
      String reason =
          "%s was moved to %s, but is not seen there after %d s"
              .formatted(moved.vm(), moved.to(), SETTLE.toSeconds());
      return List.of(new PlanEvent.Ended(plan.id(), now.toEpochMilli(), PlanEnd.FAILED, reason));
    }
    int next = plan.next().orElseThrow();
    PlannedMove move = plan.steps().get(next).move();
    Map<IpAddress, Integer> numbers = Work.numbers(scenario);
    Integer number = numbers.get(move.vm());
    if (number == null) {
      return skip(now, plan, next, "no traffic of it is seen any more");
    }
    SiteId site = scenario.endpoints().get(number).site();
    if (!site.equals(move.from())) {
      return skip(now, plan, next, "it is at " + site);
    }
    if (!result.moves().isEmpty() && isSame(result.moves().get(0), move)) {
      if (!ledger.allows(move.memoryMib(), now.toEpochMilli())) {
        waitsFor = "the budget of an hour is spent";
        return List.of();
      }
      return begin(now, plan, next, result.moves().get(0), elements);
    }
    double planned = move.costBefore() - plan.costAfter();
    if (result.gain() >= RelocationSettings.ENOUGH_AGAIN * planned && result.gain() > 0) {
      return skip(now, plan, next, "it does not pay any more");
    }
    String reason =
        "the traffic changed: step %d does not pay any more, and what is left gains %.6g, not %.6g"
            .formatted(next + 1, result.gain(), planned);
    return List.of(new PlanEvent.Ended(plan.id(), now.toEpochMilli(), PlanEnd.STOPPED, reason));
  }

  private static List<PlanEvent> begin(
      Instant now, RelocationPlan plan, int step, PlannedMove priced, Elements elements) {
    Optional<FeId> from = elements.of(priced.vm());
    Optional<FeId> to = elements.at(priced.to());
    if (from.isEmpty() || to.isEmpty()) {
      String reason = from.isEmpty() ? "it is bound nowhere" : "no element at " + priced.to();
      return skip(now, plan, step, reason);
    }
    if (!elements.hasRoom(priced.vm(), priced.to())) {
      return skip(now, plan, step, "policy has no room for its addresses at " + priced.to());
    }
    return List.of(
        new PlanEvent.StepStarted(
            plan.id(),
            now.toEpochMilli(),
            step,
            from.get(),
            to.get(),
            priced.costBefore(),
            priced.costAfter()));
  }

  private static boolean isSame(PlannedMove one, PlannedMove other) {
    return one.vm().equals(other.vm()) && one.to().equals(other.to());
  }

  private static List<PlanEvent> skip(Instant now, RelocationPlan plan, int step, String reason) {
    long at = now.toEpochMilli();
    List<PlanEvent> events = new ArrayList<>();
    events.add(new PlanEvent.StepEnded(plan.id(), at, step, StepEnd.SKIPPED, reason));
    boolean isLast = step == plan.steps().size() - 1;
    if (isLast) {
      events.add(new PlanEvent.Ended(plan.id(), at, PlanEnd.DONE, "all steps are over"));
    }
    return events;
  }
}
