package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What recording and chaining cost: the same load at full rate on the controller as it is, and on
 * one whose rows carry a count where their hash would be ({@link UnchainedDistribution}), in turn
 * on one Cassandra. Whether the first of a pair is chained alternates, so that what drifts does not
 * count.
 *
 * <p>What both write is equally long: the 64 bytes that the two hashes are of a row of dozens to
 * hundreds of changes are not left out.
 */
record ChainCost() implements Experiment<Reading> {
  private static final int PAIRS = 3;
  private static final int FES = 8;
  private static final int VMS = 100_000;
  private static final int IN_FLIGHT = 8_000;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration DURATION = Duration.ofSeconds(15);
  private static final int HASH_BYTES = 64;
  private static final double SPREAD_MAX_PERCENT = 10;

  @Override
  public Reading run(Bench bench) throws LabException {
    TestbedPlan plan = new TestbedPlan(FES, VMS, IN_FLIGHT / FES, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private static Reading run(Bench bench, Testbed testbed) throws LabException {
    UnchainedDistribution unchained = UnchainedDistribution.make(testbed.path("unchained"));
    LoadPlan load =
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
    double[][] rates = new double[2][PAIRS];
    double[][] micros = new double[2][PAIRS];
    for (int pair = 0; pair < PAIRS; pair++) {
      for (int turn = 0; turn < 2; turn++) {
        int side = (pair + turn) % 2;
        bench
            .progress()
            .say("pair %d of %d: %s".formatted(pair + 1, PAIRS, side == 0 ? "chained" : "not"));
        testbed.restartController(side == 0 ? unchained.original() : unchained.home());
        Load.Found found = Load.measure(bench, testbed, load);
        rates[side][pair] = found.number("acceptedPerSecond");
        micros[side][pair] = found.cpuMicrosPerChange("controller");
      }
    }
    List<Double> percents = new ArrayList<>();
    for (int pair = 0; pair < PAIRS; pair++) {
      percents.add(Figure.rounded(100 * (1 - rates[0][pair] / rates[1][pair])));
    }
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    conditions.putAll(load.conditions());
    conditions.put("percent_of_pairs", percents);
    conditions.put("changes_per_second_chained", rounded(rates[0]));
    conditions.put("changes_per_second_unchained", rounded(rates[1]));
    conditions.put("controller_us_per_change_chained", rounded(micros[0]));
    conditions.put("controller_us_per_change_unchained", rounded(micros[1]));
    conditions.put("hash_bytes_a_row", HASH_BYTES);
    List<Double> sorted = percents.stream().sorted().toList();
    if (sorted.get(PAIRS - 1) - sorted.get(0) > SPREAD_MAX_PERCENT) {
      // What others do on this machine was measured, not the chain.
      throw new LabException(
          "the pairs differ too much to tell, in percent %s; changes/s chained %s, not %s"
              .formatted(percents, rounded(rates[0]), rounded(rates[1])));
    }
    return new Reading(sorted.get(PAIRS / 2), conditions);
  }

  private static List<Double> rounded(double[] values) {
    return Arrays.stream(values).mapToObj(Figure::rounded).toList();
  }
}
