package io.sterna.cluster;

import io.sterna.cli.ConfigFile;
import io.sterna.controller.ControllerSettings;
import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.LabPorts;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.emulated.EmulatedNetwork;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.LabFiles;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The lab, folded into one process: its configuration files, real controllers and real agents over
 * emulated tables. Only Cassandra is a process of its own, since it ends the one it runs in; tests
 * share it, each cluster with a keyspace of its own.
 */
final class ClusterInOneJvm {
  private static final Duration BOUND = Duration.ofMinutes(1);

  private final String ofControllers;
  private final String ofElements;
  private final LabSettings settings;
  private final LabPlan plan = LabPlan.standard(LabOfTests.PREFIX);
  private final LabFiles files;
  private final EmulatedNetwork network = new EmulatedNetwork(plan);
  private final List<ClusterNode> nodes = new ArrayList<>();
  private final Set<RangeId> ranges = new TreeSet<>();
  private final Waiting waiting = new Waiting(new Progress(LabOfTests.silence()));
  private final Deque<Runnable> started = new ArrayDeque<>();

  /** Three controllers that know one of them only, the first. */
  static ClusterInOneJvm ofOneSeed(Path folder, SharedStore store) throws LabException {
    LabSettings settings = LabOfTests.withoutStore(folder);
    int first = settings.ports().controllers().get(0).cluster();
    String seeds =
        "sterna.controller.cluster.seeds = [\"%s:%d\"]%n".formatted(LabPorts.HOST, first);
    return new ClusterInOneJvm(settings, store, seeds, "");
  }

  private ClusterInOneJvm(
      LabSettings lab, SharedStore store, String ofControllers, String ofElements) {
    this.settings = lab.withPorts(store.of(lab.ports()));
    this.ofControllers =
        "sterna.controller.cassandra.keyspace = " + store.freeKeyspace() + "\n" + ofControllers;
    this.ofElements = ofElements;
    this.files = new LabFiles(settings, plan);
  }

  /**
   * One controller, configured further.
   *
   * @param ofController lines for its file
   * @param ofElements lines for the file of each forwarding element
   */
  static ClusterInOneJvm ofOne(
      Path folder, SharedStore store, String ofController, String ofElements) throws LabException {
    LabSettings all = LabOfTests.withoutStore(folder);
    LabPorts ports = all.ports();
    LabPorts one = new LabPorts(ports.cql(), ports.storage(), ports.controllers().subList(0, 1));
    return new ClusterInOneJvm(all.withPorts(one), store, ofController, ofElements);
  }

  /** Starts everything; some of it runs if this fails. */
  void start() throws Exception {
    files.write();
    for (ControllerId id : files.controllers()) {
      Files.writeString(files.configOf(id), ofControllers, StandardOpenOption.APPEND);
    }
    for (Site site : plan.sites()) {
      Files.writeString(files.configOf(site), ofElements, StandardOpenOption.APPEND);
    }
    LabPorts ports = settings.ports();
    for (int i = 0; i < ports.controllers().size(); i++) {
      ControllerId id = files.controllers().get(i);
      ControllerSettings configured =
          ConfigFile.load(files.configOf(id), "sterna.controller")
              .settings(ControllerSettings::from);
      ranges.addAll(configured.ranges().ranges());
      ClusterNode node =
          new ClusterNode(
              configured,
              new LabPorts(ports.cql(), ports.storage(), List.of(ports.controllers().get(i))));
      node.start();
      started.push(node::close);
      nodes.add(node);
    }
    started.push(network::down);
    network.startAgents(
        new ControlPlane(
            settings,
            plan,
            new LabProcesses(settings, LabProcesses.Life.WITH_US, all -> {}),
            new Progress(LabOfTests.silence())));
  }

  LabPlan plan() {
    return plan;
  }

  EmulatedNetwork network() {
    return network;
  }

  /** Every range that the configuration cuts. */
  Set<RangeId> ranges() {
    return ranges;
  }

  /** The controllers that run. */
  List<ClusterNode> running() {
    return nodes.stream().filter(ClusterNode::isRunning).toList();
  }

  ClusterNode node(ControllerId id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  /** Waits a minute at most until something is as it should be. */
  void await(Object expected, Supplier<?> actual) throws LabException {
    waiting.until(
        () -> {
          Object is = actual.get();
          return expected.equals(is) ? "" : expected + "; it is " + is;
        },
        BOUND);
  }

  /** Waits until every element is in sync with what this controller has. */
  void awaitInSync(ClusterNode node) throws LabException {
    await(plan.sites().stream().map(Site::fe).collect(Collectors.toSet()), node::inSync);
  }

  /** Ends what was started, the last first. */
  void stop() {
    while (!started.isEmpty()) {
      started.pop().run();
    }
  }
}
