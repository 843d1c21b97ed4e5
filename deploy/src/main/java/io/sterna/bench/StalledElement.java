package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** How often memory is read while it reads nothing. */
  private static final int READINGS = 3;

  private static final Duration AFTER_STALL = Duration.ofSeconds(10);
  private static final double MEBIBYTE = 1 << 20;

  /** What was found. */
  record Found(Load.Found load, JavaMemory before, List<JavaMemory> during) {
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
    Reading memoryGrowthMebibytes() {
      Map<String, Object> conditions = load.conditions();
      conditions.put("live_heap_mebibytes_before", mebibytes(before.liveHeapBytes()));
      conditions.put(
          "live_heap_mebibytes_during",
          during.stream().map(each -> mebibytes(each.liveHeapBytes())).toList());
      conditions.put("outside_heap_mebibytes_before", mebibytes(before.outsideBytes()));
      conditions.put(
          "outside_heap_mebibytes_during",
          during.stream().map(each -> mebibytes(each.outsideBytes())).toList());
      conditions.put(
          "resident_mebibytes_before",
          load.number("stall", "residentBeforeMebibytes", "controller"));
      conditions.put(
          "resident_mebibytes_most", load.number("stall", "residentMaxMebibytes", "controller"));
      long most = during.stream().mapToLong(JavaMemory::totalBytes).max().orElseThrow();
      return new Reading((most - before.totalBytes()) / MEBIBYTE, conditions);
    }

    private static double mebibytes(long bytes) {
      return Figure.rounded(bytes / MEBIBYTE);
    }

    /** From the end of it until the element is where the others were then. */
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
    TestbedPlan testbedPlan = new TestbedPlan(FES, plan.vms(), IN_FLIGHT, CommitLogSync.PERIODIC);
    return Testbed.during(bench, testbedPlan, testbed -> run(bench, testbed, plan));
  }

  private static Found run(Bench bench, Testbed testbed, LoadPlan plan) throws LabException {
    MemoryWatch memory = new MemoryWatch(testbed.controllerPid(), plan.stall().orElseThrow());
    Load.Found found = Load.measure(bench, testbed, plan, memory);
    found.conditions().put("sessions_lost", found.number("counts", "sessionsLost"));
    return new Found(found, memory.before(), memory.during());
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

  /** Reads a process's memory as soon as the load measures, and evenly while the element stalls. */
  private static final class MemoryWatch implements LoadGenerator.Watch {
    private final long pid;
    private final LoadPlan.Stall stall;
    private final List<JavaMemory> readings = new ArrayList<>();
    private long sinceNanos;

    MemoryWatch(long pid, LoadPlan.Stall stall) {
      this.pid = pid;
      this.stall = stall;
    }

    @Override
    public void measuring() throws LabException {
      long now = System.nanoTime();
      if (readings.isEmpty()) {
        sinceNanos = now;
      }
      if (readings.size() <= READINGS && now - sinceNanos >= dueNanos(readings.size())) {
        readings.add(JavaMemory.of(pid));
      }
    }

    /** The first at once; then the stall is cut into one part more than there are readings. */
    private long dueNanos(int reading) {
      return reading == 0
          ? 0
          : stall
              .after()
              .plus(stall.lasts().multipliedBy(reading).dividedBy(READINGS + 1))
              .toNanos();
    }

    JavaMemory before() {
      return readings.get(0);
    }

    List<JavaMemory> during() throws LabException {
      if (readings.size() <= READINGS) {
        throw new LabException("the load ended before the controller's memory was read");
      }
      return List.copyOf(readings.subList(1, readings.size()));
    }
  }
}
