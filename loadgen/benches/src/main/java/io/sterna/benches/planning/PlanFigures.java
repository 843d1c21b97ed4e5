package io.sterna.benches.planning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.Planner;
import io.sterna.controller.relocation.generate.BurstyTraffic;
import io.sterna.controller.relocation.generate.FollowTheSun;
import io.sterna.controller.relocation.generate.GeneratedScenario;
import io.sterna.controller.relocation.generate.Shape;
import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.relocation.model.Step;
import io.sterna.controller.relocation.online.Rehearsal;
import io.sterna.controller.relocation.online.Relocation;
import io.sterna.controller.relocation.online.RelocationSettings;
import io.sterna.controller.relocation.online.SunnyDay;
import io.sterna.protocol.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Measures one thing about the planner and writes what came out as JSON: {@code PlanFigures WHAT
 * VMS SITES SEEDS FILE}. Each list in it has an element for each scenario.
 */
public final class PlanFigures {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double SPARE = 0.1;
  private static final int SPARE_PER_MILLE = 100;
  private static final double PINNED = 0.02;
  private static final double[] BUDGETS = {0.01, 0.05, 0.10, 0.25};
  private static final int RESTARTS = 100;
  private static final int EIGHTHS = 8;

  private static final Duration LOOK = Duration.ofMinutes(5);

  /** Looks so far apart, and a matrix that remembers for a minute. */
  private static final double LOOKS_PER_MEMORY = 5;

  private static final double BURSTS = 0.5;
  private static final Objective LOAD_AND_MOVES = new Objective(1, 0, 0, 0, 0, 1e-5);

  /** Of each data center, as a share of all VMs. */
  private static final double SUN_ROOM = 0.4;

  private final int vms;
  private final int sites;
  private final int seeds;
  private final ObjectNode found = MAPPER.createObjectNode();

  private PlanFigures(int vms, int sites, int seeds) {
    this.vms = vms;
    this.sites = sites;
    this.seeds = seeds;
  }

  /** Measures. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int vms = Integer.parseInt(arguments[1]);
    int sites = Integer.parseInt(arguments[2]);
    PlanFigures figures = new PlanFigures(vms, sites, Integer.parseInt(arguments[3]));
    switch (arguments[0]) {
      case "quality" -> figures.quality();
      case "budget" -> figures.budget();
      case "exact" -> figures.exact();
      case "bound" -> figures.bound();
      case "restarts" -> figures.restarts();
      case "metis" -> figures.metis();
      case "time" -> figures.time();
      case "steady" -> figures.steady();
      case "sun" -> figures.followTheSun();
      default -> throw new IllegalArgumentException("no figure " + arguments[0]);
    }
    Files.write(Path.of(arguments[4]), MAPPER.writeValueAsBytes(figures.found));
  }

  private interface Case {
    void of(Scenario scenario, Shape shape, long seed) throws IOException, InterruptedException;
  }

  /** Meshes and rings. */
  private void each(double pinned, Case measured) throws IOException, InterruptedException {
    for (Shape shape : Shape.values()) {
      for (long seed = 1; seed <= seeds; seed++) {
        measured.of(
            new GeneratedScenario(vms, sites, shape, SPARE, pinned, seed).make(), shape, seed);
      }
    }
  }

  private static double cost(Scenario scenario, Algorithm algorithm) {
    return Planner.standard().with(algorithm).plan(scenario).costAfter();
  }

  private ArrayNode list(String name) {
    return found.withArray("/" + name);
  }

  private void quality() throws IOException, InterruptedException {
    each(
        PINNED,
        (scenario, shape, seed) -> {
          Plan ours = Planner.standard().plan(scenario);
          Plan one = Planner.standard().with(Algorithm.ALGORITHM1).plan(scenario);
          list("before").add(ours.costBefore());
          list("sterna").add(ours.costAfter());
          list("algorithm1").add(one.costAfter());
          list("descent").add(cost(scenario, Algorithm.DESCENT));
          list("greedy").add(cost(scenario, Algorithm.GREEDY));
          list("algorithm1Moves").add(one.steps().size());
          list("sternaMovesToThere").add(movesTo(scenario, one));
        });
  }

  /** The fewest moves, to an eighth of its own, after which the cost is no more than that. */
  private static int movesTo(Scenario scenario, Plan one) {
    int few = 0;
    int enough = EIGHTHS + 1;
    while (enough - few > 1) {
      int eighths = (few + enough) / 2;
      Planner planner = Planner.standard().with(new Limits(share(one, eighths), Long.MAX_VALUE));
      if (planner.plan(scenario).costAfter() <= one.costAfter() + 1e-12) {
        enough = eighths;
      } else {
        few = eighths;
      }
    }
    return share(one, enough);
  }

  private static int share(Plan one, int eighths) {
    return (one.steps().size() * eighths + EIGHTHS - 1) / EIGHTHS;
  }

  private void budget() throws IOException, InterruptedException {
    each(
        PINNED,
        (scenario, shape, seed) -> {
          list("before").add(Planner.standard().with(new Limits(0, 0)).plan(scenario).costAfter());
          for (double share : BUDGETS) {
            Planner planner =
                Planner.standard().with(new Limits((int) (vms * share), Long.MAX_VALUE));
            String budget = Math.round(100 * share) + "%";
            for (Algorithm each :
                List.of(Algorithm.STERNA, Algorithm.GREEDY, Algorithm.ALGORITHM1)) {
              list(each + " " + budget).add(planner.with(each).plan(scenario).costAfter());
            }
          }
        });
  }

  private void exact() throws IOException, InterruptedException {
    each(
        0.1,
        (scenario, shape, seed) -> {
          Optional<Double> best = ExactPlacement.cost(scenario);
          if (best.isEmpty()) {
            found.put("unproved", found.path("unproved").asInt() + 1);
            return;
          }
          list("optimum").add(best.get());
          list("sterna").add(cost(scenario, Algorithm.STERNA));
          list("descent").add(cost(scenario, Algorithm.DESCENT));
          list("algorithm1").add(cost(scenario, Algorithm.ALGORITHM1));
        });
  }

  private void bound() throws IOException, InterruptedException {
    each(
        PINNED,
        (scenario, shape, seed) -> {
          list("bound").add(CutBound.of(scenario));
          list("sterna").add(cost(scenario, Algorithm.STERNA));
        });
  }

  private void metis() throws IOException, InterruptedException {
    each(
        0,
        (scenario, shape, seed) -> {
          list("metis").add(Metis.cost(scenario, SPARE_PER_MILLE, seed));
          list("sterna").add(cost(scenario, Algorithm.STERNA));
        });
  }

  private void restarts() throws IOException, InterruptedException {
    each(
        PINNED,
        (scenario, shape, seed) -> {
          double best = cost(scenario, Algorithm.DESCENT);
          SplittableRandom random = new SplittableRandom(seed);
          for (int i = 1; i < RESTARTS; i++) {
            best = Math.min(best, cost(scattered(scenario, random), Algorithm.DESCENT));
          }
          list("restarts").add(best);
          list("sterna").add(cost(scenario, Algorithm.STERNA));
        });
  }

  /** The same, with everything that may be moved somewhere else by chance. */
  private static Scenario scattered(Scenario scenario, SplittableRandom random) {
    List<Site> sites = scenario.network().sites();
    int[] room = sites.stream().mapToInt(Site::vmCapacity).toArray();
    for (int i = 0; i < scenario.endpoints().size(); i++) {
      if (scenario.endpoints().get(i) instanceof Vm vm && !vm.movable()) {
        room[scenario.site(i)]--;
      }
    }
    Scenario.Builder builder = Scenario.builder(scenario.network());
    for (Endpoint each : scenario.endpoints()) {
      if (each instanceof Vm vm && vm.movable()) {
        int pick = random.nextInt(Arrays.stream(room).sum());
        int site = 0;
        for (; pick >= room[site]; site++) {
          pick -= room[site];
        }
        room[site]--;
        SiteId id = sites.get(site).id();
        builder.add(Vm.movable(vm.address(), id, vm.memoryMib()));
      } else {
        builder.add(each);
      }
    }
    for (int flow = 0; flow < scenario.flows(); flow++) {
      builder.flow(scenario.source(flow), scenario.destination(flow), scenario.rateMbps(flow));
    }
    try {
      return builder.build();
    } catch (OverfullException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A day of steady traffic with bursts, after two hours in which the first plan settles. */
  private void steady() throws IOException, InterruptedException {
    each(
        PINNED,
        (scenario, shape, seed) -> {
          BurstyTraffic traffic = new BurstyTraffic(scenario, BURSTS, LOOKS_PER_MEMORY, seed);
          RelocationSettings settings =
              RelocationSettings.usual(Algorithm.STERNA, LOAD_AND_MOVES, vms);
          Rehearsal rehearsal =
              new Rehearsal(new Relocation(settings), now -> traffic.next(), Instant.EPOCH, LOOK);
          rehearsal.run(Duration.ofHours(2));
          int settled = rehearsal.moved().size();
          rehearsal.run(Duration.ofHours(24));
          list("movesFirst").add(settled);
          list("movesLater").add(rehearsal.moved().size() - settled);
          list("one").add(1);
        });
  }

  private void followTheSun() {
    for (long seed = 1; seed <= seeds; seed++) {
      SunnyDay day = SunnyDay.of(new FollowTheSun(vms, SUN_ROOM, seed));
      list("followed").add(day.followedMs());
      list("stayed").add(day.stayedMs());
      list("best").add(day.bestMs());
      list("moves").add(day.moves());
      list("movesOfOneMost").add(day.most());
      list("vms").add(vms);
    }
  }

  /** One plan in a Java that has compiled nothing yet, from the scenario to the last step. */
  private void time() throws IOException {
    Scenario scenario = new GeneratedScenario(vms, sites, Shape.MESH, SPARE, PINNED, 1).make();
    long start = System.nanoTime();
    Plan plan = Planner.standard().plan(scenario);
    found.put("seconds", (System.nanoTime() - start) / 1e9);
    found.put("flows", scenario.flows());
    found.put("before", plan.costBefore());
    found.put("after", plan.costAfter());
    found.put("steps", plan.steps().size());
    int[] vmsAt = new int[sites];
    for (int i = 0; i < scenario.endpoints().size(); i++) {
      vmsAt[scenario.site(i)]++;
    }
    for (Step step : plan.steps()) {
      vmsAt[step.from()]--;
      vmsAt[step.to()]++;
      if (vmsAt[step.to()] > scenario.network().sites().get(step.to()).vmCapacity()) {
        throw new IllegalStateException("overfull");
      }
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        found.put("residentMaxMebibytes", Long.parseLong(line.replaceAll("\\D", "")) / 1024);
      }
    }
  }
}
