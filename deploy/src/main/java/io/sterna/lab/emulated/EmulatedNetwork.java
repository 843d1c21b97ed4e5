package io.sterna.lab.emulated;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sterna.agent.AgentSettings;
import io.sterna.agent.ForwardingElementAgent;
import io.sterna.lab.LabException;
import io.sterna.lab.SiteNetwork;
import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.probe.RouteWatch;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.tls.TlsFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sites without a kernel: the agents are real and run in this process, over tables and segments in
 * memory. For machines without root or network namespaces.
 */
public final class EmulatedNetwork implements SiteNetwork {
  /** About what a kernel takes to move a port. */
  private static final long UNPLUGGED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int WIRE_FRAMES_MAX = 1_000;

  private static final ThreadFactory DAEMON =
      work -> {
        Thread thread = new Thread(work, "emulated-wire");
        thread.setDaemon(true);
        return thread;
      };

  private final LabPlan plan;
  private final RouteWatch watch;
  private final Executor wire;
  private final EmulatedSites sites;
  private final List<ForwardingElementAgent> agents = new ArrayList<>();

  /** The sites of this plan, with every VM at home. */
  public EmulatedNetwork(LabPlan plan) {
    this.plan = plan;
    this.watch = new RouteWatch(plan.sites().stream().map(Site::fe).toList());
    // One thread, so that frames keep their order; it ends when the wire is idle.
    this.wire =
        new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WIRE_FRAMES_MAX), DAEMON);
    this.sites =
        new EmulatedSites(
            plan, wire, (site, address) -> watch.installed(site.fe(), address, System.nanoTime()));
  }

  EmulatedSites sites() {
    return sites;
  }

  @Override
  public String dataPlane() {
    return "emulated";
  }

  @Override
  public LabPlan plan() {
    return plan;
  }

  @Override
  public void up() {}

  @Override
  public void startAgents(ControlPlane controlPlane) throws LabException {
    AgentLog.to(controlPlane.files().log("agents"));
    for (Site site : plan.sites()) {
      Path file = controlPlane.files().configOf(site);
      try {
        AgentSettings settings =
            AgentSettings.from(
                ConfigFactory.parseFile(file.toFile()).resolve(),
                Objects.requireNonNull(file.getParent()));
        EmulatedSites.Element element = sites.element(site);
        agents.add(ForwardingElementAgent.start(settings, element.table(), element.bridge()));
      } catch (ConfigException | TlsFileException e) {
        throw new LabException("cannot start " + site.fe() + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public RouteWatch routes() {
    return watch;
  }

  @Override
  public Site siteOf(Vm vm) throws LabException {
    return sites
        .siteOf(vm)
        .orElseThrow(() -> new LabException(vm.name() + " is plugged in nowhere"));
  }

  @Override
  public void announce(Vm vm) throws LabException {
    sites.element(siteOf(vm)).bridge().announce(vm);
  }

  @Override
  public MoveStamps move(Vm vm, Site to) throws LabException {
    EmulatedBridge from = sites.element(siteOf(vm)).bridge();
    EmulatedBridge target = sites.element(to).bridge();
    long unpluggedNanos = System.nanoTime();
    from.unplug(vm);
    long untilNanos = unpluggedNanos + UNPLUGGED_NANOS;
    while (System.nanoTime() - untilNanos < 0) {
      LockSupport.parkNanos(untilNanos - System.nanoTime());
    }
    target.plug(vm);
    long pluggedNanos = System.nanoTime();
    target.announce(vm);
    return new MoveStamps(unpluggedNanos, pluggedNanos, pluggedNanos);
  }

  @Override
  public ProbeSession probe(Vm target, Vm peer) {
    return EmulatedProbes.start(sites, plan.sites().get(0), target, peer);
  }

  /** Nothing is watched from outside. */
  @Override
  public void close() {}

  /** Ends the agents, which live in this process. */
  @Override
  public void down() {
    agents.forEach(ForwardingElementAgent::close);
    agents.clear();
  }
}
