package io.sterna.agent.hypervisor;

import io.sterna.agent.hypervisor.Hypervisor.RunningVm;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.VmUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the hypervisor what its VMs use. One question at a time: one that takes longer than the
 * interval is not asked again meanwhile. Thread-safe.
 */
public final class VmReports {
  private static final Logger LOG = LoggerFactory.getLogger(VmReports.class);
  private static final double KBPS_PER_MBPS = 1_000;

  private final Hypervisor hypervisor;
  private final Duration interval;
  private final Executor executor;
  private final Consumer<VmReport> reports;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile boolean failing;

  /**
   * Asks nothing yet.
   *
   * @param interval how often it will be asked
   * @param executor where the hypervisor is called; its threads may block
   * @param reports are told what it says, by any thread
   */
  public VmReports(
      Hypervisor hypervisor, Duration interval, Executor executor, Consumer<VmReport> reports) {
    this.hypervisor = hypervisor;
    this.interval = interval;
    this.executor = executor;
    this.reports = reports;
  }

  /** Asks, unless it is being asked. */
  public void ask() {
    if (asking.compareAndSet(false, true)) {
      executor.execute(this::perform);
    }
  }

  private void perform() {
    try {
      tell(hypervisor.report().vms());
      failing = false;
    } catch (HypervisorException e) {
      if (!failing) {
        LOG.warn("the hypervisor does not say what runs here: {}", e.getMessage());
      }
      failing = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      asking.set(false);
    }
  }

  private void tell(List<RunningVm> running) {
    List<VmUse> vms = new ArrayList<>();
    running.forEach(each -> use(each).ifPresent(vms::add));
    for (int from = 0; from < vms.size(); from += VmReport.VMS_MAX) {
      int to = Math.min(vms.size(), from + VmReport.VMS_MAX);
      reports.accept(new VmReport(interval.toMillis(), vms.subList(from, to)));
    }
  }

  /** Nothing of a VM without memory: a hypervisor may say anything. */
  private static Optional<VmUse> use(RunningVm vm) {
    if (vm.memoryMib() < 1 || vm.memoryMib() > VmUse.MEMORY_MIB_MAX) {
      return Optional.empty();
    }
    double kbps = vm.dirtyMbps() * KBPS_PER_MBPS;
    boolean isKnown = kbps >= 0 && kbps <= VmUse.DIRTY_KBPS_MAX;
    return Optional.of(new VmUse(vm.address(), vm.memoryMib(), isKnown ? Math.round(kbps) : 0));
  }
}
