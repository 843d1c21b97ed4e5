package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.util.List;
import java.util.Map;

/**
 * A real forwarding element starts, knows nothing, and writes every binding into its kernel's
 * table.
 *
 * @param bindings how many
 */
record KernelTable(int bindings) implements Experiment<Reading> {
  private static final int BINDERS = 2;
  private static final int IN_FLIGHT = 8_000;
  private static final double NANOS_PER_SECOND = 1e9;

  @Override
  public Reading run(Bench bench) throws LabException {
    RealAgent.checkPossible();
    int window = LoadPlan.bindOnly(BINDERS, bindings, IN_FLIGHT).window();
    TestbedPlan plan = new TestbedPlan(BINDERS + 1, bindings, window, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private Reading run(Bench bench, Testbed testbed) throws LabException {
    new LoadGenerator(testbed, bench.progress())
        .run(LoadPlan.bindOnly(BINDERS, bindings, IN_FLIGHT));
    // Machines run an element more than once: the first leaves its classes for the next
    // (bin/sterna).
    long firstNanos = System.nanoTime();
    double firstSeconds;
    try (RealAgent first = RealAgent.start(testbed, BINDERS + 1)) {
      testbed.awaitInSync(List.of(first.id()));
      firstSeconds = (System.nanoTime() - firstNanos) / NANOS_PER_SECOND;
    }
    long startNanos = System.nanoTime();
    try (RealAgent agent = RealAgent.start(testbed, BINDERS + 1)) {
      testbed.awaitInSync(List.of(agent.id()));
      double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
      long routes = agent.site().routeCount();
      if (routes != bindings) {
        throw new LabException("the kernel holds %d routes of %d".formatted(routes, bindings));
      }
      Map<String, Object> conditions = bench.conditions();
      conditions.putAll(testbed.conditions());
      conditions.put("bindings", bindings);
      conditions.put("routes", routes);
      conditions.put(
          "from", "second start of the element's process, making its namespace included");
      conditions.put("seconds_first_start", Figure.rounded(firstSeconds));
      return new Reading(seconds, conditions);
    }
  }
}
