package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every figure that can be asked for, with its bar. */
public final class Suite {
  private static final int IN_FLIGHT = 8_000;
  private static final String MAX = "max";
  private static final int SLOW = 100;
  private static final int FAST = 5_000;

  /** So few that a thousand tables fit the memory of the load generator. */
  private static final int VMS_OF_CURVE = 10_000;

  private static final int IN_FLIGHT_OF_CURVE = 1_000;

  private Suite() {}

  /** All of them, in the order in which they are measured. */
  public static List<Target> all() {
    List<Target> all = new ArrayList<>();
    all.addAll(throughput());
    all.addAll(latency());
    all.addAll(curve());
    return List.copyOf(all);
  }

  private static List<Target> throughput() {
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

  private static List<Target> latency() {
    return List.of(
        latency(SLOW, 50, 2.5), latency(SLOW, 99, 10), latency(FAST, 50, 5), latency(FAST, 99, 25));
  }

  private static Target latency(int rate, int percentile, double limit) {
    return new Target(
        "latency-%d-p%d".formatted(rate, percentile),
        "from due to installed at the last of 8 elements, at %d changes/s".formatted(rate),
        "ms",
        Optional.of(Bar.atMost(limit)),
        bench -> {
          Load.Found found = atRate(bench, 8, rate);
          return new Reading(
              found.number("installedAtLastMs", "p" + percentile), found.conditions());
        });
  }

  private static List<Target> curve() {
    List<Target> curve = new ArrayList<>();
    for (int fes : new int[] {10, 100, 1_000}) {
      curve.add(
          new Target(
              "cpu-per-delivery-%d-fes".formatted(fes),
              "controller's processor time for one change at one of %d elements, %d changes/s"
                  .formatted(fes, SLOW),
              "us",
              Optional.empty(),
              bench -> cpuPerDelivery(bench, fes)));
    }
    return curve;
  }

  private static Load.Found atFullRate(Bench bench, int fes, CommitLogSync sync)
      throws LabException {
    return load(bench, fes, bench.settings().vms(), MAX, IN_FLIGHT, sync, MAX);
  }

  private static Load.Found atRate(Bench bench, int fes, int rate) throws LabException {
    int vms = bench.settings().vms();
    String perSecond = String.valueOf(rate);
    return load(bench, fes, vms, perSecond, IN_FLIGHT, CommitLogSync.PERIODIC, MAX);
  }

  /** At full rate a thousand elements would hear more than two processors can send. */
  private static Load.Found ofCurve(Bench bench, int fes) throws LabException {
    String rate = String.valueOf(SLOW);
    return load(bench, fes, VMS_OF_CURVE, rate, IN_FLIGHT_OF_CURVE, CommitLogSync.PERIODIC, rate);
  }

  private static Load.Found load(
      Bench bench,
      int fes,
      int vms,
      String rate,
      int inFlight,
      CommitLogSync sync,
      String warmUpRate)
      throws LabException {
    BenchSettings settings = bench.settings();
    return bench.once(
        new Load(
            fes, vms, rate, inFlight, sync, warmUpRate, settings.warmUp(), settings.duration()));
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

  private static Reading cpuPerDelivery(Bench bench, int fes) throws LabException {
    Load.Found found = ofCurve(bench, fes);
    return new Reading(found.cpuMicrosPerChange("controller") / fes, found.conditions());
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
