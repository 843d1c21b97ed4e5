package io.sterna.lab.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.kernel.RouteMonitor;
import io.sterna.lab.probe.FlowLog;
import io.sterna.lab.probe.KernelProbes;
import io.sterna.lab.probe.LossAccount;
import io.sterna.lab.probe.ProbeStream;
import io.sterna.lab.probe.RouteWatch;
import io.sterna.linux.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real probes to a VM that moves, with routes made by hand in place of the agents'. */
class ProbesUnderMoveIT {
  private final LabPlan plan = LabPlan.standard(LabOfTests.PREFIX);
  private final NamespaceTopology topology = new NamespaceTopology(plan);
  private final HandMadeForwarding forwarding = new HandMadeForwarding(plan);
  private final List<RouteMonitor> monitors = new ArrayList<>();

  @BeforeEach
  void build() throws LabException {
    topology.down();
    topology.up();
    forwarding.prepare();
    for (Vm vm : plan.vms()) {
      forwarding.route(vm, vm.home());
    }
  }

  @AfterEach
  void removeEverything() throws LabException {
    monitors.forEach(RouteMonitor::close);
    topology.down();
  }

  @Test
  void countsWhatIsLostAndWhyAndConnectionsSurvive() throws Exception {
    Vm vm = plan.vm("vm11");
    RouteWatch watch = watchRoutes();
    forwarding.pings(plan.client(), vm.address6());
    try (KernelProbes probes = KernelProbes.start(plan, vm, plan.vm("vm31"))) {
      List<FlowLog> flows = probes.flows();
      await(() -> flows.stream().allMatch(flow -> flow.answeredCount() > 100));
      List<Long> starts = flows.stream().map(FlowLog::sentCount).toList();
      watch.restart();
      MoveStamps stamps = new VmMover(plan).move(vm, vm.home(), plan.site("site2"));
      forwarding.route(vm, plan.site("site2"));
      OptionalLong installed =
          watch.awaitAll(vm.addresses(), System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
      assertTrue(installed.orElseThrow() - stamps.announcedNanos() > 0);
      List<Long> ends = answeredAgain(flows);
      for (int i = 0; i < flows.size(); i++) {
        LossAccount loss =
            LossAccount.ofMove(flows.get(i).fates(starts.get(i), ends.get(i)), stamps);
        long unpluggedMs =
            TimeUnit.NANOSECONDS.toMillis(stamps.pluggedNanos() - stamps.unpluggedNanos());
        // Routes come late by hand, so the tables are stale for a while: that must be seen.
        assertTrue(loss.lostStale() > 0, loss.toString());
        assertTrue(loss.lostUnplugged() > unpluggedMs / 2, unpluggedMs + " ms, " + loss);
        assertTrue(loss.longestGap() >= unpluggedMs / 2, unpluggedMs + " ms, " + loss);
      }
      for (ProbeStream stream : probes.streams()) {
        long goal = stream.sentCount();
        await(() -> stream.answeredCount() >= goal || !stream.intact());
        assertEquals("", stream.brokenBecause(), stream.name());
      }
    }
  }

  private RouteWatch watchRoutes() throws Exception {
    RouteWatch watch = new RouteWatch(plan.sites().stream().map(Site::fe).toList());
    for (Site site : plan.sites()) {
      monitors.add(
          RouteMonitor.open(
              NetworkNamespace.named(plan.namespace(site)),
              (address, nanos) -> watch.installed(site.fe(), address, nanos)));
    }
    return watch;
  }

  private static List<Long> answeredAgain(List<FlowLog> flows) {
    List<Long> marks = flows.stream().map(FlowLog::answeredCount).toList();
    for (int i = 0; i < flows.size(); i++) {
      long goal = marks.get(i) + 100;
      FlowLog flow = flows.get(i);
      await(() -> flow.answeredCount() >= goal);
    }
    // The last ones may still be under way.
    return flows.stream().map(flow -> flow.sentCount() - 50).toList();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "nothing happens");
      LockSupport.parkNanos(1_000_000);
    }
  }
}
