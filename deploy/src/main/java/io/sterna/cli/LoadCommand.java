package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.loadgen.run.LoadException;
import io.sterna.loadgen.run.LoadRun;
import io.sterna.loadgen.run.Result;
import io.sterna.loadgen.run.SyncRun;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.scenario.ScenarioException;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sterna load}: emulated forwarding elements put load on controllers. */
@Command(
    name = "load",
    description = "Put load on controllers with emulated forwarding elements, and check them.",
    footer = {
      "",
      "Examples:",
      "  sterna load run conf/load.yaml --output json",
      "  sterna load sync conf/load.yaml"
    })
final class LoadCommand {
  private static final long STOP_PATIENCE_SECONDS = 30;

  private final ApiCommand output;
  private final Terminal terminal;

  LoadCommand(ApiCommand output, Terminal terminal) {
    this.output = output;
    this.terminal = terminal;
  }

  @Command(
      name = "run",
      description = {
        "Run a scenario: bind every VM, warm up, measure, wait for quiet, check. conf/load.yaml of the",
        "distribution is one, with every key explained.",
        "Progress goes to standard error, a line a second. Latencies count from the moment an event",
        "was due. Ctrl-C ends the run with what was measured until then. Exit status 1 if a check",
        "fails or, with one line 'host:port: reason', if no controller can be reached; 2 and one line",
        "'file: key: reason' if the scenario is bad.",
        "'fes: N' of a scenario are the elements fe1 to feN, and take over the sessions of elements",
        "of these names: run no real ones meanwhile. 'lost' counts events that were neither",
        "acknowledged nor overtaken when the run ended, such as those that damping held back.",
        "How far 'followers' of a scenario are, real elements that are waited for, is asked at --api;",
        "exit status 1 if that cannot be told, or if they install nothing any more."
      },
      footer = {
        "",
        "Examples:",
        "  sterna ca issue fe fe1 --ca ca --out conf      # and so on, one for each element",
        "  sterna load run conf/load.yaml",
        "  sterna load run conf/load.yaml --output json > result.json",
        "  sterna load run conf/load.yaml --cpu-of controller=4711 --result result.json"
      })
  int run(
      @Parameters(paramLabel = "SCENARIO", description = "A YAML file like conf/load.yaml.")
          Path file,
      @Option(
              names = "--cpu-of",
              paramLabel = "NAME=PID",
              description = {
                "A process of this machine whose processor time is measured too, its descendants'",
                "included. May be given several times."
              })
          @Nullable Map<String, Long> cpuOf,
      @Option(
              names = "--result",
              paramLabel = "FILE",
              description = "Write the result as JSON to this file as well.")
          @Nullable Path resultFile)
      throws ConfigFileException, OperationFailedException {
    output.refuseCsv();
    checkFolder(resultFile);
    Map<String, ProcessHandle> processes = processes(cpuOf == null ? Map.of() : cpuOf);
    LoadRun run = prepared(file, this::prepare);
    run.measureCpuOf(processes);
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> stop(run, done), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Result result = run.run();
      ObjectNode json = result.toJson(new Version().getVersion()[0]);
      if (resultFile != null) {
        write(json, resultFile);
      }
      show(json);
      LoadRemarks.of(json).forEach(this::say);
      return result.holds() ? ExitStatus.DONE : ExitStatus.FAILED;
    } catch (LoadException e) {
      throw new OperationFailedException(String.valueOf(e.getMessage()), e);
    } finally {
      done.countDown();
      forget(hook);
    }
  }

  @Command(
      name = "sync",
      description = {
        "Connect the last element of a scenario, which knows nothing, and say how long it takes until",
        "it has heard everything that is bound. It claims nothing."
      },
      footer = {"", "Examples:", "  sterna load sync conf/load.yaml --output json"})
  int sync(
      @Parameters(paramLabel = "SCENARIO", description = "A YAML file like conf/load.yaml.")
          Path file,
      @Option(
              names = "--result",
              paramLabel = "FILE",
              description = "Write the result as JSON to this file as well.")
          @Nullable Path resultFile)
      throws ConfigFileException, OperationFailedException {
    checkFolder(resultFile);
    try {
      SyncRun.Result result =
          prepared(file, scenario -> SyncRun.prepare(scenario, System::nanoTime, this::say)).run();
      ObjectNode json = Json.MAPPER.valueToTree(result);
      if (resultFile != null) {
        write(json, resultFile);
      }
      output.show(json, LoadCommand::synced);
      return ExitStatus.DONE;
    } catch (LoadException e) {
      throw new OperationFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Before anything runs: what was measured would be lost. */
  private static void checkFolder(@Nullable Path resultFile) throws OperationFailedException {
    Path folder = resultFile == null ? null : resultFile.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw OperationFailedException.badUsage("--result: there is no folder " + folder);
    }
  }

  /** Whoever is to be waited for is asked once, before anything runs. */
  private LoadRun prepare(Scenario scenario) throws TlsFileException, OperationFailedException {
    LoadRun run = LoadRun.prepare(scenario, System::nanoTime, this::say);
    Scenario.Followers wanted = scenario.followers();
    if (wanted != null) {
      FollowersByApi followers = new FollowersByApi(output.client());
      try {
        followers.mostBehind(wanted.fes());
      } catch (IOException e) {
        throw new OperationFailedException("followers: " + e.getMessage(), e);
      }
      run.askHowFarFollowersAre(followers);
    }
    return run;
  }

  private static Table synced(JsonNode result) {
    Table table = new Table("SECONDS", "FIRST RANGE", "BINDINGS", "BYTES");
    table.row(
        number(result.path("seconds"), 2),
        number(result.path("firstRangeSeconds"), 2),
        Json.cell(result, "bindings"),
        Json.cell(result, "bytesIn"));
    return table;
  }

  /** Makes something of a scenario. */
  @FunctionalInterface
  private interface Preparation<T> {
    T of(Scenario scenario) throws TlsFileException, OperationFailedException;
  }

  private static <T> T prepared(Path file, Preparation<T> preparation)
      throws ConfigFileException, OperationFailedException {
    try {
      return preparation.of(ScenarioFile.read(file));
    } catch (ScenarioException e) {
      throw new ConfigFileException(e);
    } catch (TlsFileException e) {
      throw new ConfigFileException(file, "tls", String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, ProcessHandle> processes(Map<String, Long> pids)
      throws OperationFailedException {
    Map<String, ProcessHandle> processes = new LinkedHashMap<>();
    for (Map.Entry<String, Long> each : pids.entrySet()) {
      ProcessHandle process =
          ProcessHandle.of(each.getValue())
              .orElseThrow(
                  () ->
                      OperationFailedException.badUsage(
                          "--cpu-of " + each.getKey() + ": no process " + each.getValue()));
      processes.put(each.getKey(), process);
    }
    return processes;
  }

  private static void write(ObjectNode result, Path file) throws OperationFailedException {
    try {
      Files.write(file, Json.MAPPER.writeValueAsBytes(result));
    } catch (IOException e) {
      throw new OperationFailedException("cannot write " + file + ": " + FileReason.why(e), e);
    }
  }

  private void say(String line) {
    terminal.err().println("load: " + line);
    terminal.err().flush();
  }

  /** In the way of the end of the process until the result is written. */
  private static void stop(LoadRun run, CountDownLatch done) {
    run.stop();
    try {
      if (!done.await(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("sterna: the run did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, and has what it waits for.
    }
  }

  private void show(ObjectNode result) {
    if (output.json()) {
      Json.print(result, output.out());
      return;
    }
    PrintWriter out = output.out();
    rates(result).print(out);
    out.println();
    cpu(result).print(out);
    out.println();
    latencies(result).print(out);
    out.println();
    counts(result).print(out);
    out.println();
    checks(result).print(out);
  }

  private static Table rates(JsonNode result) {
    Table table = new Table("SECONDS", "ACCEPTED/S", "INSTALLED/S", "ELEMENTS", "VMS", "SEED");
    table.row(
        number(result.path("measuredSeconds"), 1),
        number(result.path("acceptedPerSecond"), 0),
        number(result.path("installedPerSecond"), 0),
        Json.cell(result.path("scenario"), "fes"),
        Json.cell(result.path("scenario"), "vms"),
        Json.cell(result, "seed"));
    return table;
  }

  private static Table cpu(JsonNode result) {
    Table table = new Table("CPU OF", "SECONDS", "CORES");
    double seconds = result.path("measuredSeconds").asDouble();
    result
        .path("cpuSeconds")
        .properties()
        .forEach(
            each ->
                table.row(
                    each.getKey(),
                    number(each.getValue(), 1),
                    "%.2f".formatted(each.getValue().asDouble() / seconds)));
    return table;
  }

  private static Table latencies(JsonNode result) {
    Table table =
        new Table(
            "MS FROM DUE", "COUNT", "UNFINISHED", "MEAN", "P50", "P90", "P99", "P99.9", "MAX");
    latency(table, "acknowledged", result.path("acknowledgedMs"));
    latency(table, "installed at last", result.path("installedAtLastMs"));
    JsonNode stall = result.path("stall");
    if (stall.isObject()) {
      latency(table, "  before the stall", stall.path("installedBeforeMs"));
      latency(table, "  while it lasted", stall.path("installedDuringMs"));
    }
    return table;
  }

  private static void latency(Table table, String name, JsonNode latency) {
    table.row(
        name,
        Json.cell(latency, "count"),
        Json.cell(latency, "unfinished"),
        number(latency.path("mean"), 2),
        number(latency.path("p50"), 2),
        number(latency.path("p90"), 2),
        number(latency.path("p99"), 2),
        number(latency.path("p99.9"), 2),
        number(latency.path("max"), 2));
  }

  private static Table counts(JsonNode result) {
    Table table = new Table("COUNT", "VALUE");
    result
        .path("counts")
        .properties()
        .forEach(
            count -> {
              if (count.getValue().isObject()) {
                count
                    .getValue()
                    .properties()
                    .forEach(
                        reason ->
                            table.row(
                                count.getKey() + " " + reason.getKey(),
                                reason.getValue().asText("")));
              } else {
                table.row(count.getKey(), count.getValue().asText(""));
              }
            });
    return table;
  }

  private static Table checks(JsonNode result) {
    Table table = new Table("CHECK", "HOLDS", "VIOLATIONS", "FIRST");
    result
        .path("checks")
        .properties()
        .forEach(
            check ->
                table.row(
                    check.getKey(),
                    Json.cell(check.getValue(), "holds"),
                    Json.cell(check.getValue(), "violations"),
                    check.getValue().path("examples").path(0).asText("")));
    return table;
  }

  private static String number(JsonNode value, int digits) {
    return ("%." + digits + "f").formatted(value.asDouble());
  }
}
