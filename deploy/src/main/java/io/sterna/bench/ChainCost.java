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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.ToDoubleFunction;

/**
 * What recording and chaining cost: the same load at full rate on a controller as it is, and on one
 * whose rows carry a count where their hash would be ({@link UnchainedDistribution}), at the same
 * time. Each has a Cassandra and a load of its own, so both sides are as many threads that want the
 * same processors: the one that needs more of them for a change makes as many fewer changes. What
 * drifts, and what others do on this machine meanwhile, is the same for both; in turn it differed
 * by more than the chain costs.
 *
 * <p>What both write is equally long: the 64 bytes that the two hashes are of a row of dozens to
 * hundreds of changes are not left out.
 */
record ChainCost() implements Experiment<Reading> {
  /** A duel more at the beginning, for Java's sake: not counted. */
  private static final int UNCOUNTED = 1;

  private static final int DUELS = 5;
  private static final int QUARTER = DUELS / 4;
  private static final int FES = 8;
  private static final int VMS = 100_000;
  private static final int IN_FLIGHT = 8_000;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration DURATION = Duration.ofSeconds(30);
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

  /** Two loads at the same time. */
  private record Duel(Load.Found chained, Load.Found unchained) {
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
    List<Duel> duels = new ArrayList<>();
    for (int number = 0; number < UNCOUNTED + DUELS; number++) {
      Duel duel = duel(bench, chained, unchained);
      bench.progress().say("duel %d of %d: %s %%".formatted(number, DUELS, duel.percent()));
      duels.add(duel);
    }
    return found(bench, chained, duels.subList(UNCOUNTED, duels.size()));
  }

  private static Duel duel(Bench bench, Testbed chained, Testbed unchained) throws LabException {
    FutureTask<Load.Found> other = new FutureTask<>(() -> Load.measure(bench, unchained, LOAD));
    Thread thread = new Thread(other, "unchained");
    thread.setDaemon(true);
    thread.start();
    Load.Found one = Load.measure(bench, chained, LOAD);
    try {
      return new Duel(one, other.get());
    } catch (ExecutionException e) {
      throw new LabException("without the chain: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private static Reading found(Bench bench, Testbed testbed, List<Duel> duels) throws LabException {
    List<Double> percents = each(duels, Duel::percent);
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    conditions.putAll(LOAD.conditions());
    conditions.put("percent_of_duels", percents);
    conditions.put("changes_per_second_chained", each(duels, duel -> perSecond(duel.chained())));
    conditions.put(
        "changes_per_second_unchained", each(duels, duel -> perSecond(duel.unchained())));
    conditions.put("controller_us_per_change_chained", each(duels, duel -> micros(duel.chained())));
    conditions.put(
        "controller_us_per_change_unchained", each(duels, duel -> micros(duel.unchained())));
    conditions.put("hash_bytes_a_row", HASH_BYTES);
    List<Double> sorted = percents.stream().sorted(Comparator.naturalOrder()).toList();
    if (sorted.get(DUELS - 1 - QUARTER) - sorted.get(QUARTER) > SPREAD_MAX_PERCENT) {
      // What others do on this machine was measured, not the chain.
      throw new LabException(
          "the middle half of the duels differs too much to tell, in percent %s; of controllers'"
                  .formatted(percents)
              + " processor time, us a change chained %s, not %s"
                  .formatted(
                      each(duels, duel -> micros(duel.chained())),
                      each(duels, duel -> micros(duel.unchained()))));
    }
    return new Reading(sorted.get(DUELS / 2), conditions);
  }

  private static double perSecond(Load.Found load) {
    return load.number("acceptedPerSecond");
  }

  private static double micros(Load.Found load) {
    return load.cpuMicrosPerChange("controller");
  }

  private static List<Double> each(List<Duel> duels, ToDoubleFunction<Duel> what) {
    return duels.stream().map(duel -> Figure.rounded(what.applyAsDouble(duel))).toList();
  }
}
