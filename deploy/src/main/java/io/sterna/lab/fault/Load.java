package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.linux.NetworkNamespace;
import io.sterna.loadgen.run.LoadException;
import io.sterna.loadgen.run.LoadRun;
import io.sterna.loadgen.run.LoadWatch;
import io.sterna.loadgen.run.Result;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.scenario.ScenarioException;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.tls.TlsFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Emulated elements that claim at a steady rate, in a namespace, until they are told to end. */
final class Load implements LoadWatch, AutoCloseable {
  private final ServiceLog service;
  private final VmSpace vms;
  private final LoadRun run;
  private final Thread thread;
  private final CompletableFuture<Result> result = new CompletableFuture<>();
  private final PrintWriter log;
  private volatile boolean measuring;

  private Load(Path scenarioFile, Path logFile, String namespace) throws LabException {
    try {
      Scenario scenario = ScenarioFile.read(scenarioFile);
      this.vms = new VmSpace(scenario.prefix(), scenario.vms());
      int[] ranges = rangesOf(vms);
      this.service = new ServiceLog(FaultPlan.ranges().size(), vm -> ranges[vm]);
      this.log =
          new PrintWriter(
              Files.newBufferedWriter(
                  logFile,
                  StandardCharsets.UTF_8,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.APPEND),
              true);
      this.run = LoadRun.prepare(scenario, System::nanoTime, log::println, this);
      this.thread = NetworkNamespace.named(namespace).newThread("fault-load", this::work);
    } catch (ScenarioException | TlsFileException | IOException e) {
      throw new LabException("the load cannot start: " + e.getMessage(), e);
    }
  }

  /** Starts to connect and to bind every VM. */
  static Load start(Path scenario, Path log, String namespace) throws LabException {
    Load load = new Load(scenario, log, namespace);
    load.thread.start();
    return load;
  }

  private static int[] rangesOf(VmSpace vms) {
    List<RangeId> ranges = FaultPlan.ranges();
    return IntStream.range(0, vms.size())
        .map(
            vm ->
                IntStream.range(0, ranges.size())
                    .filter(i -> ranges.get(i).prefix().contains(vms.address(vm)))
                    .findFirst()
                    .orElseThrow())
        .toArray();
  }

  private void work() {
    try {
      result.complete(run.run());
    } catch (LoadException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  @Override
  public void measuring() {
    measuring = true;
  }

  @Override
  public void acknowledged(int vm, long dueNanos, long nowNanos) {
    if (measuring) {
      service.acknowledged(vm, dueNanos, nowNanos);
    }
  }

  @Override
  public void gaveUp(int vm, long dueNanos, long nowNanos) {
    if (measuring) {
      service.gaveUp(dueNanos, nowNanos);
    }
  }

  /** What it has seen so far. */
  ServiceLog service() {
    return service;
  }

  /** What is missing until events are measured; empty if nothing is. */
  String missing() throws LabException {
    if (result.isDone()) {
      finish();
      throw new LabException("the load has ended by itself");
    }
    return measuring ? "" : "the load to bind every VM";
  }

  /** The VMs that its elements claim. */
  VmSpace vms() {
    return vms;
  }

  /** What each element holds; for after the end. */
  List<FeTable> tables() {
    return run.tables();
  }

  /** No more events; waits until all is quiet and checked. */
  Result finish() throws LabException {
    run.stop();
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new LabException("the load failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the load ended", e);
    } finally {
      log.close();
    }
  }

  @Override
  public void close() {
    run.stop();
  }
}
