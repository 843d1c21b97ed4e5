package io.sterna.lab;

import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.ControllerApi;
import io.sterna.lab.process.LabFiles;
import io.sterna.lab.process.LabProcess;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A lab of this machine: sites, VMs and the processes of a whole Sterna.
 *
 * <p>It stands or it does not: a start that fails removes everything again. What stands is written
 * down, so that any later command can move VMs, ask, or take it down.
 */
public final class Lab {
  /** Longer than a failover takes. */
  private static final Duration BOUND_WITHIN = Duration.ofSeconds(20);

  private final LabSettings settings;
  private final SiteNetwork network;
  private final Extension extension;

  /** What a lab has beyond the usual. */
  public interface Extension {
    /** The usual and nothing else. */
    Extension NONE =
        new Extension() {
          @Override
          public String ofControllers() {
            return "";
          }

          @Override
          public String ofElement(Site site) {
            return "";
          }
        };

    /** Lines for the configuration of each controller. */
    String ofControllers();

    /** Lines for the configuration of a site's forwarding element. */
    String ofElement(Site site);
  }

  /** The lab with these settings on this network, standing or not. */
  public Lab(LabSettings settings, SiteNetwork network) {
    this(settings, network, Extension.NONE);
  }

  /** The same with more in its configuration. */
  public Lab(LabSettings settings, SiteNetwork network, Extension extension) {
    this.settings = settings;
    this.network = network;
    this.extension = extension;
  }

  /** The lab with these settings in network namespaces, standing or not. */
  public static Lab inNamespaces(LabSettings settings) {
    return new Lab(settings, new KernelNetwork(LabPlan.standard(settings.prefix())));
  }

  /** What stands in it. */
  public LabPlan plan() {
    return network.plan();
  }

  /** The network it stands on. */
  public SiteNetwork network() {
    return network;
  }

  /**
   * How a lab is doing.
   *
   * @param standing whether anything of it runs
   * @param processes what was started for it
   * @param api where its controllers answer
   * @param vmSites the site of each VM that is plugged in
   */
  public record Status(
      boolean standing, List<LabProcess> processes, List<String> api, Map<String, String> vmSites) {
    public Status {
      processes = List.copyOf(processes);
      api = List.copyOf(api);
    }
  }

  /**
   * Builds the lab and returns when every VM is bound and every forwarding element in sync.
   *
   * @param life whether its processes end with this one
   * @throws LabException if it stands already, something it needs is missing, or it fails: then
   *     nothing of it is left
   */
  public ControlPlane up(LabProcesses.Life life, Progress progress) throws LabException {
    UnwindOnExit unwind = UnwindOnExit.ofThisThread();
    try (LabLock lock = LabLock.take(settings.stateDirectory())) {
      lock.require();
      clearDead(progress);
      LabProcesses processes = new LabProcesses(settings, life, this::writeState);
      boolean complete = false;
      try {
        ControlPlane controlPlane = build(processes, progress);
        complete = true;
        return controlPlane;
      } finally {
        if (!complete) {
          // The logs stay: they say why.
          UnwindOnExit.uninterrupted(() -> tearDown(processes));
        }
      }
    } finally {
      unwind.close();
    }
  }

  private ControlPlane build(LabProcesses processes, Progress progress) throws LabException {
    progress.say("Sites: three, with a core router, a client outside and four VMs");
    settings.ports().check();
    writeState(List.of());
    network.up();
    ControlPlane controlPlane = new ControlPlane(settings, plan(), processes, progress);
    controlPlane.files().write();
    extend(controlPlane.files());
    controlPlane.startStore();
    controlPlane.startControllers();
    network.startAgents(controlPlane);
    controlPlane.awaitInSync();
    Map<IpAddress, FeId> expected = new LinkedHashMap<>();
    for (Vm vm : plan().vms()) {
      network.announce(vm);
      vm.addresses().forEach(address -> expected.put(address, vm.home().fe()));
    }
    controlPlane.awaitBindings(expected);
    return controlPlane;
  }

  private void extend(LabFiles files) throws LabException {
    try {
      for (ControllerId controller : files.controllers()) {
        append(files.configOf(controller), extension.ofControllers());
      }
      for (Site site : plan().sites()) {
        append(files.configOf(site), extension.ofElement(site));
      }
    } catch (IOException e) {
      throw new LabException("cannot write the files of the lab: " + FileReason.why(e), e);
    }
  }

  private static void append(Path file, String lines) throws IOException {
    Files.writeString(file, lines, StandardOpenOption.APPEND);
  }

  /** Removes a lab whose processes are all gone; refuses if one runs. */
  private void clearDead(Progress progress) throws LabException {
    Optional<LabState> state = readState();
    if (state.isEmpty()) {
      return;
    }
    if (state.get().isAlive()) {
      throw new LabException(
          "a lab stands already (API "
              + String.join(" ", state.get().api())
              + "); 'sterna lab down' removes it");
    }
    progress.say("A dead lab is removed first");
    tearDown(processes(state));
  }

  /**
   * Takes the lab down: its processes, namespaces and files, and nothing else. Does nothing if no
   * lab stands.
   *
   * @throws LabException if something could not be removed
   */
  public void down(Progress progress) throws LabException {
    stop(progress);
    try {
      new LabFiles(settings, plan()).remove();
    } catch (IOException e) {
      throw new LabException("cannot remove the files of the lab: " + FileReason.why(e), e);
    }
  }

  /**
   * Takes the lab down but leaves its files, so that the logs can be read.
   *
   * @return the folder of the logs
   * @throws LabException if something could not be removed
   */
  public Path stop(Progress progress) throws LabException {
    try (LabLock lock = LabLock.take(settings.stateDirectory())) {
      lock.require();
      LabProcesses known = processes(readState());
      progress.say(known.all().isEmpty() ? "No lab stands" : "The lab is taken down");
      UnwindOnExit.uninterrupted(() -> tearDown(known));
    }
    return new LabFiles(settings, plan()).logFolder();
  }

  private LabProcesses processes(Optional<LabState> state) {
    return LabProcesses.known(settings, state.map(LabState::processes).orElse(List.of()));
  }

  private void tearDown(LabProcesses processes) throws LabException {
    network.close();
    processes.stopAll();
    network.down();
    try {
      LabState.remove(settings.stateDirectory());
    } catch (IOException e) {
      throw new LabException("cannot remove the files of the lab: " + FileReason.why(e), e);
    }
  }

  /**
   * Moves a VM to a site; it announces itself there. Returns when it is bound there.
   *
   * @throws LabException if the lab does not stand, the VM or site is unknown, it is there already,
   *     or nobody binds it there in time
   */
  public MoveStamps move(String vmName, String siteName, Progress progress) throws LabException {
    Vm vm = plan().vm(vmName);
    Site to = plan().site(siteName);
    try (LabLock lock = LabLock.take(settings.stateDirectory())) {
      lock.require();
      if (readState().isEmpty()) {
        throw new LabException("no lab stands; 'sterna lab up' builds one");
      }
      if (network.siteOf(vm).equals(to)) {
        throw new LabException(vmName + " is at " + siteName + " already");
      }
      MoveStamps stamps = network.move(vm, to);
      ControllerApi api = new ControllerApi(settings.ports());
      new Waiting(progress)
          .until(() -> unbound(vm, to, api), BOUND_WITHIN, () -> "; see 'sterna lab status'");
      return stamps;
    }
  }

  private static String unbound(Vm vm, Site to, ControllerApi api) {
    Optional<Map<IpAddress, ControllerApi.Attachment>> bindings = api.bindings();
    if (bindings.isEmpty()) {
      return "controllers to say where VMs are; a range may have no owner for the moment";
    }
    for (IpAddress address : vm.addresses()) {
      ControllerApi.Attachment bound = bindings.get().get(address);
      if (bound == null || !bound.fe().equals(to.fe())) {
        return vm.name()
            + " ("
            + address
            + "), which is plugged in there, to be bound to "
            + to.fe();
      }
    }
    return "";
  }

  /** How the lab is doing; never fails for a lab that does not stand. */
  public Status status() throws LabException {
    Optional<LabState> state = readState();
    Map<String, String> vmSites = new LinkedHashMap<>();
    if (state.isPresent()) {
      for (Vm vm : plan().vms()) {
        vmSites.put(vm.name(), siteName(vm));
      }
    }
    return new Status(
        state.map(LabState::isAlive).orElse(false),
        state.map(LabState::processes).orElse(List.of()),
        state.map(LabState::api).orElse(List.of()),
        vmSites);
  }

  private String siteName(Vm vm) {
    try {
      return network.siteOf(vm).id().value();
    } catch (LabException e) {
      return "nowhere";
    }
  }

  private Optional<LabState> readState() throws LabException {
    try {
      return LabState.read(settings.stateDirectory());
    } catch (IOException e) {
      throw new LabException(
          "cannot read " + settings.stateDirectory() + ": " + FileReason.why(e), e);
    }
  }

  /** Writes down what was started. While it is being built, the lock shows that it is alive. */
  private void writeState(List<LabProcess> processes) throws LabException {
    try {
      new LabState(settings.prefix(), new ControllerApi(settings.ports()).addresses(), processes)
          .write(settings.stateDirectory());
    } catch (IOException e) {
      throw new LabException(
          "cannot write " + settings.stateDirectory() + ": " + FileReason.why(e), e);
    }
  }
}
