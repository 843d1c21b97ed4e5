package io.sterna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One JMH bench, in a Java of its own.
 *
 * @param method like {@code RangeStateBench.decide}
 */
record JmhBench(String method) implements Experiment<Reading> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Seconds of an iteration. */
  private static final String ITERATION = "1";

  private static final String WARM_UPS = "4";
  private static final String ITERATIONS = "4";

  @Override
  public Reading run(Bench bench) throws LabException {
    Path benches =
        bench
            .settings()
            .benches()
            .filter(Files::isDirectory)
            .orElseThrow(
                () ->
                    new LabException(
                        "the JMH benches are no part of the distribution: run deploy/bench"));
    bench.progress().say("JMH: " + method);
    try {
      Path result = Files.createTempFile(bench.settings().folder(), "sterna-jmh-", ".json");
      try {
        execute(command(benches, result));
        return reading(bench, MAPPER.readTree(result.toFile()));
      } finally {
        Files.deleteIfExists(result);
      }
    } catch (IOException e) {
      throw new LabException("cannot run JMH: " + e, e);
    }
  }

  /** Without a fork of JMH's own: this is a fresh Java already, and it ends with ours. */
  private List<String> command(Path benches, Path result) {
    String pattern = "\\." + method.replace(".", "\\.") + "$";
    return List.of(
        "setpriv",
        "--pdeathsig",
        "KILL",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms256m",
        "-Xmx256m",
        "-cp",
        benches.resolve("*") + File.pathSeparator + benches.resolve("lib").resolve("*"),
        "org.openjdk.jmh.Main",
        pattern,
        "-f",
        "0",
        "-wi",
        WARM_UPS,
        "-w",
        ITERATION,
        "-i",
        ITERATIONS,
        "-r",
        ITERATION,
        "-foe",
        "true",
        "-rf",
        "json",
        "-rff",
        result.toString());
  }

  private static void execute(List<String> command) throws IOException, LabException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new LabException("JMH ended with status " + status);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private Reading reading(Bench bench, JsonNode results) throws LabException {
    JsonNode metric = results.path(0).path("primaryMetric");
    if (results.size() != 1 || !metric.path("score").isNumber()) {
      throw new LabException("JMH measured " + results.size() + " benches of name " + method);
    }
    Map<String, Object> conditions = bench.conditions();
    conditions.put("bench", method);
    conditions.put("batch", "250 changes");
    conditions.put("iterations", ITERATIONS + " of " + ITERATION + " s");
    conditions.put("error", Figure.rounded(metric.path("scoreError").asDouble()));
    return new Reading(metric.path("score").doubleValue(), conditions);
  }
}
