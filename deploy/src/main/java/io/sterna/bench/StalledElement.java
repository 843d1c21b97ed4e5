package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One of eight elements reads nothing for some time, at full rate. Others are compared with
 * themselves before; the controller's memory is read once before and some times meanwhile.
 */
record StalledElement() implements Experiment<StalledElement.Found> {
  private static final int FES = 8;
  private static final int IN_FLIGHT = 8_000;

  /** What {@code southbound.backlog-limit} lets one slow element cost. */
  static final int BACKLOG_LIMIT_MEBIBYTES = 64;

  private static final Duration AFTER_STALL = Duration.ofSeconds(10);

  /**
   * What was found.
   *
   * @param load of all elements
   * @param memory of the controller
   */
  record Found(Load.Found load, StallMemory memory) {
    /** p99 of installed at the last of the others: meanwhile, divided by before. */
    Reading p99Ratio() {
      double p99Before = load.number("stall", "installedBeforeMs", "p99");
      double p99During = load.number("stall", "installedDuringMs", "p99");
      Map<String, Object> conditions = load.conditions();
      conditions.put("p99_ms_before", p99Before);
      conditions.put("p99_ms_during", p99During);
      conditions.put("max_ms_during", load.number("stall", "installedDuringMs", "max"));
      return new Reading(p99During / p99Before, conditions);
    }

    /** Changes/s that all others install: of those due meanwhile, by those due before. */
    Reading changesRatio(BenchSettings settings) {
      double before = installed("installedBeforeMs") / settings.duration().toSeconds();
      double during = installed("installedDuringMs") / settings.stall().toSeconds();
      Map<String, Object> conditions = load.conditions();
      conditions.put("changes_per_second_before", Figure.rounded(before));
      conditions.put("changes_per_second_during", Figure.rounded(during));
      return new Reading(during / before, conditions);
    }

    private double installed(String phase) {
      return load.number("stall", phase, "count") - load.number("stall", phase, "unfinished");
    }

    /** The most that the controller needs meanwhile, less what it needs before. */
    Reading memoryGrowthMebibytes() throws LabException {
      Map<String, Object> conditions = load.conditions();
      double growth = memory.growthMebibytes(conditions);
      conditions.put(
          "resident_mebibytes_before",
          load.number("stall", "residentBeforeMebibytes", "controller"));
      conditions.put(
          "resident_mebibytes_most", load.number("stall", "residentMaxMebibytes", "controller"));
      return new Reading(growth, conditions);
    }

    /** From the end of the stall until the element is where the others were then. */
    Reading catchUpMs() throws LabException {
      double millis = load.number("stall", "caughtUpMs");
      if (millis < 0) {
        throw new LabException("it never caught up");
      }
      return new Reading(millis, load.conditions());
    }
  }

  @Override
  public Found run(Bench bench) throws LabException {
    LoadPlan plan = plan(bench.settings());
    TestbedPlan testbedPlan =
        new TestbedPlan(plan.fes(), plan.vms(), plan.window(), CommitLogSync.PERIODIC);
    return Testbed.during(bench, testbedPlan, testbed -> run(bench, testbed, plan));
  }

  private static Found run(Bench bench, Testbed testbed, LoadPlan plan) throws LabException {
    StallMemory memory = new StallMemory(testbed.controllerPid(), plan.stall().orElseThrow());
    Load.Found found = Load.measure(bench, testbed, plan, Optional.of(memory));
    found.conditions().put("sessions_lost", found.number("counts", "sessionsLost"));
    return new Found(found, memory);
  }

  private static LoadPlan plan(BenchSettings settings) {
    LoadPlan.Stall stall = new LoadPlan.Stall(settings.duration(), settings.stall());
    return new LoadPlan(
        FES,
        settings.vms(),
        Mobility.UNIFORM,
        LoadPlan.MAX,
        IN_FLIGHT,
        LoadPlan.MAX,
        settings.warmUp(),
        Duration.ZERO,
        stall.after().plus(stall.lasts()).plus(AFTER_STALL),
        Optional.of(stall),
        Optional.empty(),
        LoadPlan.APPLIED);
  }
}
