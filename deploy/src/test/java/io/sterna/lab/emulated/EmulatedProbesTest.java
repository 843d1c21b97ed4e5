package io.sterna.lab.emulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.lab.probe.FlowLog;
import io.sterna.lab.probe.LossAccount;
import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class EmulatedProbesTest {
  private final LabPlan plan = LabPlan.standard("test");
  private final EmulatedNetwork network = new EmulatedNetwork(plan);

  @Test
  void lossOfAMoveIsSeenAndStreamsCatchUp() throws Exception {
    Vm vm = plan.vm("vm11");
    plan.vms().forEach(each -> bind(each, each.home()));
    try (ProbeSession probes = network.probe(vm, plan.vm("vm31"))) {
      await(() -> probes.flows().stream().allMatch(flow -> flow.answeredCount() > 20));
      assertEquals(4, probes.flows().size());
      long unplugged = System.nanoTime();
      network.sites().element(vm.home()).bridge().unplug(vm);
      List<Long> starts = probes.flows().stream().map(FlowLog::sentCount).toList();
      for (int i = 0; i < starts.size(); i++) {
        FlowLog flow = probes.flows().get(i);
        long enough = starts.get(i) + 10;
        await(() -> flow.sentCount() >= enough);
      }
      network.sites().element(plan.site("site2")).bridge().plug(vm);
      MoveStamps stamps = new MoveStamps(unplugged, System.nanoTime(), System.nanoTime());
      bind(vm, plan.site("site2"));
      List<Long> goals = probes.flows().stream().map(flow -> flow.sentCount() + 20).toList();
      for (int i = 0; i < goals.size(); i++) {
        FlowLog flow = probes.flows().get(i);
        long goal = goals.get(i);
        await(() -> flow.lastAnswered() > goal);
        LossAccount loss = LossAccount.ofMove(flow.fates(0, goal), stamps);
        assertTrue(loss.lostUnplugged() >= 9, flow.name() + ": " + loss);
      }
      await(
          () ->
              probes.streams().stream()
                  .allMatch(each -> each.intact() && each.answeredCount() > 20));
    }
  }

  private void bind(Vm vm, Site at) {
    for (Site site : plan.sites()) {
      NextHop next =
          site.equals(at) ? new NextHop.Local(vm.mac()) : new NextHop.Tunnel(at.underlay4());
      for (IpAddress address : vm.addresses()) {
        network
            .sites()
            .element(site)
            .table()
            .apply(List.of(new RouteChange.Put(new Route(address, next))));
      }
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, "nothing happens");
      LockSupport.parkNanos(1_000_000);
    }
  }
}
