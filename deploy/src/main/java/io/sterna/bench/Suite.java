package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every figure that can be asked for, with its bar. */
public final class Suite {
  private static final int IN_FLIGHT = 8_000;
  private static final String MAX = "max";

  private Suite() {}

  /** All of them, in the order in which they are measured. */
  public static List<Target> all() {
    return List.of(
        new Target(
            "changes-8-fes",
            "durable binding changes, 8 emulated elements receiving and acknowledging all",
            "changes/s",
            Optional.of(Bar.atLeast(60_000)),
            bench -> changes(bench, 8, CommitLogSync.PERIODIC)),
        new Target(
            "cpu-per-change-8-fes",
            "processor time of controller and Cassandra for one of these changes",
            "us",
            Optional.of(Bar.atMost(25)),
            bench -> cpuPerChange(bench, 8)),
        new Target(
            "changes-2-fes",
            "the same with 2 elements",
            "changes/s",
            Optional.empty(),
            bench -> changes(bench, 2, CommitLogSync.PERIODIC)),
        new Target(
            "changes-32-fes",
            "the same with 32 elements",
            "changes/s",
            Optional.empty(),
            bench -> changes(bench, 32, CommitLogSync.PERIODIC)),
        new Target(
            "changes-32-to-2-fes",
            "changes/s with 32 elements divided by those with 2",
            "ratio",
            Optional.of(Bar.atLeast(0.8)),
            Suite::manyToFew),
        new Target(
            "changes-8-fes-fsync",
            "changes/s with 8 elements, each change on disk before it is acknowledged",
            "changes/s",
            Optional.of(Bar.atLeast(40_000)),
            bench -> changes(bench, 8, CommitLogSync.BATCH)));
  }

  private static Load.Found atFullRate(Bench bench, int fes, CommitLogSync sync)
      throws LabException {
    BenchSettings settings = bench.settings();
    return bench.once(
        new Load(
            fes, settings.vms(), MAX, IN_FLIGHT, sync, settings.warmUp(), settings.duration()));
  }

  private static Reading changes(Bench bench, int fes, CommitLogSync sync) throws LabException {
    Load.Found found = atFullRate(bench, fes, sync);
    return new Reading(found.number("acceptedPerSecond"), found.conditions());
  }

  private static Reading cpuPerChange(Bench bench, int fes) throws LabException {
    Load.Found found = atFullRate(bench, fes, CommitLogSync.PERIODIC);
    double micros = found.cpuMicrosPerChange("controller") + found.cpuMicrosPerChange("cassandra");
    return new Reading(micros, found.conditions());
  }

  private static Reading manyToFew(Bench bench) throws LabException {
    Reading few = changes(bench, 2, CommitLogSync.PERIODIC);
    Reading many = changes(bench, 32, CommitLogSync.PERIODIC);
    Map<String, Object> conditions = new LinkedHashMap<>(many.conditions());
    conditions.put("changes_per_second_2_fes", Figure.rounded(few.value()));
    conditions.put("changes_per_second_32_fes", Figure.rounded(many.value()));
    return new Reading(many.value() / few.value(), conditions);
  }
}
