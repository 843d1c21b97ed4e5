package io.sterna.bench;

import io.sterna.ca.AuthorityException;
import io.sterna.ca.CertificateAuthority;
import io.sterna.lab.LabException;
import io.sterna.lab.LabPorts;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.UnwindOnExit;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.ControllerApi;
import io.sterna.lab.process.CqlPort;
import io.sterna.lab.process.LabProcess;
import io.sterna.lab.process.LabProcesses;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A Cassandra node and a controller that run as processes of their own, on loopback, in a folder
 * that goes with them. They end when this process does, however it ends.
 */
final class Testbed implements AutoCloseable {
  private static final String CASSANDRA = "cassandra";
  private static final String CONTROLLER = "controller";
  private static final int CASSANDRA_HEAP_MEBIBYTES = 1024;
  private static final Duration START_BOUND = Duration.ofMinutes(5);
  private static final Duration END_BOUND = Duration.ofSeconds(10);
  private static final int LAST_LINES = 10;
  private static final Duration VALIDITY = Duration.ofDays(2);

  private final TestbedPlan plan;
  private final Path folder;
  private final LabPorts ports;
  private final LabProcesses processes;
  private final Progress progress;

  private Testbed(TestbedPlan plan, Bench bench) throws LabException {
    LabPorts all = LabPorts.free();
    this.plan = plan;
    this.progress = bench.progress();
    this.ports = new LabPorts(all.cql(), all.storage(), all.controllers().subList(0, 1));
    try {
      this.folder = Files.createTempDirectory(bench.settings().folder(), "sterna-bench-");
    } catch (IOException e) {
      throw new LabException("no folder in " + bench.settings().folder() + ": " + e, e);
    }
    LabSettings settings = LabSettings.standard().withPorts(ports).within("bench", folder);
    this.processes =
        new LabProcesses(
            settings,
            LabProcesses.Life.WITH_US,
            LabProcesses.Compiling.FULLY,
            started -> {},
            name -> List.of());
  }

  /** What is done with a testbed. */
  @FunctionalInterface
  interface Work<R> {
    R on(Testbed testbed) throws LabException;
  }

  /**
   * Starts both, waits until the controller is well, does the work and removes everything.
   *
   * @throws LabException if one does not come up, or of the work; the last words of all processes
   *     were said then, because their logs are gone
   */
  static <R> R during(Bench bench, TestbedPlan plan, Work<R> work) throws LabException {
    try (Testbed testbed = new Testbed(plan, bench)) {
      try {
        testbed.writeFiles();
        testbed.startProcesses();
        return work.on(testbed);
      } catch (LabException e) {
        testbed.sayLastWords();
        throw e;
      }
    }
  }

  /** A file or folder of its own, removed with it. */
  Path path(String name) {
    return folder.resolve(name);
  }

  /** Where elements connect. */
  String southbound() {
    return LabPorts.HOST + ":" + ports.controllers().get(0).southbound();
  }

  /** Where Cassandra listens. */
  int cqlPort() {
    return ports.cql();
  }

  TestbedPlan plan() {
    return plan;
  }

  /** Asks the controller. */
  ControllerApi api() {
    return new ControllerApi(ports);
  }

  /** Every binding that the controller has. */
  Map<IpAddress, ControllerApi.Attachment> bindings() throws LabException {
    return api().bindings().orElseThrow(() -> new LabException("the controller does not answer"));
  }

  /** Its processes; others may be started beside them. */
  LabProcesses processes() {
    return processes;
  }

  /** The process ids of all that stay: controller, Cassandra and real elements, by name. */
  Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    staying().forEach(process -> pids.put(process.name(), process.pid()));
    return pids;
  }

  /** All processes but the load, which ends by itself. */
  private List<LabProcess> staying() {
    return processes.all().stream()
        .filter(process -> !process.name().equals(LoadGenerator.NAME))
        .toList();
  }

  /**
   * @throws LabException that quotes its last words if one has ended that should stay
   */
  void checkRunning() throws LabException {
    for (LabProcess process : staying()) {
      if (process.running().isEmpty()) {
        throw new LabException(
            process.name() + " has ended: " + LabProcesses.lastLine(process.log()));
      }
    }
  }

  /** The process id of the controller. */
  long controllerPid() throws LabException {
    Long pid = pids().get(CONTROLLER);
    if (pid == null) {
      throw new LabException("no controller was started");
    }
    return pid;
  }

  /** What a figure that was measured here should say. */
  Map<String, Object> conditions() {
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("fes", plan.fes());
    conditions.put("controllers", 1);
    conditions.put("cassandra_nodes", 1);
    conditions.put("cassandra_heap_mebibytes", CASSANDRA_HEAP_MEBIBYTES);
    conditions.put("commitlog_sync", plan.sync().name().toLowerCase(Locale.ROOT));
    conditions.put("mobile_prefix", plan.mobilePrefix());
    conditions.put("file_system", fileSystem());
    return conditions;
  }

  private String fileSystem() {
    try {
      return Files.getFileStore(folder).type();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private void writeFiles() throws LabException {
    LabPorts.OfController own = ports.controllers().get(0);
    TestbedPlan.Ports used =
        new TestbedPlan.Ports(own.cluster(), own.southbound(), own.http(), ports.cql());
    try {
      CertificateAuthority.Terms terms =
          new CertificateAuthority.Terms(InstantSource.system().instant(), VALIDITY, false);
      // Certificates may not outlive their authority, which is made a moment earlier.
      CertificateAuthority.Terms authorityTerms =
          new CertificateAuthority.Terms(terms.now(), VALIDITY.multipliedBy(2), false);
      CertificateAuthority authority =
          CertificateAuthority.create(path("ca"), "Sterna bench", authorityTerms);
      authority.issue(new ControllerId("c1"), List.of(), List.of(LabPorts.HOST), folder, terms);
      for (int i = 1; i <= plan.fes(); i++) {
        authority.issue(new FeId("fe" + i), path("fes"), terms);
      }
      Files.writeString(path("c1.conf"), plan.controllerFile(LabPorts.HOST, used));
    } catch (AuthorityException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new LabException("cannot write into " + folder + ": " + e, e);
    }
  }

  private void startProcesses() throws LabException {
    progress.say("Cassandra and a controller start in " + folder);
    processes.start(
        CASSANDRA,
        path("cassandra.log"),
        List.of(
            "cassandra",
            "--data",
            path("cassandra").toString(),
            "--port",
            String.valueOf(ports.cql()),
            "--storage-port",
            String.valueOf(ports.storage()),
            "--heap-mebibytes",
            String.valueOf(CASSANDRA_HEAP_MEBIBYTES),
            "--commit-log-sync",
            plan.sync().name()));
    await("Cassandra to answer", () -> CqlPort.answers(LabPorts.HOST, ports.cql()));
    processes.start(
        CONTROLLER,
        path("controller.log"),
        List.of("controller", "--config", path("c1.conf").toString()));
    ControllerApi api = api();
    await("the controller to be well", () -> api.healthy().size() == 1);
  }

  /**
   * Kills the controller, and starts it again from this distribution.
   *
   * @throws LabException if it does not come up
   */
  void restartController(Path home) throws LabException {
    processes.kill(CONTROLLER);
    processes.start(
        CONTROLLER,
        path("controller.log"),
        List.of(home.resolve("bin/sterna").toString()),
        List.of("controller", "--config", path("c1.conf").toString()));
    await("the controller to be well", () -> api().healthy().size() == 1);
  }

  /** Waits until some elements are connected and have installed everything. */
  void awaitInSync(List<FeId> elements) throws LabException {
    ControllerApi api = api();
    await(elements + " to be in sync", () -> api.inSync().containsAll(elements));
  }

  /** Something that is there or not. */
  interface Presence {
    boolean isThere() throws LabException;
  }

  /** Waits for something; fails at once if a process ends that should stay. */
  void await(String what, Presence presence) throws LabException {
    new Waiting(progress)
        .until(
            () -> {
              if (presence.isThere()) {
                return "";
              }
              checkRunning();
              return what;
            },
            START_BOUND);
  }

  private void sayLastWords() {
    for (LabProcess process : processes.all()) {
      progress.say(process.name() + " said last:");
      LabProcesses.lastLines(process.log(), LAST_LINES).forEach(line -> progress.say("  " + line));
    }
  }

  /** Kills everything at once: nobody will read this data again. */
  @Override
  public void close() throws LabException {
    UnwindOnExit.uninterrupted(
        () -> {
          List<LabProcess> all = new ArrayList<>(processes.all());
          Collections.reverse(all);
          List<ProcessHandle> doomed =
              all.stream()
                  .flatMap(process -> process.running().stream())
                  .flatMap(handle -> Stream.concat(handle.descendants(), Stream.of(handle)))
                  .toList();
          doomed.forEach(ProcessHandle::destroyForcibly);
          for (ProcessHandle handle : doomed) {
            awaitEnd(handle);
          }
          removeFolder();
        });
  }

  private static void awaitEnd(ProcessHandle handle) throws LabException {
    try {
      handle.onExit().get(END_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException("process " + handle.pid() + " does not end", e);
    }
  }

  private void removeFolder() throws LabException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new LabException("cannot remove " + folder + ": " + e, e);
    }
  }
}
