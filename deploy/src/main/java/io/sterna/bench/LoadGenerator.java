package io.sterna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabException;
import io.sterna.lab.Progress;
import io.sterna.lab.process.LabProcess;
import io.sterna.lab.process.LabProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code sterna load}, a process of its own beside a testbed; one at a time. */
final class LoadGenerator {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The name of its process. */
  static final String NAME = "load";

  /** How it begins what it says while it measures. */
  private static final String MEASURING = NAME + ": measure, ";

  private static final long POLL_MS = 100;
  private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Beyond warm-up and duration: connecting, binding every VM, waiting for quiet. */
  private static final Duration MARGIN = Duration.ofMinutes(10);

  private final Testbed testbed;
  private final Progress progress;
  private final Optional<Watch> watch;
  private final Path scenario;
  private final Path result;
  private final Path log;

  /** What else is done meanwhile. */
  @FunctionalInterface
  interface Watch {
    /** Called ten times a second from when a load has said that it measures until it ends. */
    void measuring();
  }

  LoadGenerator(Testbed testbed, Progress progress) {
    this(testbed, progress, Optional.empty());
  }

  LoadGenerator(Testbed testbed, Progress progress, Optional<Watch> watch) {
    this.testbed = testbed;
    this.progress = progress;
    this.watch = watch;
    this.scenario = testbed.path("load.yaml");
    this.result = testbed.path("load.json");
    this.log = testbed.path("load.log");
  }

  /**
   * Carries out a load.
   *
   * @return the document of {@code sterna load run}
   * @throws LabException if it fails, or one of its checks does not hold
   */
  JsonNode run(LoadPlan plan) throws LabException {
    return run(plan, testbed.plan().mobilePrefix());
  }

  /** The same, but VMs are spread over this prefix only. */
  JsonNode run(LoadPlan plan, String prefix) throws LabException {
    List<String> options = new ArrayList<>();
    testbed.pids().forEach((name, pid) -> options.addAll(List.of("--cpu-of", name + "=" + pid)));
    JsonNode document = call("run", plan, prefix, options);
    for (Map.Entry<String, JsonNode> check : document.path("checks").properties()) {
      if (!check.getValue().path("holds").asBoolean()) {
        throw new LabException(
            check.getKey() + " does not hold: " + check.getValue().path("examples").path(0));
      }
    }
    return document;
  }

  /**
   * Connects the plan's last element, which knows nothing.
   *
   * @return the document of {@code sterna load sync}
   * @throws LabException if it fails
   */
  JsonNode sync(LoadPlan plan) throws LabException {
    return call("sync", plan, testbed.plan().mobilePrefix(), List.of());
  }

  private JsonNode call(String command, LoadPlan plan, String prefix, List<String> options)
      throws LabException {
    List<String> words = new ArrayList<>(List.of("load", command, scenario.toString()));
    words.addAll(List.of("--api", testbed.api().addresses().get(0)));
    words.addAll(List.of("--result", result.toString()));
    words.addAll(options);
    try {
      Files.writeString(scenario, plan.scenario(testbed.southbound(), prefix));
      Files.deleteIfExists(result);
      LabProcess process = testbed.processes().start(NAME, log, words);
      follow(process, MARGIN.plus(plan.warmUp()).plus(plan.settle()).plus(plan.duration()));
      if (!Files.exists(result)) {
        throw new LabException("the load failed: " + LabProcesses.lastLine(log));
      }
      return MAPPER.readTree(result.toFile());
    } catch (IOException e) {
      throw new LabException("cannot write or read what the load needs: " + e, e);
    }
  }

  /** Waits for its end; says every few seconds how far it is. */
  private void follow(LabProcess process, Duration bound) throws LabException {
    long startNanos = System.nanoTime();
    long saidNanos = startNanos;
    boolean measuring = false;
    while (process.running().isPresent()) {
      testbed.checkRunning();
      if (watch.isPresent()) {
        measuring = measuring || LabProcesses.lastLine(log).startsWith(MEASURING);
        if (measuring) {
          watch.get().measuring();
        }
      }
      long now = System.nanoTime();
      if (now - startNanos > bound.toNanos()) {
        throw new LabException(
            "the load did not end within %d s; it said: %s"
                .formatted(bound.toSeconds(), LabProcesses.lastLine(log)));
      }
      if (now - saidNanos > SAY_NANOS) {
        saidNanos = now;
        sayProgress();
      }
      pause();
    }
  }

  private void sayProgress() {
    String last = LabProcesses.lastLine(log);
    // The result is written to the same log.
    if (last.startsWith(NAME + ": ")) {
      progress.say(last);
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
}
