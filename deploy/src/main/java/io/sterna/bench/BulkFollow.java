package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.kernel.RouteMonitor;
import io.sterna.lab.kernel.RouteSample;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A real element is stopped (SIGSTOP) until its session has ended; nearly every VM moves once; then
 * it goes on, connects and installs what it missed, while single other VMs move. Some rounds of it.
 */
record BulkFollow() implements Experiment<BulkFollow.Found> {
  private static final int MOVERS = 2;
  private static final int ROUNDS = 5;

  /**
   * Not measured: Java compiles meanwhile, as in the warm-up of a load. A round is a second of what
   * is new to the element, and the compilers of all processes want both processors then.
   */
  private static final int WARM_UP_ROUNDS = 6;

  private static final int IN_FLIGHT = 8_000;

  /** A few more than are to move: when moves are due is chance. */
  private static final int VMS = 101_000;

  /** So slow that every controller keeps up: then hardly a VM moves twice. */
  private static final int BULK_RATE = 10_000;

  private static final Duration BULK_LASTS = Duration.ofMillis(10_050);

  /** One range's. Each moves once at most in the time of a round. */
  private static final int URGENT_VMS = 4_096;

  private static final int URGENT_RATE = 100;
  private static final Duration URGENT_WARM_UP = Duration.ofSeconds(3);
  private static final Duration URGENT_LASTS = Duration.ofSeconds(35);

  /** The urgent moves must not end before the bulk has. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** More than a monitor can hear of: it hears of a bulk route in so many. */
  private static final int SAMPLE = 16;

  private static final int ID_LETTERS = 2;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MS = 1e6;

  /**
   * What was found.
   *
   * @param routesPerSecond changed routes of all rounds by the time from the first to the last
   * @param urgentP99Ms from due until the kernel had the route
   * @param conditions under which
   */
  record Found(double routesPerSecond, double urgentP99Ms, Map<String, Object> conditions) {}

  /**
   * One round.
   *
   * @param changed routes that lead elsewhere afterwards
   * @param seconds from the first of them to the last
   * @param fromContinueSeconds from the moment the element went on to the last of them
   * @param urgentMs of each urgent move that was due in between
   */
  private record Round(
      int changed, double seconds, double fromContinueSeconds, List<Double> urgentMs) {
    double urgentMaxMs() {
      return Figure.rounded(urgentMs.stream().mapToDouble(each -> each).max().orElse(0));
    }
  }

  @Override
  public Found run(Bench bench) throws LabException {
    RealAgent.checkPossible();
    int addresses = VMS + 2 * URGENT_VMS;
    TestbedPlan plan = new TestbedPlan(MOVERS + 1, addresses, IN_FLIGHT, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private static Found run(Bench bench, Testbed testbed) throws LabException {
    LoadGenerator generator = new LoadGenerator(testbed, bench.progress());
    String urgentPrefix = testbed.plan().lastRange();
    generator.run(LoadPlan.bindOnly(MOVERS, VMS, IN_FLIGHT));
    generator.run(LoadPlan.bindOnly(MOVERS, URGENT_VMS, IN_FLIGHT), urgentPrefix);
    List<Round> rounds = new ArrayList<>();
    List<Double> warmUpMaxMs = new ArrayList<>();
    try (RealAgent agent = RealAgent.start(testbed, MOVERS + 1)) {
      testbed.awaitInSync(List.of(agent.id()));
      for (int i = -WARM_UP_ROUNDS; i < ROUNDS; i++) {
        Round round = round(testbed, generator, agent);
        if (i < 0) {
          warmUpMaxMs.add(round.urgentMaxMs());
        } else {
          rounds.add(round);
        }
        bench
            .progress()
            .say(
                "round %d: %d routes in %.2f s, %.2f s after it went on, %d urgent moves, at most %.1f ms"
                    .formatted(
                        i + 1,
                        round.changed,
                        round.seconds,
                        round.fromContinueSeconds,
                        round.urgentMs.size(),
                        round.urgentMaxMs()));
      }
    }
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    conditions.put("urgent_ms_max_of_warm_up_rounds", warmUpMaxMs);
    conditions.put("urgent_ms_max_of_rounds", rounds.stream().map(Round::urgentMaxMs).toList());
    return found(rounds, conditions);
  }

  private static Found found(List<Round> rounds, Map<String, Object> conditions) {
    int changed = rounds.stream().mapToInt(Round::changed).sum();
    double seconds = rounds.stream().mapToDouble(Round::seconds).sum();
    double fromContinue = rounds.stream().mapToDouble(Round::fromContinueSeconds).sum();
    double[] urgentMs =
        rounds.stream()
            .flatMap(round -> round.urgentMs.stream())
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    conditions.put(
        "measured",
        "from the first changed route to the last, as a route monitor in the element's namespace"
            + " hears of one in "
            + SAMPLE
            + ", after the element was stopped, missed the moves, went on and connected;"
            + " urgent moves in a range of their own meanwhile, each from its due time to the"
            + " monitor's notice of its route");
    conditions.put("warm_up_rounds", WARM_UP_ROUNDS);
    conditions.put("rounds", rounds.size());
    conditions.put("changed_routes_per_round", changed / rounds.size());
    conditions.put(
        "routes_per_second_slowest_round",
        Figure.rounded(
            rounds.stream().mapToDouble(each -> each.changed / each.seconds).min().orElseThrow()));
    conditions.put("routes_per_second_from_continue", Figure.rounded(changed / fromContinue));
    conditions.put("urgent_moves", urgentMs.length);
    conditions.put("urgent_moves_per_second", URGENT_RATE);
    conditions.put("urgent_ms_p50", Figure.rounded(Percentile.of(urgentMs, 50)));
    conditions.put("urgent_ms_max", Figure.rounded(Percentile.of(urgentMs, 100)));
    return new Found(changed / seconds, Percentile.of(urgentMs, 99), conditions);
  }

  private static Round round(Testbed testbed, LoadGenerator generator, RealAgent agent)
      throws LabException {
    VmSpace vms = new VmSpace(IpPrefix.parse(testbed.plan().mobilePrefix()), VMS);
    int[] changed = moveWhileStopped(testbed, generator, agent, vms);
    RouteSample sample = new RouteSample(IpPrefix.parse(testbed.plan().lastRange()), SAMPLE);
    int[] sampled = IntStream.of(changed).filter(vm -> sample.holds(vms.address(vm))).toArray();
    VmSpace urgentVms = new VmSpace(IpPrefix.parse(testbed.plan().lastRange()), URGENT_VMS);
    InstallLog bulk = new InstallLog(vms);
    InstallLog urgent = new InstallLog(urgentVms);
    try (UrgentMoves moving = UrgentMoves.start(urgentScenario(testbed));
        RouteMonitor monitor =
            RouteMonitor.open(
                agent.site().namespace(),
                sample,
                (address, nanos) -> {
                  bulk.installed(address, nanos);
                  urgent.installed(address, nanos);
                })) {
      testbed.await("urgent moves", moving::areMoving);
      long continueNanos = System.nanoTime();
      agent.resume();
      awaitHeard(testbed, bulk, sampled, continueNanos);
      List<UrgentMoves.Move> moves = moving.finish();
      long firstNanos = bulk.earliest(sampled);
      long lastNanos = bulk.latest(sampled);
      List<UrgentMoves.Move> during =
          moves.stream()
              .filter(each -> each.dueNanos() - firstNanos >= 0)
              .filter(each -> each.dueNanos() - lastNanos <= 0)
              .toList();
      int[] moved = during.stream().mapToInt(UrgentMoves.Move::vm).toArray();
      awaitHeard(testbed, urgent, moved, System.nanoTime());
      if (!monitor.listening()) {
        throw new LabException("the route monitor failed");
      }
      testbed.awaitInSync(List.of(agent.id()));
      agent.checkTable(testbed.bindings());
      return new Round(
          changed.length,
          (lastNanos - firstNanos) / NANOS_PER_SECOND,
          (lastNanos - continueNanos) / NANOS_PER_SECOND,
          millis(during, urgent));
    } catch (IOException e) {
      throw new LabException("cannot watch the routes of " + agent.id() + ": " + e, e);
    }
  }

  private static List<Double> millis(List<UrgentMoves.Move> moves, InstallLog installed)
      throws LabException {
    List<Double> millis = new ArrayList<>();
    for (UrgentMoves.Move each : moves) {
      double took = (installed.nanos(each.vm()) - each.dueNanos()) / NANOS_PER_MS;
      if (took < 0) {
        throw new LabException("an urgent VM's route was written before it moved");
      }
      millis.add(took);
    }
    return millis;
  }

  /** The kernel's notices may be lost to who reads them too slowly: then nothing is measured. */
  private static void awaitHeard(Testbed testbed, InstallLog log, int[] vms, long sinceNanos)
      throws LabException {
    testbed.await(
        "the routes of all VMs that moved",
        () -> {
          long missing = log.missing(vms);
          if (missing > 0 && System.nanoTime() - sinceNanos > PATIENCE.toNanos()) {
            throw new LabException(
                "nothing was heard of %d of %d routes within %d s"
                    .formatted(missing, vms.length, PATIENCE.toSeconds()));
          }
          return missing == 0;
        });
  }

  /** The VMs that are elsewhere afterwards, by number. */
  private static int[] moveWhileStopped(
      Testbed testbed, LoadGenerator generator, RealAgent agent, VmSpace vms) throws LabException {
    agent.pause();
    testbed.await(
        "the session of " + agent.id() + " to end",
        () -> testbed.api().sessions().getOrDefault(agent.id(), List.of()).isEmpty());
    int[] before = places(testbed.bindings(), vms);
    generator.run(moves(VMS, BULK_RATE, Duration.ZERO, BULK_LASTS));
    int[] after = places(testbed.bindings(), vms);
    return IntStream.range(0, VMS).filter(vm -> before[vm] != after[vm]).toArray();
  }

  /** The number of the element of each VM. */
  private static int[] places(Map<IpAddress, Attachment> bindings, VmSpace vms)
      throws LabException {
    int[] places = new int[vms.size()];
    for (int vm = 0; vm < places.length; vm++) {
      Attachment place = bindings.get(vms.address(vm));
      if (place == null) {
        throw new LabException(vms.address(vm) + " is not bound");
      }
      places[vm] = numberOf(place.fe());
    }
    return places;
  }

  private static int numberOf(FeId fe) {
    return Integer.parseInt(fe.value().substring(ID_LETTERS));
  }

  private static Path urgentScenario(Testbed testbed) throws LabException {
    LoadPlan plan = moves(URGENT_VMS, URGENT_RATE, URGENT_WARM_UP, URGENT_LASTS);
    try {
      return Files.writeString(
          testbed.path("urgent.yaml"),
          plan.scenario(testbed.southbound(), testbed.plan().lastRange()));
    } catch (IOException e) {
      throw new LabException("cannot write the urgent moves: " + e, e);
    }
  }

  private static LoadPlan moves(int vms, int rate, Duration warmUp, Duration lasts) {
    String perSecond = String.valueOf(rate);
    return new LoadPlan(
        MOVERS,
        vms,
        Mobility.PING_PONG,
        perSecond,
        IN_FLIGHT,
        perSecond,
        warmUp,
        Duration.ZERO,
        lasts,
        Optional.empty(),
        Optional.empty(),
        LoadPlan.APPLIED);
  }
}
