package io.sterna.bench;

import io.sterna.lab.LabException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The figures of the planner: how good, how fast. */
final class PlanSuite {
  private static final int SEEDS = 10;
  private static final int FEW_SEEDS = 3;
  private static final int[] VMS = {1_000, 10_000};
  private static final int[] SITES = {4, 16};
  private static final String[] BUDGETS = {"1%", "5%", "10%", "25%"};
  private static final String RATIO = "ratio";
  private static final String OURS = "sterna";
  private static final String ONE = "algorithm1";

  private PlanSuite() {}

  /** All of them, without those that need another program. */
  static List<Target> all() {
    List<Target> all = new ArrayList<>();
    all.add(toAlgorithm1(4, 0.10));
    all.add(toAlgorithm1(16, 0.14));
    all.add(
        new Target(
            "plan-to-algorithm1-worst",
            "the same, the worst of all these scenarios",
            RATIO,
            Optional.of(Bar.atMost(1)),
            bench -> worst(bench, OURS, ONE)));
    all.add(
        new Target(
            "plan-to-descent",
            "cost left by ours divided by that of plain descent, the worst median",
            RATIO,
            Optional.of(Bar.atMost(0.55)),
            bench -> medians(bench, SITES, OURS, "descent")));
    all.add(
        new Target(
            "plan-moves-to-algorithm1",
            "moves, to an eighth, after which ours is where Algorithm 1 ends, by its moves; the worst",
            RATIO,
            Optional.of(Bar.atMost(1)),
            bench -> worst(bench, "sternaMovesToThere", "algorithm1Moves")));
    all.addAll(budgets());
    all.addAll(small());
    all.add(
        new Target(
            "plan-to-bound",
            "cost left by ours by a lower bound that knows no capacities, the worst median",
            RATIO,
            Optional.empty(),
            bench -> medians(bench, "bound", new int[] {1_000}, SITES, FEW_SEEDS, OURS, "bound")));
    all.add(
        new Target(
            "plan-to-restarts",
            "cost left by ours by the best of 100 descents from random placements, the worst median",
            RATIO,
            Optional.of(Bar.atMost(1)),
            bench ->
                medians(bench, "restarts", new int[] {1_000}, SITES, FEW_SEEDS, OURS, "restarts")));
    all.addAll(time());
    all.addAll(online());
    return all;
  }

  /** Beside METIS, which has to be installed. */
  static Target toMetis() {
    return new Target(
        "plan-to-metis",
        "cost left by ours by that of gpmetis with the same spare room, the worst median",
        RATIO,
        Optional.of(Bar.atMost(1)),
        bench -> medians(bench, "metis", VMS, SITES, SEEDS, OURS, "metis"));
  }

  private static Target toAlgorithm1(int sites, double bar) {
    return new Target(
        "plan-to-algorithm1-%d-sites".formatted(sites),
        "cost left by ours divided by that of Algorithm 1, the worst median of 1,000 and 10,000 VMs,"
            + " mesh and ring, ten seeds each",
        RATIO,
        Optional.of(Bar.atMost(bar)),
        bench -> medians(bench, new int[] {sites}, OURS, ONE));
  }

  private static List<Target> budgets() {
    List<Target> targets = new ArrayList<>();
    targets.add(
        new Target(
            "plan-budget-to-greedy",
            "cost left by ours after 1, 5, 10 and 25 % moves, by that of best gain first; the worst",
            RATIO,
            Optional.of(Bar.atMost(1)),
            bench -> budget(bench, "greedy")));
    targets.add(
        new Target(
            "plan-budget-to-algorithm1",
            "the same by that of Algorithm 1, the worst median",
            RATIO,
            Optional.of(Bar.atMost(1)),
            bench -> budget(bench, ONE)));
    return targets;
  }

  private static List<Target> small() {
    return List.of(
        new Target(
            "plan-gap-median",
            "cost left by ours above the proved optimum, 30 VMs at 3 and 20 at 4 data centers: median",
            "%",
            Optional.of(Bar.atMost(2)),
            bench -> gap(bench, PlanSuite::median)),
        new Target(
            "plan-gap-worst",
            "the same, the worst",
            "%",
            Optional.of(Bar.atMost(10)),
            bench -> gap(bench, PlanSuite::greatest)));
  }

  private static List<Target> time() {
    return List.of(
        seconds("plan-seconds-10000-vms", 10_000, 4, 1),
        seconds("plan-seconds-1000000-vms", 1_000_000, 100, 60),
        new Target(
            "plan-memory-1000000-vms",
            "resident memory of the process that plans these, at most",
            "MiB",
            Optional.of(Bar.atMost(4096)),
            bench -> {
              PlanRun.Found found = bench.once(new PlanRun("time", 1_000_000, 100, 1));
              return new Reading(
                  found.json().path("residentMaxMebibytes").asDouble(Double.NaN),
                  conditions(bench, found));
            }));
  }

  private static List<Target> online() {
    return List.of(
        new Target(
            "plan-steady-24h-moves",
            "moves within 24 simulated hours of steady traffic with bursts (sigma 0.5), after the first"
                + " plan has settled: 300 VMs, 4 data centers, mesh and ring, the worst of three seeds",
            "moves",
            Optional.of(Bar.atMost(0)),
            bench -> {
              PlanRun.Found found = bench.once(new PlanRun("steady", 300, 4, FEW_SEEDS));
              Map<String, Object> conditions = bench.conditions();
              conditions.put("first_moves_median", median(found.list("movesFirst")));
              return new Reading(greatest(found.list("movesLater")), conditions);
            }),
        sun(
            "plan-follow-the-sun-rtt",
            "mean RTT of a day's traffic whose servers follow their clients round the globe, by that of"
                + " staying; 120 VMs, the worst of three seeds",
            RATIO,
            Bar.atMost(0.75),
            "followed",
            "stayed"),
        sun(
            "plan-follow-the-sun-moves",
            "moves of that day, by VMs",
            "moves",
            Bar.atMost(6),
            "moves",
            "vms"));
  }

  private static Target sun(
      String name, String meaning, String unit, Bar bar, String above, String below) {
    return new Target(
        name,
        meaning,
        unit,
        Optional.of(bar),
        bench -> {
          PlanRun.Found found = bench.once(new PlanRun("sun", 120, 6, FEW_SEEDS));
          Map<String, Object> conditions = bench.conditions();
          for (String each : List.of("followed", "stayed", "best", "moves", "movesOfOneMost")) {
            conditions.put(each + "_median", Figure.rounded(median(found.list(each))));
          }
          return new Reading(greatest(found.ratios(above, below)), conditions);
        });
  }

  private static Target seconds(String name, int vms, int sites, double bar) {
    return new Target(
        name,
        "to plan for %d VMs, some 5 flows each, %d data centers, in a Java just started"
            .formatted(vms, sites),
        "s",
        Optional.of(Bar.atMost(bar)),
        bench -> {
          PlanRun.Found found = bench.once(new PlanRun("time", vms, sites, 1));
          return new Reading(
              found.json().path("seconds").asDouble(Double.NaN), conditions(bench, found));
        });
  }

  private static Map<String, Object> conditions(Bench bench, PlanRun.Found found) {
    Map<String, Object> conditions = new LinkedHashMap<>(bench.conditions());
    found
        .json()
        .properties()
        .forEach(each -> conditions.put(each.getKey(), each.getValue().asDouble()));
    return conditions;
  }

  private static Reading medians(Bench bench, int[] sites, String ours, String theirs)
      throws LabException {
    return medians(bench, "quality", VMS, sites, SEEDS, ours, theirs);
  }

  /** The greatest of the medians of each size and shape; meshes come first in every list. */
  private static Reading medians(
      Bench bench, String what, int[] vms, int[] sites, int seeds, String ours, String theirs)
      throws LabException {
    Map<String, Object> conditions = bench.conditions();
    double worst = 0;
    for (int size : vms) {
      for (int count : sites) {
        double[] ratios = bench.once(new PlanRun(what, size, count, seeds)).ratios(ours, theirs);
        double mesh = median(Arrays.copyOf(ratios, seeds));
        double ring = median(Arrays.copyOfRange(ratios, seeds, 2 * seeds));
        conditions.put("%d_vms_%d_sites_mesh".formatted(size, count), Figure.rounded(mesh));
        conditions.put("%d_vms_%d_sites_ring".formatted(size, count), Figure.rounded(ring));
        worst = Math.max(worst, Math.max(mesh, ring));
      }
    }
    return new Reading(worst, conditions);
  }

  private static Reading worst(Bench bench, String ours, String theirs) throws LabException {
    Map<String, Object> conditions = bench.conditions();
    double worst = 0;
    for (int size : VMS) {
      for (int count : SITES) {
        double[] ratios =
            bench.once(new PlanRun("quality", size, count, SEEDS)).ratios(ours, theirs);
        String name = "%d_vms_%d_sites".formatted(size, count);
        conditions.put(name + "_median", Figure.rounded(median(ratios)));
        conditions.put(name + "_worst", Figure.rounded(greatest(ratios)));
        worst = Math.max(worst, greatest(ratios));
      }
    }
    return new Reading(worst, conditions);
  }

  /** The whole curve is in the conditions: medians of what is left, as a share of before. */
  private static Reading budget(Bench bench, String theirs) throws LabException {
    Map<String, Object> conditions = bench.conditions();
    double worst = 0;
    for (int count : SITES) {
      PlanRun.Found found = bench.once(new PlanRun("budget", 1_000, count, SEEDS));
      for (String budget : BUDGETS) {
        double[] ratios = found.ratios(OURS + " " + budget, theirs + " " + budget);
        for (String each : List.of(OURS, "greedy", ONE)) {
          double left = median(found.ratios(each + " " + budget, "before"));
          conditions.put("%d_sites_%s_%s".formatted(count, budget, each), Figure.rounded(left));
        }
        worst = Math.max(worst, theirs.equals(ONE) ? median(ratios) : greatest(ratios));
      }
    }
    return new Reading(worst, conditions);
  }

  private static Reading gap(Bench bench, ToDoubleFunction<double[]> ofAll) throws LabException {
    Map<String, Object> conditions = bench.conditions();
    List<Double> gaps = new ArrayList<>();
    for (int sites : new int[] {3, 4}) {
      PlanRun.Found run = bench.once(new PlanRun("exact", sites == 3 ? 30 : 20, sites, SEEDS));
      for (double each : run.ratios(OURS, "optimum")) {
        gaps.add((each - 1) * 100);
      }
      int unproved = run.json().path("unproved").asInt();
      conditions.put("%d_sites_unproved".formatted(sites), unproved);
    }
    double[] found = gaps.stream().mapToDouble(Double::doubleValue).toArray();
    conditions.put("scenarios", found.length);
    // Less than that is the rounding of two ways to add up.
    return new Reading(Math.max(0, ofAll.applyAsDouble(found)), conditions);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static double greatest(double[] values) {
    return Arrays.stream(values).max().orElse(Double.NaN);
  }
}
