package io.sterna.lab.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.kernel.RouteMonitor;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The namespaces themselves, with routes made by hand in place of the agents'. */
class NamespaceTopologyIT {
  private final LabPlan plan = LabPlan.standard(LabOfTests.PREFIX);
  private final NamespaceTopology topology = new NamespaceTopology(plan);
  private final IpTool ip = new IpTool();

  @BeforeEach
  @AfterEach
  void removeEverything() throws LabException {
    topology.down();
  }

  @Test
  void comesUpAndGoesDownAndIsGone() throws Exception {
    topology.up();
    assertEquals(plan.namespaces(), topology.standing());
    assertEquals(Optional.of(plan.site("site1")), topology.siteOf(plan.vm("vm11")));
    topology.down();
    assertEquals(List.of(), topology.standing());
    topology.down();
  }

  @Test
  void refusesToStandTwiceAndLeavesTheFirstAlone() throws Exception {
    topology.up();
    LabException refused = assertThrows(LabException.class, topology::up);
    assertTrue(refused.getMessage().contains("sterna lab down"), refused.getMessage());
    assertEquals(plan.namespaces(), topology.standing());
  }

  @Test
  void leavesNothingWhenItFailsHalfWay() throws Exception {
    // A plan whose second site has the address of the first: its batch fails.
    LabPlan broken = new LabPlan(LabOfTests.PREFIX, List.of(new Site(1), new Site(1)), List.of());
    NamespaceTopology halfMade = new NamespaceTopology(broken);
    LabException failed = assertThrows(LabException.class, halfMade::up);
    assertTrue(failed.getMessage().startsWith("'ip "), failed.getMessage());
    assertEquals(List.of(), halfMade.standing());
  }

  @Test
  void movedVmKeepsItsAddresses() throws Exception {
    topology.up();
    HandMadeForwarding forwarding = new HandMadeForwarding(plan);
    forwarding.prepare();
    for (Vm vm : plan.vms()) {
      forwarding.route(vm, vm.home());
    }
    Vm vm = plan.vm("vm11");
    assertReachable(forwarding, vm);
    Site here = vm.home();
    for (String name : List.of("site2", "site3", "site1")) {
      Site next = plan.site(name);
      MoveStamps stamps = new VmMover(plan).move(vm, here, next);
      forwarding.route(vm, next);
      assertEquals(Optional.of(next), topology.siteOf(vm));
      assertReachable(forwarding, vm);
      long unpluggedMs =
          TimeUnit.NANOSECONDS.toMillis(stamps.pluggedNanos() - stamps.unpluggedNanos());
      assertTrue(unpluggedMs < 1_000, "unplugged for " + unpluggedMs + " ms");
      here = next;
    }
  }

  private void assertReachable(HandMadeForwarding forwarding, Vm vm) throws LabException {
    for (IpAddress address : vm.addresses()) {
      assertTrue(forwarding.pings(plan.client(), address), "client to " + address);
      String other = plan.namespace(plan.vm("vm31"));
      assertTrue(forwarding.pings(other, address), "vm31 to " + address);
    }
  }

  @Test
  void announcesItselfByArpAndByNeighbourAdvertisement() throws Exception {
    topology.up();
    new HandMadeForwarding(plan).prepare();
    Vm vm = plan.vm("vm11");
    Site target = plan.site("site2");
    String there = plan.namespace(target);
    ip.batch(
        there,
        List.of(
            "neigh replace 10.10.1.11 lladdr 02:00:00:00:00:01 dev br0 nud stale",
            "neigh replace fd0a:10::111 lladdr 02:00:00:00:00:01 dev br0 nud stale"));
    new VmMover(plan).move(vm, vm.home(), target);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    String learnt = "";
    while (System.nanoTime() < deadline && learnt.split(vm.mac().toString(), -1).length < 3) {
      learnt = ip.run(List.of("ip", "-n", there, "neigh", "show", "dev", "br0"), "");
    }
    assertEquals(3, learnt.split(vm.mac().toString(), -1).length, learnt);
  }

  @Test
  void routeMonitorHearsHostRoutesOnly() throws Exception {
    topology.up();
    new HandMadeForwarding(plan).prepare();
    Set<IpAddress> heard = ConcurrentHashMap.newKeySet();
    String there = plan.namespace(plan.site("site1"));
    try (RouteMonitor monitor =
        RouteMonitor.open(NetworkNamespace.named(there), (address, nanos) -> heard.add(address))) {
      ip.batch(
          there,
          List.of(
              "route add 10.10.32.0/20 dev br0",
              "route add 10.10.9.9/32 dev br0",
              "route add fd0a:10::999/128 dev br0"));
      Set<IpAddress> expected =
          Set.of(IpAddress.parse("10.10.9.9"), IpAddress.parse("fd0a:10::999"));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (System.nanoTime() < deadline && !heard.containsAll(expected)) {
        LockSupport.parkNanos(1_000_000);
      }
      assertEquals(expected, heard);
      assertTrue(monitor.listening());
    }
  }
}
