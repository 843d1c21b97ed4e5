package io.sterna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Something about the planner, measured in a Java of its own.
 *
 * @param what as {@code PlanFigures} of the benches names it
 * @param vms of each scenario
 * @param sites of each scenario
 * @param seeds scenarios of each shape
 */
record PlanRun(String what, int vms, int sites, int seeds) implements Experiment<PlanRun.Found> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String MAIN = "io.sterna.benches.planning.PlanFigures";

  /** So that the whole process stays below 4 GiB. */
  private static final String HEAP = "-Xmx3400m";

  /** What came out: lists with a number for each scenario, by name. */
  record Found(JsonNode json) {
    double[] list(String name) throws LabException {
      JsonNode list = json.path(name);
      if (list.isEmpty()) {
        throw new LabException("nothing was measured of " + name);
      }
      return IntStream.range(0, list.size()).mapToDouble(i -> list.get(i).asDouble()).toArray();
    }

    /** One list divided by another. Two zeroes are equal. */
    double[] ratios(String name, String to) throws LabException {
      double[] above = list(name);
      double[] below = list(to);
      return IntStream.range(0, above.length)
          .mapToDouble(i -> above[i] == below[i] ? 1 : above[i] / below[i])
          .toArray();
    }
  }

  @Override
  public Found run(Bench bench) throws LabException {
    Path benches =
        bench
            .settings()
            .benches()
            .filter(Files::isDirectory)
            .orElseThrow(
                () ->
                    new LabException("the benches are no part of the distribution: deploy/bench"));
    bench.progress().say("plan: " + what + ", " + vms + " VMs, " + sites + " data centers");
    try {
      Path result = Files.createTempFile(bench.settings().folder(), "sterna-plan-", ".json");
      Path output = Files.createTempFile(bench.settings().folder(), "sterna-plan-", ".out");
      try {
        execute(command(benches, result), output);
        return new Found(MAPPER.readTree(result.toFile()));
      } finally {
        Files.deleteIfExists(result);
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new LabException("cannot measure plans: " + e, e);
    }
  }

  private List<String> command(Path benches, Path result) {
    return List.of(
        "setpriv",
        "--pdeathsig",
        "KILL",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        HEAP,
        "-XX:+UseParallelGC",
        "-cp",
        benches.resolve("*") + File.pathSeparator + benches.resolve("lib").resolve("*"),
        MAIN,
        what,
        String.valueOf(vms),
        String.valueOf(sites),
        String.valueOf(seeds),
        result.toString());
  }

  private void execute(List<String> command, Path output) throws IOException, LabException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int status = process.waitFor();
      if (status != 0) {
        List<String> said = Files.readAllLines(output);
        throw new LabException(
            what + " ended with status " + status + (said.isEmpty() ? "" : ": " + said.get(0)));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
