package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.fault.FaultPlan.Node;
import io.sterna.lab.process.ControllerApi;
import io.sterna.lab.process.ControllerApi.Ownership;
import io.sterna.lab.process.CqlPort;
import io.sterna.lab.process.LabProcesses;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cassandra and controllers, each in a namespace of its own, all ending with this process. */
final class FaultLab implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofMinutes(4);
  private static final int STORE_HEAP_MEBIBYTES = 384;

  private final FaultPlan plan;
  private final FaultFiles files;
  private final FaultNetwork network;
  private final SmallDisk storeDisk;
  private final LabProcesses processes;
  private final Supervisor supervisor;
  private final ControllerApi api;
  private final Progress progress;
  private final Waiting waiting;

  /**
   * Nothing stands yet.
   *
   * @param settings prefix, work folder and how to run {@code sterna}
   */
  FaultLab(LabSettings settings, Progress progress) {
    this.plan = new FaultPlan(settings.prefix());
    this.files = new FaultFiles(settings.workDirectory());
    this.network = new FaultNetwork(plan);
    this.storeDisk = new SmallDisk(files.storeData().resolve("data"));
    this.processes =
        new LabProcesses(
            settings,
            LabProcesses.Life.WITH_US,
            LabProcesses.Compiling.LITTLE,
            all -> {},
            this::inNamespace);
    this.supervisor = new Supervisor(this::startController, processes::isRunning);
    this.api = new ControllerApi(uris(), NetworkNamespace.named(plan.namespace(FaultPlan.LOAD)));
    this.progress = progress;
    this.waiting = new Waiting(progress);
  }

  private List<String> inNamespace(String process) {
    return List.of("ip", "netns", "exec", plan.prefix() + "-" + process);
  }

  private static Map<ControllerId, URI> uris() {
    Map<ControllerId, URI> uris = new LinkedHashMap<>();
    for (ControllerId id : FaultPlan.controllers()) {
      String address = FaultPlan.node(id).address().toString();
      uris.put(id, URI.create("http://" + address + ":" + FaultPlan.HTTP_PORT));
    }
    return uris;
  }

  /** Builds namespaces and files, starts Cassandra and all controllers. */
  void up() throws LabException {
    progress.say("Namespaces, Cassandra and three controllers start (logs: " + files.logs() + ")");
    network.up();
    storeDisk.unmount();
    files.write();
    storeDisk.mount();
    startStore();
    supervisor.start();
    FaultPlan.controllers().forEach(supervisor::want);
    awaitWell(FaultPlan.controllers());
  }

  FaultFiles files() {
    return files;
  }

  FaultNetwork network() {
    return network;
  }

  /** Where Cassandra keeps its data. */
  SmallDisk storeDisk() {
    return storeDisk;
  }

  LabProcesses processes() {
    return processes;
  }

  ControllerApi api() {
    return api;
  }

  /** Starts what should run and does not, as the init system of a machine would. */
  Supervisor supervisor() {
    return supervisor;
  }

  /** Starts a load of this shape; its namespace reaches everybody. */
  Load startLoad(LoadShape shape, long seed) throws LabException {
    files.writeScenario(shape, seed);
    return Load.start(files.scenario(), files.log("load"), plan.namespace(FaultPlan.LOAD));
  }

  /** Starts Cassandra and waits until it answers. */
  void startStore() throws LabException {
    String name = FaultPlan.STORE.name();
    processes.start(
        name,
        files.log(name),
        List.of(
            "cassandra",
            "--data",
            files.storeData().toString(),
            "--listen",
            FaultPlan.STORE.address().toString(),
            "--heap-mebibytes",
            String.valueOf(STORE_HEAP_MEBIBYTES)));
    await(() -> storeAnswers() ? "" : "Cassandra to answer", START_BOUND);
  }

  private boolean storeAnswers() throws LabException {
    Node store = FaultPlan.STORE;
    if (!processes.isRunning(store.name())) {
      throw new LabException("Cassandra has ended; see " + files.log(store.name()));
    }
    try {
      return NetworkNamespace.named(plan.namespace(store))
          .call(() -> CqlPort.answers(store.address().toString(), FaultPlan.CQL_PORT));
    } catch (IOException e) {
      throw new LabException("cannot ask Cassandra: " + FileReason.why(e), e);
    }
  }

  private void startController(ControllerId id) throws LabException {
    String name = id.value();
    processes.start(
        name, files.log(name), List.of("controller", "--config", files.config(name).toString()));
  }

  /** Starts the real forwarding element. */
  void startAgent() throws LabException {
    String name = FaultPlan.AGENT.name();
    processes.start(
        name, files.log(name), List.of("fe", "--config", files.config(name).toString()));
  }

  /** Stops it, if it runs. */
  void stopAgent() throws LabException {
    if (processes.isRunning(FaultPlan.AGENT.name())) {
      processes.stop(FaultPlan.AGENT.name());
    }
  }

  /** Waits until exactly these controllers are members, and every range has an owner. */
  void awaitWell(List<ControllerId> controllers) throws LabException {
    await(
        () -> {
          long members = api.membersUp();
          return members == controllers.size()
              ? ""
              : controllers + " to be the members (" + members + " are)";
        },
        START_BOUND);
    await(() -> api.healthy().equals(controllers) ? "" : controllers + " to be well", START_BOUND);
  }

  /**
   * Waits until the ranges are spread evenly over these controllers: none has two more than
   * another.
   */
  void awaitEven(List<ControllerId> controllers, Duration bound) throws LabException {
    await(
        () -> {
          Map<ControllerId, List<Integer>> owned = owned();
          List<Integer> counts =
              controllers.stream().map(id -> owned.getOrDefault(id, List.of()).size()).toList();
          int all = counts.stream().mapToInt(Integer::intValue).sum();
          int most = counts.stream().mapToInt(Integer::intValue).max().orElse(0);
          int least = counts.stream().mapToInt(Integer::intValue).min().orElse(0);
          boolean even = all == FaultPlan.ranges().size() && most - least <= 1;
          return even ? "" : "the ranges to be spread evenly, which are " + counts;
        },
        bound);
  }

  /** The numbers of the ranges of each owner, as the controllers say. */
  Map<ControllerId, List<Integer>> owned() {
    Map<RangeId, Ownership> owners = api.ranges().orElse(Map.of());
    Map<ControllerId, List<Integer>> owned = new LinkedHashMap<>();
    List<RangeId> ranges = FaultPlan.ranges();
    for (int i = 0; i < ranges.size(); i++) {
      Ownership ownership = owners.get(ranges.get(i));
      if (ownership != null) {
        owned.computeIfAbsent(ownership.owner(), id -> new ArrayList<>()).add(i);
      }
    }
    return owned;
  }

  /** Waits for something. */
  void await(Waiting.Question question, Duration bound) throws LabException {
    waiting.until(question, bound, () -> "; see the logs in " + files.logs());
  }

  void say(String line) {
    progress.say(line);
  }

  /** Ends every process and removes every namespace; the files stay. */
  @Override
  public void close() throws LabException {
    supervisor.close();
    processes.stopAll();
    storeDisk.unmount();
    network.down();
  }
}
