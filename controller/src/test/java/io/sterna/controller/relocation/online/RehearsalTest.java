package io.sterna.controller.relocation.online;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.relocation.ScenariosOfTests;
import io.sterna.controller.relocation.generate.BurstyTraffic;
import io.sterna.controller.relocation.generate.FollowTheSun;
import io.sterna.controller.relocation.generate.GeneratedScenario;
import io.sterna.controller.relocation.generate.Shape;
import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Endpoint.Clients;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.relocation.online.Rehearsal.Moved;
import io.sterna.controller.relocation.online.Rehearsal.Sample;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.plan.PlanEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Days of relocation, with traffic of all kinds. */
class RehearsalTest {
  private static final Instant START = Instant.parse("2024-03-20T00:00:00Z");
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration LOOK = Duration.ofMinutes(5);

  /** Memory of the rates in a matrix, by default. */
  private static final Duration MATRIX_MEMORY = Duration.ofSeconds(60);

  /** What changes as seldom as this is followed. */
  private static final int SLOW_MINUTES = 240;

  private static final Objective LOAD = new Objective(1, 0, 0, 0, 0, 1e-5);
  private static final Objective RTT = new Objective(0, 1, 0, 0, 0, 0.002);

  @Test
  void steadyTrafficMovesNobodyAfterTheFirstPlanHasSettled() {
    for (long seed = 1; seed <= 3; seed++) {
      Scenario base = new GeneratedScenario(300, 4, Shape.MESH, 0.1, 0.02, seed).make();
      Rehearsal rehearsal = rehearsal(LOAD, 300, noisy(base, seed, 0.3));
      rehearsal.run(Duration.ofHours(2));
      int settled = rehearsal.moved().size();
      double before = rehearsal.samples().get(0).costs().linkLoad();
      assertTrue(settled > 50, "seed " + seed + ": nothing to settle");
      assertTrue(last(rehearsal).costs().linkLoad() < 0.25 * before, "seed " + seed);
      rehearsal.run(DAY);
      assertEquals(settled, rehearsal.moved().size(), "seed " + seed);
    }
  }

  private static Function<Instant, Scenario> noisy(Scenario base, long seed, double sigma) {
    double looksPerMemory = (double) LOOK.toMillis() / MATRIX_MEMORY.toMillis();
    BurstyTraffic traffic = new BurstyTraffic(base, sigma, looksPerMemory, seed);
    return now -> traffic.next();
  }

  /**
   * The clients of each VM go from site to site, with any period from a look to half a day: those
   * that lie about the schedule, the proof, the dwell and the return, and all others.
   */
  @Property(tries = 60)
  void noVmGoesToAndFro(
      @ForAll long seed,
      @ForAll @IntRange(min = 5, max = 720) int periodMinutes,
      @ForAll @IntRange(min = 2, max = 4) int sites) {
    SplittableRandom random = new SplittableRandom(seed);
    int vms = 12;
    int[] phases = random.ints(vms, 0, periodMinutes).toArray();
    RelocationSettings settings = SettingsOfTests.quick(RTT, 100);
    Rehearsal rehearsal =
        rehearsal(settings, now -> flipping(sites, phases, periodMinutes, minutes(now)));
    rehearsal.run(DAY.multipliedBy(2));
    checkThatNobodyReturns(rehearsal.moved(), settings, "seed " + seed);
    if (periodMinutes >= SLOW_MINUTES) {
      assertFalse(rehearsal.moved().isEmpty(), "seed " + seed + ": nobody was moved at all");
    }
  }

  /** Traffic that goes to and fro faster than a plan has to prove itself moves nobody at all. */
  @Property(tries = 20)
  void whoFlipsFasterThanTheProofMovesNobody(
      @ForAll long seed, @ForAll @IntRange(min = 5, max = 9) int periodMinutes) {
    int[] phases = new int[12];
    Rehearsal rehearsal =
        rehearsal(
            SettingsOfTests.quick(RTT, 100),
            now -> flipping(2, phases, periodMinutes, minutes(now)));
    rehearsal.run(DAY);
    assertTrue(rehearsal.moved().isEmpty(), "seed " + seed + ": " + rehearsal.moved());
  }

  private static void checkThatNobodyReturns(
      List<Moved> all, RelocationSettings settings, String seed) {
    Map<IpAddress, List<Moved>> ofVm = new HashMap<>();
    all.forEach(each -> ofVm.computeIfAbsent(each.move().vm(), vm -> new ArrayList<>()).add(each));
    ofVm.forEach(
        (vm, moves) -> {
          for (int i = 1; i < moves.size(); i++) {
            Duration stayed = Duration.between(moves.get(i - 1).at(), moves.get(i).at());
            // A move counts from its begin, and takes less than a minute here.
            assertTrue(
                stayed.plusMinutes(1).compareTo(settings.dwell()) >= 0,
                seed + ": " + vm + " stayed for " + stayed);
            for (int j = 0; j < i; j++) {
              Duration away = Duration.between(moves.get(j).at(), moves.get(i).at());
              boolean returns = moves.get(j).move().from().equals(moves.get(i).move().to());
              assertFalse(
                  returns && away.plusMinutes(1).compareTo(settings.returnAfter()) < 0,
                  seed + ": " + vm + " came back after " + away);
            }
          }
        });
  }

  private static Scenario flipping(int sites, int[] phases, int periodMinutes, long minute) {
    List<Site> places = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < sites; i++) {
      places.add(ScenariosOfTests.site(i, phases.length));
      for (int k = 0; k < i; k++) {
        links.addAll(ScenariosOfTests.both(places.get(k), places.get(i), 1000, 20, 0));
      }
    }
    Scenario.Builder builder = Scenario.builder(new Network(places, links));
    int[] clients = new int[sites];
    for (int i = 0; i < sites; i++) {
      IpPrefix prefix = IpPrefix.parse("198.51.%d.0/24".formatted(100 + i));
      clients[i] = builder.add(new Clients(prefix, places.get(i).id()));
    }
    for (int i = 0; i < phases.length; i++) {
      int vm = builder.add(Vm.movable(ScenariosOfTests.address(i), places.get(0).id(), 1024));
      int at = (int) ((minute + phases[i]) / periodMinutes % sites);
      for (int k = 0; k < sites; k++) {
        builder.flow(clients[k], vm, k == at ? 10 : 0.1);
      }
    }
    return ScenariosOfTests.built(builder);
  }

  private static long minutes(Instant now) {
    return Duration.between(START, now).toMinutes();
  }

  @Test
  void serversFollowTheSun() {
    int vms = 120;
    FollowTheSun sun = new FollowTheSun(vms, 0.4, 1);
    Function<Instant, Scenario> traffic = now -> sun.at(minutes(now) / 60.0);
    Rehearsal rehearsal = rehearsal(RTT, vms / 2, traffic);
    rehearsal.run(Duration.ofHours(6));
    Scenario first = sun.at(6);
    int[] fixed = rehearsal.sites(first);
    int before = rehearsal.moved().size();
    int looks = rehearsal.samples().size();
    rehearsal.run(DAY);
    double followed =
        mean(
            rehearsal.samples().subList(looks, rehearsal.samples().size()).stream()
                .mapToDouble(each -> each.costs().rttMs())
                .toArray());
    double stayed =
        mean(IntStream.range(6, 30).mapToDouble(h -> Costs.of(sun.at(h), fixed).rttMs()).toArray());
    int moves = rehearsal.moved().size() - before;
    assertTrue(followed < 0.75 * stayed, followed + " ms instead of " + stayed);
    assertTrue(moves > vms && moves <= 4 * vms, moves + " moves");
    checkBudget(rehearsal, vms / 2);
    checkThatNobodyReturns(
        rehearsal.moved(), SettingsOfTests.automatic(RTT, vms / 2), "follow the sun");
  }

  private static void checkBudget(Rehearsal rehearsal, int movesPerHour) {
    List<PlanEvent> started =
        rehearsal.events().stream().filter(PlanEvent.StepStarted.class::isInstance).toList();
    for (int i = movesPerHour; i < started.size(); i++) {
      long took = started.get(i).atEpochMillis() - started.get(i - movesPerHour).atEpochMillis();
      assertTrue(took >= Duration.ofHours(1).toMillis(), "too many moves within an hour");
    }
  }

  private static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  private static Sample last(Rehearsal rehearsal) {
    return rehearsal.samples().get(rehearsal.samples().size() - 1);
  }

  private static Rehearsal rehearsal(
      Objective objective, int movesPerHour, Function<Instant, Scenario> traffic) {
    return rehearsal(SettingsOfTests.automatic(objective, movesPerHour), traffic);
  }

  private static Rehearsal rehearsal(
      RelocationSettings settings, Function<Instant, Scenario> traffic) {
    return new Rehearsal(new Relocation(settings), traffic, START, LOOK);
  }
}
