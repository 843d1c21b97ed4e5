package io.sterna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabException;
import io.sterna.lab.process.LabProcess;
import io.sterna.lab.process.LabProcesses;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Emulated elements put load on one controller: {@code sterna load run} as a process of its own.
 *
 * @param fes emulated elements
 * @param vms virtual machines, all bound before the load begins
 * @param rate changes per second, or {@code max}
 * @param inFlight claims that are not answered, of all elements together
 * @param sync what a write has survived that Cassandra acknowledged
 * @param warmUpRate changes per second before measuring, so that Java has compiled what matters
 * @param warmUp how long
 * @param duration how long it measures
 */
record Load(
    int fes,
    int vms,
    String rate,
    int inFlight,
    CommitLogSync sync,
    String warmUpRate,
    Duration warmUp,
    Duration duration)
    implements Experiment<Load.Found> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String NAME = "load";
  private static final long SEED = 1;

  private static final long POLL_MS = 100;
  private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Beyond warm-up and duration: connecting, binding every VM, waiting for quiet. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  /**
   * What a run found.
   *
   * @param result the document of {@code sterna load run}
   * @param conditions under which
   */
  record Found(JsonNode result, Map<String, Object> conditions) {
    /** A number of the document. */
    double number(String... path) {
      JsonNode node = result;
      for (String field : path) {
        node = node.path(field);
      }
      return node.isNumber() ? node.doubleValue() : Double.NaN;
    }

    /** Processor time of a process while it measured, in microseconds per accepted change. */
    double cpuMicrosPerChange(String process) {
      double changes = number("acceptedPerSecond") * number("measuredSeconds");
      return number("cpuSeconds", process) * TimeUnit.SECONDS.toMicros(1) / changes;
    }
  }

  @Override
  public Found run(Bench bench) throws LabException {
    int window = Math.max(1, inFlight / fes);
    try (Testbed testbed = Testbed.start(bench, new TestbedPlan(fes, vms, window, sync))) {
      return run(bench, testbed, window);
    }
  }

  private Found run(Bench bench, Testbed testbed, int window) throws LabException {
    Path scenario = testbed.path("load.yaml");
    Path result = testbed.path("load.json");
    Path log = testbed.path("load.log");
    List<String> command = new ArrayList<>(List.of("load", "run", scenario.toString()));
    testbed.pids().forEach((name, pid) -> command.addAll(List.of("--cpu-of", name + "=" + pid)));
    command.addAll(List.of("--result", result.toString()));
    try {
      Files.writeString(scenario, scenarioFile(testbed, window));
      LabProcess process = testbed.processes().start(NAME, log, command);
      follow(bench, testbed, process);
      if (!Files.exists(result)) {
        throw new LabException("the load failed: " + LabProcesses.lastLine(log));
      }
      return found(bench, testbed, MAPPER.readTree(result.toFile()), window);
    } catch (IOException e) {
      throw new LabException("cannot write or read in " + testbed.path("") + ": " + e, e);
    }
  }

  private String scenarioFile(Testbed testbed, int window) {
    return """
        controllers: ["%s"]
        tls: { authority: ca.pem, certificate-folder: fes }
        fes: %d
        vms: %d
        prefix: %s
        arrival-rate-per-second: %s
        mobility: uniform
        warm-up: %dms
        warm-up-rate-per-second: %s
        duration: %dms
        seed: %d
        claims-in-flight-max: %d
        """
        .formatted(
            testbed.southbound(),
            fes,
            vms,
            testbed.plan().mobilePrefix(),
            rate,
            warmUp.toMillis(),
            warmUpRate,
            duration.toMillis(),
            SEED,
            window);
  }

  /** Waits for its end; says every few seconds how far it is. */
  private void follow(Bench bench, Testbed testbed, LabProcess process) throws LabException {
    Duration bound = MARGIN.plus(warmUp).plus(duration);
    long startNanos = System.nanoTime();
    long saidNanos = startNanos;
    while (process.running().isPresent()) {
      testbed.checkRunning();
      long now = System.nanoTime();
      if (now - startNanos > bound.toNanos()) {
        throw new LabException("the load did not end within " + bound.toSeconds() + " s");
      }
      if (now - saidNanos > SAY_NANOS) {
        saidNanos = now;
        bench.progress().say(LabProcesses.lastLine(process.log()));
      }
      pause();
    }
  }

  private static void pause() throws LabException {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private Found found(Bench bench, Testbed testbed, JsonNode result, int window)
      throws LabException {
    for (Map.Entry<String, JsonNode> check : result.path("checks").properties()) {
      if (!check.getValue().path("holds").asBoolean()) {
        throw new LabException(
            check.getKey() + " does not hold: " + check.getValue().path("examples").path(0));
      }
    }
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    conditions.put("vms", vms);
    conditions.put("rate", rate);
    conditions.put("claims_in_flight_per_fe", window);
    conditions.put("warm_up_rate", warmUpRate);
    conditions.put("warm_up_seconds", warmUp.toSeconds());
    conditions.put("seconds", result.path("measuredSeconds").asDouble());
    Found found = new Found(result, conditions);
    result
        .path("cpuSeconds")
        .properties()
        .forEach(
            each ->
                conditions.put(
                    "cpu_us_per_change_" + each.getKey(),
                    Figure.rounded(found.cpuMicrosPerChange(each.getKey()))));
    return found;
  }
}
