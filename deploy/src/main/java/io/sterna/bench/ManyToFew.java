package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same changes at few elements and at many, in turn on one controller and one Cassandra that
 * stay: what Java has compiled, and what drifts on the machine, is the same for both. Which of the
 * two is first alternates.
 *
 * @param few elements
 * @param many elements
 * @param inFlight claims that are not answered, of all elements together
 */
record ManyToFew(int few, int many, int inFlight) implements Experiment<ManyToFew.Found> {
  private static final int ROUNDS = 5;

  /**
   * Each load is a Java of its own, and until it has compiled what many elements need, they are
   * what is slow: their claims trickle, rows are small, and each row costs every element.
   */
  private static final Duration WARM_UP_MIN = Duration.ofSeconds(30);

  /** A round more at the beginning, for the controller's sake: said, but not counted. */
  private static final int UNCOUNTED = 1;

  /**
   * What a run found.
   *
   * @param ratio of many to few in the median round
   * @param atFew the median of a round's load with few elements
   * @param atMany and with many
   */
  record Found(Reading ratio, Load.Found atFew, Load.Found atMany) {}

  /** One round's two loads. */
  private record Pair(Load.Found atFew, Load.Found atMany) {
    double ratio() {
      return perSecond(atMany) / perSecond(atFew);
    }
  }

  @Override
  public Found run(Bench bench) throws LabException {
    TestbedPlan plan =
        new TestbedPlan(
            many, bench.settings().vms(), Math.max(1, inFlight / few), CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private Found run(Bench bench, Testbed testbed) throws LabException {
    List<Pair> pairs = new ArrayList<>();
    for (int round = 0; round < UNCOUNTED + ROUNDS; round++) {
      boolean fewFirst = round % 2 == 0;
      Load.Found first = load(bench, testbed, fewFirst ? few : many);
      Load.Found second = load(bench, testbed, fewFirst ? many : few);
      Pair pair = fewFirst ? new Pair(first, second) : new Pair(second, first);
      bench.progress().say("round %d: ratio %.2f".formatted(round, pair.ratio()));
      pairs.add(pair);
    }
    return found(pairs);
  }

  private Load.Found load(Bench bench, Testbed testbed, int fes) throws LabException {
    LoadPlan plan =
        LoadPlan.ofSettings(bench.settings(), fes, inFlight, LoadPlan.MAX, Duration.ZERO)
            .warmedUpFor(WARM_UP_MIN);
    return Load.measure(bench, testbed, plan);
  }

  private static Found found(List<Pair> all) {
    List<Pair> counted = all.subList(UNCOUNTED, all.size());
    Pair middle =
        counted.stream().sorted(Comparator.comparingDouble(Pair::ratio)).toList().get(ROUNDS / 2);
    Map<String, Object> conditions = new LinkedHashMap<>(middle.atMany().conditions());
    conditions.put(
        "ratios_of_rounds", counted.stream().map(p -> Figure.rounded(p.ratio())).toList());
    conditions.put("ratio_of_first_round_not_counted", Figure.rounded(all.get(0).ratio()));
    conditions.put("changes_per_second_few", rates(counted.stream().map(Pair::atFew).toList()));
    conditions.put("changes_per_second_many", rates(counted.stream().map(Pair::atMany).toList()));
    middle
        .atFew()
        .conditions()
        .forEach(
            (key, value) -> {
              if (key.startsWith("cpu_us_per_change_") || key.equals("changes_per_row")) {
                conditions.put(key + "_few", value);
              }
            });
    return new Found(
        new Reading(middle.ratio(), conditions),
        median(counted.stream().map(Pair::atFew).toList()),
        median(counted.stream().map(Pair::atMany).toList()));
  }

  private static Load.Found median(List<Load.Found> loads) {
    return loads.stream()
        .sorted(Comparator.comparingDouble(ManyToFew::perSecond))
        .toList()
        .get(loads.size() / 2);
  }

  private static double perSecond(Load.Found load) {
    return load.perSecondAtAll();
  }

  private static List<Double> rates(List<Load.Found> loads) {
    return loads.stream().map(load -> Figure.rounded(perSecond(load))).toList();
  }
}
