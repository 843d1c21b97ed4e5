package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What recording and chaining cost: the same load at full rate on a controller as it is, and on one
 * whose rows carry a count where their hash would be ({@link UnchainedDistribution}), in turn. Both
 * stay, each with a Cassandra of its own: what Java has compiled is the same in both, and the one
 * whose turn it is not does nothing. Which of a pair is first alternates, so that what drifts does
 * not count; turns are short and many, so that what others do on this machine meanwhile hits single
 * pairs.
 *
 * <p>What both write is equally long: the 64 bytes that the two hashes are of a row of dozens to
 * hundreds of changes are not left out.
 */
record ChainCost() implements Experiment<Reading> {
  /** A pair more at the beginning, for Java's sake: not counted. */
  private static final int UNCOUNTED = 1;

  private static final int PAIRS = 9;
  private static final int QUARTER = PAIRS / 4;
  private static final int FES = 8;
  private static final int VMS = 100_000;
  private static final int IN_FLIGHT = 8_000;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration DURATION = Duration.ofSeconds(8);
  private static final int HASH_BYTES = 64;
  private static final double SPREAD_MAX_PERCENT = 10;

  private static final TestbedPlan PLAN =
      new TestbedPlan(FES, VMS, IN_FLIGHT / FES, CommitLogSync.PERIODIC);

  private static final LoadPlan LOAD =
      new LoadPlan(
          FES,
          VMS,
          Mobility.UNIFORM,
          LoadPlan.MAX,
          IN_FLIGHT,
          LoadPlan.MAX,
          WARM_UP,
          Duration.ZERO,
          DURATION,
          Optional.empty(),
          LoadPlan.APPLIED);

  /** One pair's two loads. */
  private record Pair(Load.Found chained, Load.Found unchained) {
    double percent() {
      return Figure.rounded(100 * (1 - perSecond(chained) / perSecond(unchained)));
    }
  }

  @Override
  public Reading run(Bench bench) throws LabException {
    return Testbed.during(
        bench, PLAN, chained -> Testbed.during(bench, PLAN, other -> run(bench, chained, other)));
  }

  private static Reading run(Bench bench, Testbed chained, Testbed unchained) throws LabException {
    unchained.restartController(UnchainedDistribution.make(unchained.path("unchained")).home());
    List<Pair> pairs = new ArrayList<>();
    for (int number = 0; number < UNCOUNTED + PAIRS; number++) {
      boolean chainedFirst = number % 2 == 0;
      Load.Found first = Load.measure(bench, chainedFirst ? chained : unchained, LOAD);
      Load.Found second = Load.measure(bench, chainedFirst ? unchained : chained, LOAD);
      Pair pair = chainedFirst ? new Pair(first, second) : new Pair(second, first);
      bench.progress().say("pair %d of %d: %s %%".formatted(number, PAIRS, pair.percent()));
      pairs.add(pair);
    }
    return found(bench, chained, pairs.subList(UNCOUNTED, pairs.size()));
  }

  private static Reading found(Bench bench, Testbed testbed, List<Pair> pairs) throws LabException {
    List<Double> percents = each(pairs, Pair::percent);
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    conditions.putAll(LOAD.conditions());
    conditions.put("percent_of_pairs", percents);
    conditions.put("changes_per_second_chained", each(pairs, pair -> perSecond(pair.chained())));
    conditions.put(
        "changes_per_second_unchained", each(pairs, pair -> perSecond(pair.unchained())));
    conditions.put("controller_us_per_change_chained", each(pairs, pair -> micros(pair.chained())));
    conditions.put(
        "controller_us_per_change_unchained", each(pairs, pair -> micros(pair.unchained())));
    conditions.put("hash_bytes_a_row", HASH_BYTES);
    List<Double> sorted = percents.stream().sorted(Comparator.naturalOrder()).toList();
    if (sorted.get(PAIRS - 1 - QUARTER) - sorted.get(QUARTER) > SPREAD_MAX_PERCENT) {
      // What others do on this machine was measured, not the chain.
      throw new LabException(
          "the middle half of the pairs differs too much to tell, in percent %s; of controllers'"
                  .formatted(percents)
              + " processor time, us a change chained %s, not %s"
                  .formatted(
                      each(pairs, pair -> micros(pair.chained())),
                      each(pairs, pair -> micros(pair.unchained()))));
    }
    return new Reading(sorted.get(PAIRS / 2), conditions);
  }

  private static double perSecond(Load.Found load) {
    return load.number("acceptedPerSecond");
  }

  private static double micros(Load.Found load) {
    return load.cpuMicrosPerChange("controller");
  }

  private static List<Double> each(List<Pair> pairs, ToDoubleFunction<Pair> what) {
    return pairs.stream().map(pair -> Figure.rounded(what.applyAsDouble(pair))).toList();
  }
}
