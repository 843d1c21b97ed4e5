package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlannedMove;
import io.sterna.store.plan.StepEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Relocation in a network that only exists on paper, in which a day passes as fast as it is
 * computed: the traffic is given, every migration succeeds and takes as long as copying does. For
 * simulations and tests.
 */
public final class Rehearsal implements Elements {
  private final Relocation relocation;
  private final Function<Instant, Scenario> traffic;
  private final Duration look;
  private final Map<IpAddress, SiteId> sites = new HashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private final List<Moved> moved = new ArrayList<>();
  private final List<PlanEvent> events = new ArrayList<>();
  private Instant now;
  private @Nullable Instant stepEndsAt;

  /**
   * Nothing has happened yet.
   *
   * @param traffic by the time; where it says that a VM is, counts when it is first seen
   * @param look how often the traffic is looked at
   */
  public Rehearsal(
      Relocation relocation, Function<Instant, Scenario> traffic, Instant start, Duration look) {
    this.relocation = relocation;
    this.traffic = traffic;
    this.look = look;
    now = start;
  }

  /**
   * What the traffic cost when it was looked at.
   *
   * @param costs of it, where the VMs were then
   * @param moves that were done until then
   */
  public record Sample(Instant at, Costs costs, int moves) {}

  /** A migration that is over. */
  public record Moved(Instant at, PlannedMove move) {}

  /** Goes on for so long. */
  public void run(Duration time) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      now = now.plus(look);
      Scenario seen = traffic.apply(now);
      goOn(seen);
      samples.add(new Sample(now, Costs.of(seen, sites(seen)), moved.size()));
    }
  }

  /** Where everything is now: by the number of the endpoint, the number of its site. */
  public int[] sites(Scenario seen) {
    Scenario scenario = placed(seen);
    return IntStream.range(0, scenario.endpoints().size()).map(scenario::site).toArray();
  }

  /** What was seen, in order. */
  public List<Sample> samples() {
    return samples;
  }

  /** What was moved, in order. */
  public List<Moved> moved() {
    return moved;
  }

  /** What happened to plans, in order. */
  public List<PlanEvent> events() {
    return events;
  }

  /** There is one at each site, of the same name. */
  @Override
  public Optional<FeId> of(IpAddress vm) {
    return Optional.ofNullable(sites.get(vm)).flatMap(this::at);
  }

  @Override
  public Optional<FeId> at(SiteId site) {
    return Optional.of(new FeId(site.value()));
  }

  @Override
  public boolean hasRoom(IpAddress vm, SiteId site) {
    return true;
  }

  /** All that can be done until the next look; the traffic stays what it is for so long. */
  private void goOn(Scenario seen) {
    Instant lookedAt = now;
    while (true) {
      Instant due = stepEndsAt;
      if (due != null) {
        if (due.isAfter(lookedAt.plus(look))) {
          break;
        }
        now = due.isAfter(now) ? due : now;
        endStep();
      }
      Scenario scenario = placed(seen);
      Optional<Work> work = relocation.work(now, scenario);
      if (work.isEmpty()) {
        break;
      }
      List<PlanEvent> found = relocation.conclude(now, scenario, this, work.get().run());
      found.forEach(this::apply);
      if (found.isEmpty()) {
        break;
      }
      begin(scenario);
    }
    now = lookedAt;
  }

  private void apply(PlanEvent event) {
    events.add(event);
    relocation.apply(event);
  }

  private void begin(Scenario scenario) {
    Optional<PlannedMove> running = running();
    if (running.isPresent()) {
      PlannedMove move = running.get();
      int number = Objects.requireNonNull(Work.numbers(scenario).get(move.vm()));
      Vm vm = (Vm) scenario.endpoints().get(number);
      int from = scenario.network().number(move.from());
      int to = scenario.network().number(move.to());
      double seconds = scenario.network().migrationSeconds(vm, from, to);
      stepEndsAt = now.plusMillis(Math.round(1000 * seconds));
    }
  }

  private Optional<PlannedMove> running() {
    return relocation
        .open()
        .filter(plan -> plan.running().isPresent())
        .map(plan -> plan.steps().get(plan.running().getAsInt()).move());
  }

  private void endStep() {
    PlannedMove move = running().orElseThrow();
    sites.put(move.vm(), move.to());
    moved.add(new Moved(now, move));
    stepEndsAt = null;
    relocation.stepEnded(now, StepEnd.DONE, true, "").forEach(this::apply);
  }

  private Scenario placed(Scenario seen) {
    List<Endpoint> endpoints = new ArrayList<>(seen.endpoints());
    for (int i = 0; i < endpoints.size(); i++) {
      if (endpoints.get(i) instanceof Vm vm) {
        endpoints.set(i, at(vm, sites.computeIfAbsent(vm.address(), each -> vm.site())));
      }
    }
    return seen.withEndpoints(endpoints);
  }

  private static Vm at(Vm vm, SiteId site) {
    return new Vm(
        vm.address(),
        site,
        vm.memoryMib(),
        vm.dirtyMbps(),
        vm.movable(),
        vm.antiAffinity(),
        vm.allowedSites());
  }
}
