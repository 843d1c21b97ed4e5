package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.LabProcess;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.Prerequisites;
import io.sterna.protocol.FeId;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final FeId FRESH = new FeId("fe" + (BINDERS + 1));
  private static final Duration BOUND = Duration.ofMinutes(5);
  private static final double NANOS_PER_SECOND = 1e9;

  @Override
  public Reading run(Bench bench) throws LabException {
    List<String> missing = Prerequisites.missing();
    if (!missing.isEmpty()) {
      throw new LabException("no network namespaces: " + String.join("; ", missing));
    }
    int window = LoadPlan.bindOnly(BINDERS, bindings, IN_FLIGHT).window();
    TestbedPlan plan = new TestbedPlan(BINDERS + 1, bindings, window, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private Reading run(Bench bench, Testbed testbed) throws LabException {
    new LoadGenerator(testbed, bench.progress())
        .run(LoadPlan.bindOnly(BINDERS, bindings, IN_FLIGHT));
    try (KernelSite site = KernelSite.make(testbed.plan().underlay(BINDERS + 1))) {
      Path config = testbed.path(FRESH + ".conf");
      Files.writeString(config, site.agentFile(FRESH.value(), testbed.southbound()));
      long startNanos = System.nanoTime();
      LabProcess agent =
          testbed
              .processes()
              .start(
                  FRESH.value(),
                  testbed.path(FRESH + ".log"),
                  List.of("fe", "--config", config.toString()));
      new Waiting(bench.progress()).until(() -> missing(testbed, agent), BOUND);
      double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
      long routes = site.routes();
      if (routes < bindings) {
        throw new LabException("the kernel holds %d routes of %d".formatted(routes, bindings));
      }
      Map<String, Object> conditions = bench.conditions();
      conditions.putAll(testbed.conditions());
      conditions.put("bindings", bindings);
      conditions.put("routes", routes);
      conditions.put("from", "start of the element's process");
      return new Reading(seconds, conditions);
    } catch (IOException e) {
      throw new LabException("cannot write the element's configuration: " + e, e);
    }
  }

  private static String missing(Testbed testbed, LabProcess agent) throws LabException {
    if (testbed.api().inSync().contains(FRESH)) {
      return "";
    }
    testbed.checkRunning();
    if (agent.running().isEmpty()) {
      throw new LabException(FRESH + " has ended: " + LabProcesses.lastLine(agent.log()));
    }
    return FRESH + " to have installed every binding";
  }
}
