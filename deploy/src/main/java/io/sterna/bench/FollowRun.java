package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.process.ControllerApi;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A controller under load, alone and while two readers follow its log, one of which stops reading;
 * by turns, so that what the machine does meanwhile falls on both.
 */
record FollowRun() implements Experiment<Reading> {
  private static final int ELEMENTS = 4;
  private static final int VMS = 65_536;
  private static final int IN_FLIGHT = 8_000;
  private static final int RATE = 20_000;
  private static final int TURNS = 2;
  private static final Duration WARM_UP_FIRST = Duration.ofSeconds(15);
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  /** Longer than it takes until a reader that takes nothing is cut. */
  private static final Duration MEASURED = Duration.ofSeconds(20);

  /** What one turn found. */
  private record Turn(double changesPerSecond, double acknowledgedP99Ms, double controllerCpuUs) {
    static Turn of(Load.Found found) {
      return new Turn(
          found.number("acceptedPerSecond"),
          found.number("acknowledgedMs", "p99"),
          found.cpuMicrosPerChange("controller"));
    }
  }

  @Override
  public Reading run(Bench bench) throws LabException {
    TestbedPlan plan = new TestbedPlan(ELEMENTS, VMS, IN_FLIGHT / ELEMENTS, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private static Reading run(Bench bench, Testbed testbed) throws LabException {
    bench.progress().say("the controller warms up");
    Load.Found first = Load.measure(bench, testbed, load(WARM_UP_FIRST));
    List<Turn> alone = new ArrayList<>();
    List<Turn> followed = new ArrayList<>();
    Map<String, Object> conditions = first.conditions();
    long entries = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      bench.progress().say("nobody follows");
      alone.add(Turn.of(Load.measure(bench, testbed, load(WARM_UP))));
      bench.progress().say("one reader follows, one stops reading");
      String api = testbed.api().addresses().get(0);
      try (LogReader active = LogReader.start(api, "");
          LogReader stalled = LogReader.start(api, "")) {
        testbed.await("the one", () -> !active.cursor().isEmpty());
        testbed.await("the other", () -> !stalled.cursor().isEmpty());
        stalled.stall(false);
        followed.add(Turn.of(Load.measure(bench, testbed, load(WARM_UP))));
        stalled.stall(true);
        testbed.await("the reader to be told that it was cut", () -> !stalled.cuts().isEmpty());
        check(testbed, active, stalled);
        entries += active.entries();
      }
    }
    conditions.remove("seconds");
    conditions.remove("changes_per_second");
    conditions.put("turns_of_each", TURNS);
    conditions.put("seconds_a_turn", MEASURED.toSeconds());
    conditions.put("changes_per_second_alone", list(alone, Turn::changesPerSecond));
    conditions.put("changes_per_second_followed", list(followed, Turn::changesPerSecond));
    conditions.put("acknowledged_p99_ms_alone", list(alone, Turn::acknowledgedP99Ms));
    conditions.put("acknowledged_p99_ms_followed", list(followed, Turn::acknowledgedP99Ms));
    conditions.put("controller_cpu_us_per_change_alone", list(alone, Turn::controllerCpuUs));
    conditions.put("controller_cpu_us_per_change_followed", list(followed, Turn::controllerCpuUs));
    conditions.put("entries_followed", entries);
    conditions.put("stalled_reader_cut_and_told", true);
    conditions.put("entries_lost_or_twice", 0);
    return new Reading(mean(followed) / mean(alone), conditions);
  }

  /** Both have everything, each entry once; the one went on where it was cut. */
  private static void check(Testbed testbed, LogReader active, LogReader stalled)
      throws LabException {
    Map<RangeId, ControllerApi.Ownership> ranges = testbed.api().ranges().orElseThrow();
    for (LogReader reader : List.of(active, stalled)) {
      testbed.await(
          "a reader to have everything",
          () ->
              ranges.entrySet().stream()
                  .allMatch(each -> reader.revision(each.getKey()) >= each.getValue().revision()));
      if (reader.twice() + reader.missed() != 0) {
        throw new LabException(
            "%d entries came twice, at %d places some are missing"
                .formatted(reader.twice(), reader.missed()));
      }
    }
    if (active.connections() != 1) {
      throw new LabException("the reader that reads was cut: " + active.cuts());
    }
  }

  private static LoadPlan load(Duration warmUp) {
    return new LoadPlan(
        ELEMENTS,
        VMS,
        Mobility.UNIFORM,
        String.valueOf(RATE),
        IN_FLIGHT,
        String.valueOf(RATE),
        warmUp,
        Duration.ZERO,
        MEASURED,
        Optional.empty(),
        Optional.empty(),
        LoadPlan.APPLIED);
  }

  private static double mean(List<Turn> turns) {
    return turns.stream().mapToDouble(Turn::changesPerSecond).average().orElseThrow();
  }

  private static List<Double> list(
      List<Turn> turns, java.util.function.ToDoubleFunction<Turn> what) {
    return turns.stream().map(turn -> Figure.rounded(what.applyAsDouble(turn))).toList();
  }
}
