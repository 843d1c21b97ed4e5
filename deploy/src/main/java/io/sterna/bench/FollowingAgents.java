package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.protocol.IpAddress;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Two emulated elements claim as fast as they can; real ones follow, each in its kernel's table.
 *
 * @param agents real elements
 * @param vms virtual machines
 * @param inFlight claims that are not answered, of the emulated elements together
 */
record FollowingAgents(int agents, int vms, int inFlight) implements Experiment<Reading> {
  static final int CLAIMANTS = 2;

  @Override
  public Reading run(Bench bench) throws LabException {
    RealAgent.checkPossible();
    BenchSettings settings = bench.settings();
    LoadPlan load =
        new LoadPlan(
            CLAIMANTS,
            vms,
            Mobility.UNIFORM,
            LoadPlan.MAX,
            inFlight,
            LoadPlan.MAX,
            settings.warmUp(),
            Duration.ZERO,
            settings.duration(),
            Optional.empty(),
            LoadPlan.APPLIED);
    TestbedPlan plan =
        new TestbedPlan(CLAIMANTS + agents, vms, load.window(), CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed, load));
  }

  /** Changes count only when the last of the real elements has installed them. */
  private Reading run(Bench bench, Testbed testbed, LoadPlan load) throws LabException {
    try (RealAgents real = RealAgents.start(testbed, CLAIMANTS + 1, agents);
        LagWatch watch = LagWatch.start(testbed.api(), real.ids());
        WrittenRoutes written = WrittenRoutes.watch(real.all())) {
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
      conditions.put(
          "routes_written_per_second", Figure.rounded(written.perSecond(startNanos, endNanos)));
      conditions.put(
          "counted",
          "changes accepted in the window, divided by the window and the time after it until every"
              + " agent has installed everything, looked at every "
              + LagWatch.POLL_MS
              + " ms");
      double changes = found.number("acceptedPerSecond") * windowSeconds;
      return new Reading(changes / (windowSeconds + tailSeconds), conditions);
    }
  }
}
