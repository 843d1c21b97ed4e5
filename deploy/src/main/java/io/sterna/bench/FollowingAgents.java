package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Two emulated elements claim as fast as real ones follow, each of which writes its kernel's table.
 *
 * @param agents real elements
 * @param vms virtual machines
 * @param window changes on their way that the slowest of the real elements has not installed
 */
record FollowingAgents(int agents, int vms, int window) implements Experiment<Reading> {
  static final int CLAIMANTS = 2;

  /** As many as a scenario may ask for. */
  private static final int CLAIMS_MAX = 100_000;

  /** As many on their way as route reflectors have: half a lap. */
  static FollowingAgents of(int agents, int vms) {
    return new FollowingAgents(agents, vms, Math.max(1, vms / 2));
  }

  @Override
  public Reading run(Bench bench) throws LabException {
    RealAgent.checkPossible();
    TestbedPlan plan = new TestbedPlan(CLAIMANTS + agents, vms, claims(), CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  /** Of one claimant; what it may have in flight is no bound beside the window. */
  private int claims() {
    return Math.min(window, CLAIMS_MAX);
  }

  /** As many changes are on their way as the other systems have, and hardly one is overtaken. */
  LoadPlan load(Duration warmUp, Duration duration, List<FeId> agentIds) {
    return new LoadPlan(
        CLAIMANTS,
        vms,
        Mobility.PING_PONG,
        LoadPlan.MAX,
        CLAIMANTS * claims(),
        LoadPlan.MAX,
        warmUp,
        Duration.ZERO,
        duration,
        Optional.empty(),
        Optional.of(new Scenario.Followers(agentIds, window)),
        LoadPlan.APPLIED);
  }

  /** Changes count only when the last of the real elements has installed them. */
  private Reading run(Bench bench, Testbed testbed) throws LabException {
    try (RealAgents real = RealAgents.start(testbed, CLAIMANTS + 1, agents);
        LagWatch watch = LagWatch.start(testbed.api(), real.ids());
        WrittenRoutes written = WrittenRoutes.watch(real.all())) {
      BenchSettings settings = bench.settings();
      LoadPlan load = load(settings.warmUp(), settings.duration(), real.ids());
      Load.Found found = Load.measure(bench, testbed, load);
      double windowSeconds = found.number("measuredSeconds");
      long endNanos = (long) found.number("measuredUntilNanos");
      testbed.await(
          real.ids() + " to have installed everything",
          () -> watch.secondsUntilInSync(endNanos).isPresent());
      double tailSeconds = watch.secondsUntilInSync(endNanos).orElseThrow();
      long startNanos = endNanos - (long) (windowSeconds * TimeUnit.SECONDS.toNanos(1));
      Map<IpAddress, Attachment> bindings = testbed.bindings();
      int routes = 0;
      for (RealAgent agent : real.all()) {
        routes = agent.checkTable(bindings);
        if (routes != vms) {
          throw new LabException(agent.id() + " has " + routes + " routes for " + vms + " VMs");
        }
      }
      Map<String, Object> conditions = found.conditions();
      conditions.put("claimants", CLAIMANTS);
      conditions.put("agents", agents);
      conditions.put("routes_of_each_agent", routes);
      conditions.put("tail_seconds", Figure.rounded(tailSeconds));
      conditions.put("largest_lag_changes", watch.most(startNanos));
      OptionalDouble writtenPerSecond = written.perSecond(bindings.keySet(), startNanos, endNanos);
      writtenPerSecond.ifPresent(
          each -> conditions.put("routes_written_per_second", Figure.rounded(each)));
      conditions.put(
          "counted",
          "changes accepted in the window, divided by the window and the time after it until every"
              + " agent has installed everything, looked at every "
              + LagWatch.POLL_MS
              + " ms; but no more than the slowest wrote");
      double changes = found.number("acceptedPerSecond") * windowSeconds;
      double installed = changes / (windowSeconds + tailSeconds);
      return new Reading(Math.min(installed, writtenPerSecond.orElse(installed)), conditions);
    }
  }
}
