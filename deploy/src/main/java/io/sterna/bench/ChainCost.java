package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What chaining costs: a controller under full load computes the hashes of its rows for a second
 * and leaves them out for the next, in an order that looks like chance ({@link
 * AlternatingDistribution}), and a hundred of such pairs are compared. Both are the same process
 * with the same table, the same compiled code and the same Cassandra; what else happens on the
 * machine meets both alike. Whole runs in turn, and two controllers at the same time, differed by
 * more than the chain costs.
 *
 * <p>What both write is equally long: the 64 bytes that the two hashes are of a row of dozens to
 * hundreds of changes are not left out.
 */
record ChainCost() implements Experiment<Reading> {
  static final Duration TURN = Duration.ofSeconds(1);

  /**
   * What is under way at the beginning of a turn was begun in the one before: some times as long as
   * a claim takes at full rate, since changes count when their row is sealed.
   */
  static final Duration UNCOUNTED = Duration.ofMillis(300);

  private static final int FES = 8;
  private static final int VMS = 100_000;
  private static final int IN_FLIGHT = 8_000;
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration DURATION = Duration.ofMinutes(4);
  private static final int TURNS_LEFT_OUT = 8;
  private static final int PAIRS =
      (int) (DURATION.toMillis() / TURN.toMillis() - 2 * TURNS_LEFT_OUT) / 2;
  private static final int HASH_BYTES = 64;

  /** More, and it was the machine that was measured. */
  private static final double PLUS_MINUS_MAX_PERCENT = 4;

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
          Optional.empty(),
          LoadPlan.APPLIED);

  @Override
  public Reading run(Bench bench) throws LabException {
    return Testbed.during(bench, PLAN, testbed -> run(bench, testbed));
  }

  private static Reading run(Bench bench, Testbed testbed) throws LabException {
    Path file = testbed.path("turns");
    testbed.restartController(
        AlternatingDistribution.make(testbed.path("alternating"), file).home());
    Load.Found load = Load.measure(bench, testbed, LOAD);
    ChainTurns turns = ChainTurns.last(lines(file), PAIRS, TURNS_LEFT_OUT);
    Map<String, Object> conditions = load.conditions();
    conditions.put("turn_ms", TURN.toMillis());
    conditions.put("pairs_of_turns", PAIRS);
    conditions.put("percent_plus_minus", Figure.rounded(turns.percentPlusMinus()));
    conditions.put("hash_bytes_a_row", HASH_BYTES);
    if (turns.percentPlusMinus() > PLUS_MINUS_MAX_PERCENT) {
      throw new LabException(
          "%.1f %% by %d pairs of turns, plus or minus %.1f: the machine was measured"
              .formatted(turns.percent(), PAIRS, turns.percentPlusMinus()));
    }
    return new Reading(Figure.rounded(turns.percent()), conditions);
  }

  private static List<String> lines(Path file) throws LabException {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new LabException("the controller wrote down no turns in " + file + ": " + e, e);
    }
  }
}
