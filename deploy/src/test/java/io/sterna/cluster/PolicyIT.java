package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.lab.LabException;
import io.sterna.lab.emulated.SegmentsOfTests;
import io.sterna.lab.emulated.TablesOfTests;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damping, known VMs and silence from the VM's word to the routes of all, with a real controller
 * and real agents. Each test has VMs of its own.
 */
@ExtendWith(SharedStore.Resolver.class)
class PolicyIT {

  /** Addresses as the lab's plan has them. vm31 may be at home only. */
  private static final String CONTROLLER =
      """
      sterna.controller.policy {
        damping { moves-max = 3, window = 120s, hold = 120s }
        silence { release-after = 3s, report-gap-max = 30s }
        known-vms = [%s]
      }
      """;

  private static final String ELEMENTS =
      """
      sterna.fe.silence { after = 2s, probe-interval = 200ms, probes = 2, repeat-interval = 1s }
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ClusterInOneJvm cluster;

  @BeforeAll
  static void start(SharedStore store) throws Exception {
    cluster = ClusterInOneJvm.ofOne(folder, store, CONTROLLER.formatted(knownVms()), ELEMENTS);
    cluster.start();
  }

  @BeforeEach
  void awaitInSync() throws LabException {
    cluster.await(cluster.ranges(), () -> node().ranges().keySet());
    cluster.awaitInSync(node());
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  private static String knownVms() {
    StringBuilder list = new StringBuilder();
    for (String number : new String[] {"11", "21", "31"}) {
      int site = number.charAt(0) - '0';
      String sites = number.equals("31") ? "sites = [site3]" : "";
      list.append("{ address = \"10.10.%d.%s\", %s }, ".formatted(site, number, sites));
    }
    return list.toString();
  }

  @Test
  void whoMovesTooOftenStaysUntilAnOperatorLetsItMove() throws Exception {
    Vm vm = cluster.plan().vm("vm21");
    IpAddress address = vm.address4();
    Site home = cluster.plan().site("site2");
    Site other = cluster.plan().site("site1");
    cluster.network().announce(vm);
    awaitRoutes(address, vm, home, 1);
    for (int move = 1; move <= 3; move++) {
      Site to = move % 2 == 1 ? other : home;
      cluster.network().move(vm, to);
      awaitRoutes(address, vm, to, 1 + move);
    }

    cluster.network().move(vm, home);
    cluster.await("damped", () -> node().stateOf(address));
    assertEquals(new Attachment(other.fe(), 4), node().bindings().get(address));

    assertEquals(200, node().clearDamping(address));
    // Its element asks it and claims again, until it may.
    awaitRoutes(address, vm, home, 5);
    assertEquals(404, node().clearDamping(address));
    cluster.await("active", () -> node().stateOf(address));
  }

  @Test
  void whoIsUnknownOrNotAllowedThereIsNotBound() throws Exception {
    Vm vm = cluster.plan().vm("vm31");
    IpAddress address = vm.address4();
    Site home = cluster.plan().site("site3");
    cluster.network().announce(vm);
    awaitRoutes(address, vm, home, 1);
    cluster.network().move(vm, cluster.plan().site("site1"));
    // The element has another VM to claim in the same range afterwards: by then they were
    // refused.
    Vm later = cluster.plan().vm("vm11");
    cluster.network().announce(later);
    awaitRoutes(later.address4(), later, cluster.plan().site("site1"), 1);
    assertEquals(new Attachment(home.fe(), 1), node().bindings().get(address));
    assertFalse(node().bindings().containsKey(vm.address6()), "it is not in the list");
    cluster.network().move(vm, home);

    SegmentsOfTests.silence(cluster.network(), home, vm);
    cluster.await("inactive", () -> node().stateOf(address));
    cluster.await("", () -> node().stateOf(address));
    for (Site site : cluster.plan().sites()) {
      cluster.await(
          Optional.empty(), () -> TablesOfTests.nextHop(cluster.network(), site, address));
    }

    SegmentsOfTests.wake(cluster.network(), home, vm);
    awaitRoutes(address, vm, home, 3);
    cluster.await("active", () -> node().stateOf(address));
  }

  private static ClusterNode node() {
    return cluster.running().get(0);
  }

  private void awaitRoutes(IpAddress address, Vm vm, Site there, long version) throws LabException {
    cluster.await(new Attachment(there.fe(), version), () -> node().bindings().get(address));
    for (Site site : cluster.plan().sites()) {
      NextHop route =
          site.equals(there) ? new NextHop.Local(vm.mac()) : new NextHop.Tunnel(there.underlay4());
      cluster.await(
          Optional.of(route), () -> TablesOfTests.nextHop(cluster.network(), site, address));
    }
  }
}
