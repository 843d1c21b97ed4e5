package io.sterna.lab.process;

import io.sterna.lab.LabException;
import io.sterna.lab.LabPorts;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cassandra, the controllers and, if wanted, the agents of a lab: started in order and ready. */
public final class ControlPlane {
  /** The process of the store. */
  public static final String CASSANDRA = "cassandra";

  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final int CASSANDRA_HEAP_MEBIBYTES = 384;

  private final LabSettings settings;
  private final LabPlan plan;
  private final LabFiles files;
  private final LabProcesses processes;
  private final ControllerApi api;
  private final Progress progress;
  private final Waiting waiting;

  /** Nothing is started yet. */
  public ControlPlane(
      LabSettings settings, LabPlan plan, LabProcesses processes, Progress progress) {
    this.settings = settings;
    this.plan = plan;
    this.files = new LabFiles(settings, plan);
    this.processes = processes;
    this.api = new ControllerApi(settings.ports());
    this.progress = progress;
    this.waiting = new Waiting(progress);
  }

  /** The files it runs on. */
  public LabFiles files() {
    return files;
  }

  /** Asks the controllers. */
  public ControllerApi api() {
    return api;
  }

  /** Its processes. */
  public LabProcesses processes() {
    return processes;
  }

  /**
   * Starts Cassandra and waits until it answers.
   *
   * @throws LabException if it does not come up
   */
  public void startStore() throws LabException {
    progress.say("Cassandra starts (log: " + files.log(CASSANDRA) + ")");
    processes.start(
        CASSANDRA,
        files.log(CASSANDRA),
        List.of(
            "cassandra",
            "--data",
            files.cassandraData().toString(),
            "--port",
            String.valueOf(settings.ports().cql()),
            "--storage-port",
            String.valueOf(settings.ports().storage()),
            "--heap-mebibytes",
            String.valueOf(CASSANDRA_HEAP_MEBIBYTES)));
    await(
        () ->
            CqlPort.answers(LabPorts.HOST, settings.ports().cql())
                ? ""
                : "Cassandra to answer on port " + settings.ports().cql());
  }

  /**
   * Starts every controller and waits until they form one cluster and are well.
   *
   * @throws LabException if one ends or the cluster does not form
   */
  public void startControllers() throws LabException {
    progress.say("Three controllers start (logs beside Cassandra's)");
    for (ControllerId controller : files.controllers()) {
      String name = controller.value();
      processes.start(
          name,
          files.log(name),
          List.of("controller", "--config", files.configOf(controller).toString()));
    }
    awaitControllers();
  }

  /** Waits until every controller is well and sees every other. */
  public void awaitControllers() throws LabException {
    int all = files.controllers().size();
    await(
        () -> {
          List<ControllerId> healthy = api.healthy();
          return healthy.size() == all
              ? ""
              : "controllers to be well (" + healthy.size() + " of " + all + ")";
        });
    await(
        () -> {
          long members = api.membersUp();
          return members == all
              ? ""
              : "controllers to form a cluster (" + members + " of " + all + ")";
        });
  }

  /** Starts a process for the agent of every site. */
  public void startAgents() throws LabException {
    progress.say("Three forwarding elements start");
    for (Site site : plan.sites()) {
      String name = site.fe().value();
      processes.start(
          name, files.log(name), List.of("fe", "--config", files.configOf(site).toString()));
    }
  }

  /** Waits until every forwarding element is connected and in sync. */
  public void awaitInSync() throws LabException {
    await(
        () -> {
          List<FeId> inSync = api.inSync();
          List<FeId> missing =
              plan.sites().stream().map(Site::fe).filter(fe -> !inSync.contains(fe)).toList();
          return missing.isEmpty() ? "" : missing + " to be in sync";
        });
  }

  /**
   * Waits until the controllers hold a binding of each of these addresses to its element.
   *
   * @throws LabException if they do not
   */
  public void awaitBindings(Map<IpAddress, FeId> expected) throws LabException {
    await(
        () -> {
          Map<IpAddress, ControllerApi.Attachment> known = api.bindings().orElse(Map.of());
          List<String> missing = new ArrayList<>();
          expected.forEach(
              (address, fe) -> {
                ControllerApi.Attachment attachment = known.get(address);
                if (attachment == null || !attachment.fe().equals(fe)) {
                  missing.add(address + " at " + fe);
                }
              });
          return missing.isEmpty() ? "" : "bindings " + missing;
        });
  }

  /** The owner of the range that holds an address, if it has one and a controller answers. */
  public Optional<ControllerApi.Ownership> ownerOf(IpAddress address) {
    Map<RangeId, ControllerApi.Ownership> ranges = api.ranges().orElse(Map.of());
    return ranges.entrySet().stream()
        .filter(each -> each.getKey().prefix().contains(address))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Waits for something of this control plane; fails at once if one of its processes ends. */
  public void await(Waiting.Question question) throws LabException {
    waiting.until(
        () -> {
          String missing = question.missing();
          if (!missing.isEmpty()) {
            processes.checkRunning();
          }
          return missing;
        },
        START_BOUND,
        () -> "; see the logs in " + files.logFolder());
  }
}
