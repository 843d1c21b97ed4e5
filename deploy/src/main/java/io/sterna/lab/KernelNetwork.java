package io.sterna.lab;

import io.sterna.lab.kernel.RouteMonitor;
import io.sterna.lab.probe.KernelProbes;
import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.probe.RouteWatch;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.NamespaceTopology;
import io.sterna.lab.topology.Prerequisites;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.lab.topology.VmMover;
import io.sterna.linux.NetworkNamespace;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sites as network namespaces of this kernel; their agents are processes. */
public final class KernelNetwork implements SiteNetwork {
  private final LabPlan plan;
  private final NamespaceTopology topology;
  private final VmMover mover;
  private final List<RouteMonitor> monitors = new ArrayList<>();
  private @Nullable RouteWatch watch;

  /** The sites of this plan, standing or not. */
  public KernelNetwork(LabPlan plan) {
    this.plan = plan;
    this.topology = new NamespaceTopology(plan);
    this.mover = new VmMover(plan);
  }

  @Override
  public String dataPlane() {
    return "kernel";
  }

  @Override
  public LabPlan plan() {
    return plan;
  }

  /** The namespaces that exist. */
  public List<String> standing() {
    return topology.standing();
  }

  @Override
  public void up() throws LabException {
    Prerequisites.check();
    topology.up();
  }

  @Override
  public void startAgents(ControlPlane controlPlane) throws LabException {
    controlPlane.startAgents();
  }

  @Override
  public RouteWatch routes() throws LabException {
    if (watch == null) {
      RouteWatch fresh = new RouteWatch(plan.sites().stream().map(Site::fe).toList());
      try {
        for (Site site : plan.sites()) {
          NetworkNamespace namespace = NetworkNamespace.named(plan.namespace(site));
          monitors.add(
              RouteMonitor.open(
                  namespace, (address, nanos) -> fresh.installed(site.fe(), address, nanos)));
        }
      } catch (IOException e) {
        throw new LabException("cannot watch routes: " + FileReason.why(e), e);
      }
      watch = fresh;
    }
    return watch;
  }

  @Override
  public Site siteOf(Vm vm) throws LabException {
    return topology
        .siteOf(vm)
        .orElseThrow(() -> new LabException(vm.name() + " is plugged in nowhere"));
  }

  @Override
  public void announce(Vm vm) throws LabException {
    mover.announce(vm);
  }

  @Override
  public MoveStamps move(Vm vm, Site to) throws LabException {
    return mover.move(vm, siteOf(vm), to);
  }

  @Override
  public ProbeSession probe(Vm target, Vm peer) throws LabException {
    try {
      return KernelProbes.start(plan, target, peer);
    } catch (IOException e) {
      throw new LabException("cannot probe " + target.name() + ": " + FileReason.why(e), e);
    }
  }

  @Override
  public void close() {
    monitors.forEach(RouteMonitor::close);
    monitors.clear();
    watch = null;
  }

  @Override
  public void down() throws LabException {
    close();
    topology.down();
  }
}
