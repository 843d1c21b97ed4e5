package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every figure that can be asked for, with its bar. */
public final class Suite {
  private static final int IN_FLIGHT = 8_000;
  private static final int FEW = 2;
  private static final int MANY = 32;

  /** As many as that many elements have under way with the default {@code claims-max}. */
  private static final int IN_FLIGHT_OF_MANY = MANY * 1_000;

  private static final String MAX = LoadPlan.MAX;

  private static final int MILLION = 1_000_000;
  private static final int SLOW = 100;
  private static final int FAST = 5_000;

  /** So few that a thousand tables fit the memory of the load generator. */
  private static final int VMS_OF_CURVE = 10_000;

  private static final int IN_FLIGHT_OF_CURVE = 1_000;

  /** At the usual 25 ms a thousand elements would send 40,000 reports/s, for 100 changes/s. */
  private static final Duration APPLIED_OF_CURVE = Duration.ofMillis(250);

  private static final int[] FES_OF_CURVE = {10, 100, 1_000};

  private Suite() {}

  /** All of them, in the order in which they are measured. */
  public static List<Target> all() {
    List<Target> all = new ArrayList<>();
    all.addAll(throughput());
    all.addAll(agents());
    all.addAll(latency());
    all.addAll(curve());
    all.addAll(fullTable());
    all.addAll(stall());
    all.addAll(TelemetrySuite.all());
    all.addAll(AuditSuite.all());
    all.addAll(jmh());
    all.addAll(PlanSuite.all());
    return List.copyOf(all);
  }

  /** The one of this name; if there is none, all whose names begin with it and a dash. */
  public static List<Target> named(List<Target> all, String name) {
    List<Target> exactly = all.stream().filter(each -> each.name().equals(name)).toList();
    return exactly.isEmpty()
        ? all.stream().filter(each -> each.name().startsWith(name + "-")).toList()
        : exactly;
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
            "the same with 2 elements, on a controller that has run for minutes",
            "changes/s",
            Optional.empty(),
            bench -> changes(manyToFew(bench).atFew(), FEW)),
        new Target(
            "changes-32-fes",
            "the same with 32 elements, in turn with 2",
            "changes/s",
            Optional.empty(),
            bench -> changes(manyToFew(bench).atMany(), MANY)),
        new Target(
            "changes-32-to-2-fes",
            "changes/s with 32 elements divided by those with 2, in turn on one controller",
            "ratio",
            Optional.of(Bar.atLeast(0.8)),
            bench -> manyToFew(bench).ratio()),
        new Target(
            "changes-8-fes-fsync",
            "changes/s with 8 elements, each change on disk before it is acknowledged",
            "changes/s",
            Optional.of(Bar.atLeast(40_000)),
            bench -> changes(bench, 8, CommitLogSync.BATCH)));
  }

  private static List<Target> agents() {
    return List.of(
        agents(2, 55_000),
        agents(8, 15_000),
        new Target(
            "bulk-routes-per-second",
            "a real element that missed some 100,000 moves installs them; needs root",
            "routes/s",
            Optional.of(Bar.atLeast(80_000)),
            bench -> {
              BulkFollow.Found found = bench.once(new BulkFollow());
              return new Reading(found.routesPerSecond(), found.conditions());
            }),
        new Target(
            "urgent-during-bulk-p99",
            "meanwhile: from a single move's due time until that element's kernel has its route",
            "ms",
            Optional.of(Bar.atMost(20)),
            bench -> {
              BulkFollow.Found found = bench.once(new BulkFollow());
              return new Reading(found.urgentP99Ms(), found.conditions());
            }));
  }

  private static Target agents(int agents, double bar) {
    return new Target(
        "changes-%d-agents".formatted(agents),
        "durable changes that %d real elements write into kernel tables; needs root"
            .formatted(agents),
        "changes/s",
        Optional.of(Bar.atLeast(bar)),
        bench -> bench.once(FollowingAgents.of(agents, bench.settings().vms())));
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
    for (int fes : FES_OF_CURVE) {
      curve.add(
          new Target(
              "cpu-per-delivery-%d-fes".formatted(fes),
              "controller's processor time for one change at one of %d elements, %d changes/s"
                  .formatted(fes, SLOW),
              "us",
              Optional.empty(),
              bench -> cpuPerDelivery(bench, fes)));
    }
    curve.add(
        new Target(
            "cpu-per-delivery-flat",
            "what each more element costs up to 1000, divided by what it costs up to 100: flat",
            "ratio",
            Optional.of(Bar.atMost(1.2)),
            Suite::eachMoreToFirst));
    return curve;
  }

  private static List<Target> fullTable() {
    return List.of(
        new Target(
            "full-table-emulated",
            "from connect to in sync: an emulated element hears of 1,000,000 bindings",
            "s",
            Optional.of(Bar.atMost(6)),
            bench -> {
              FullTable.Found found = bench.once(new FullTable(MILLION));
              return new Reading(found.seconds(), found.conditions());
            }),
        new Target(
            "full-table-kernel",
            "from the start of a real element until its kernel holds 1,000,000 routes; needs root",
            "s",
            Optional.of(Bar.atMost(10)),
            bench -> bench.once(new KernelTable(MILLION))),
        new Target(
            "heap-per-binding",
            "live heap of the controller for each of 1,000,000 bindings",
            "bytes",
            Optional.of(Bar.atMost(200)),
            bench -> {
              FullTable.Found found = bench.once(new FullTable(MILLION));
              return new Reading(found.heapBytesPerBinding(), found.conditions());
            }));
  }

  private static List<Target> stall() {
    return List.of(
        new Target(
            "stall-p99-ratio",
            "p99 of installed at the last of 7 elements at full rate: while an 8th reads nothing,"
                + " divided by before",
            "ratio",
            Optional.of(Bar.atMost(1.2)),
            bench -> stalled(bench).p99Ratio()),
        new Target(
            "stall-changes-ratio",
            "changes/s that all of the 7 others install: of those due while it reads nothing, by"
                + " before",
            "ratio",
            Optional.of(Bar.atLeast(0.8)),
            bench -> stalled(bench).changesRatio(bench.settings())),
        new Target(
            "stall-memory-growth",
            "what the controller holds in its heap and has outside it: the most while an element"
                + " reads nothing, less that before",
            "MiB",
            Optional.of(Bar.atMost(StalledElement.BACKLOG_LIMIT_MEBIBYTES)),
            bench -> stalled(bench).memoryGrowthMebibytes()),
        new Target(
            "stall-catch-up",
            "from its end until the element is where the others were then, the load goes on",
            "ms",
            Optional.empty(),
            bench -> stalled(bench).catchUpMs()));
  }

  private static StalledElement.Found stalled(Bench bench) throws LabException {
    return bench.once(new StalledElement());
  }

  private static List<Target> jmh() {
    return List.of(
        jmh("decide", "RangeStateBench.decide", "a range decides a claim"),
        jmh(
            "decide-seal-apply",
            "RangeStateBench.decideSealApply",
            "a range decides a claim, makes its row with its hash and takes it over"),
        jmh("chain-hash", "JournalBench.chainHash", "the audit chain's hash"),
        jmh("encode-row", "JournalBench.encodeRow", "journal row to bytes"),
        jmh("decode-row", "JournalBench.decodeRow", "bytes to journal row"),
        jmh("encode-delta", "WireBench.encodeDelta", "delta to frame, once for all elements"),
        jmh("decode-delta", "WireBench.decodeDelta", "frame to delta, at each element"),
        jmh("desired-table", "DesiredTableBench.hear", "an element's table hears a delta"),
        jmh(
            "route-schedule",
            "RouteScheduleBench.submitAndWrite",
            "an element's routes wait, are written and installed, but for the kernel"));
  }

  private static Target jmh(String name, String method, String about) {
    return new Target(
        "jmh-" + name,
        about,
        "ns/change",
        Optional.empty(),
        bench -> bench.once(new JmhBench(method)));
  }

  static Load.Found atFullRate(Bench bench, int fes, CommitLogSync sync) throws LabException {
    return load(bench, fes, MAX, Duration.ZERO, sync);
  }

  private static Load.Found atRate(Bench bench, int fes, int rate) throws LabException {
    Duration settle = bench.settings().settle();
    return load(bench, fes, String.valueOf(rate), settle, CommitLogSync.PERIODIC);
  }

  /** At full rate a thousand elements would hear more than two processors can send. */
  private static Load.Found ofCurve(Bench bench, int fes) throws LabException {
    String rate = String.valueOf(SLOW);
    BenchSettings settings = bench.settings();
    LoadPlan plan =
        new LoadPlan(
            fes,
            VMS_OF_CURVE,
            Mobility.UNIFORM,
            rate,
            IN_FLIGHT_OF_CURVE,
            rate,
            settings.warmUp(),
            Duration.ZERO,
            settings.duration(),
            Optional.empty(),
            Optional.empty(),
            APPLIED_OF_CURVE);
    return bench.once(new Load(plan, CommitLogSync.PERIODIC));
  }

  private static Load.Found load(
      Bench bench, int fes, String rate, Duration settle, CommitLogSync sync) throws LabException {
    return bench.once(
        new Load(LoadPlan.ofSettings(bench.settings(), fes, IN_FLIGHT, rate, settle), sync));
  }

  private static Reading changes(Bench bench, int fes, CommitLogSync sync) throws LabException {
    return changes(atFullRate(bench, fes, sync), fes);
  }

  private static Reading changes(Load.Found found, int fes) throws LabException {
    sayHowManyCameTogether(found, fes);
    return new Reading(found.perSecondAtAll(), found.conditions());
  }

  private static Reading cpuPerChange(Bench bench, int fes) throws LabException {
    Load.Found found = atFullRate(bench, fes, CommitLogSync.PERIODIC);
    double micros = found.cpuMicrosPerChange("controller") + found.cpuMicrosPerChange("cassandra");
    return new Reading(micros, found.conditions());
  }

  private static Reading cpuPerDelivery(Bench bench, int fes) throws LabException {
    Load.Found found = ofCurve(bench, fes);
    sayHowManyCameTogether(found, fes);
    found.conditions().put("sessions_lost", found.number("counts", "sessionsLost"));
    return new Reading(found.cpuMicrosPerChange("controller") / fes, found.conditions());
  }

  /** More than one where cores are short: changes that wait come together, and cost less each. */
  private static void sayHowManyCameTogether(Load.Found found, int fes) throws LabException {
    double deliveries = found.number("counts", "accepted") * fes;
    double together = deliveries / found.number("counts", "deltas");
    found.conditions().put("changes_per_delta", Figure.rounded(together));
  }

  /** What a change costs at no element at all is shared by few or by many: this leaves it out. */
  private static Reading eachMoreToFirst(Bench bench) throws LabException {
    Map<String, Object> conditions = bench.conditions();
    List<Double> eachMore = new ArrayList<>();
    double microsBefore = 0;
    int fesBefore = 0;
    for (int fes : FES_OF_CURVE) {
      Reading reading = cpuPerDelivery(bench, fes);
      double micros = reading.value() * fes;
      if (fesBefore > 0) {
        double more = (micros - microsBefore) / (fes - fesBefore);
        eachMore.add(more);
        conditions.put("us_each_more_%d_to_%d_fes".formatted(fesBefore, fes), Figure.rounded(more));
      }
      microsBefore = micros;
      fesBefore = fes;
      conditions.put("us_%d_fes".formatted(fes), Figure.rounded(reading.value()));
      conditions.put(
          "changes_per_second_%d_fes".formatted(fes),
          reading.conditions().get("changes_per_second"));
      for (String said : List.of("changes_per_delta", "sessions_lost")) {
        conditions.put(said + "_%d_fes".formatted(fes), reading.conditions().get(said));
      }
    }
    conditions.put("applied_interval_ms", APPLIED_OF_CURVE.toMillis());
    double first = eachMore.get(0);
    if (first <= 0) {
      throw new LabException("more elements cost nothing: too noisy to compare " + eachMore);
    }
    return new Reading(eachMore.get(eachMore.size() - 1) / first, conditions);
  }

  private static ManyToFew.Found manyToFew(Bench bench) throws LabException {
    return bench.once(new ManyToFew(FEW, MANY, IN_FLIGHT_OF_MANY));
  }
}
