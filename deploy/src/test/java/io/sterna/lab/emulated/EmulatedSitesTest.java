package io.sterna.lab.emulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmulatedSitesTest {
  private final LabPlan plan = LabPlan.standard("test");
  private final EmulatedNetwork network = new EmulatedNetwork(plan);
  private final EmulatedSites sites = network.sites();
  private Vm vm;
  private Site one;
  private Site two;
  private Site three;

  @BeforeEach
  void find() throws Exception {
    vm = plan.vm("vm11");
    one = plan.site("site1");
    two = plan.site("site2");
    three = plan.site("site3");
  }

  @Test
  void packetFollowsInstalledRoutesToTheVm() {
    assertFalse(sites.delivers(one, vm.address4()), "nobody has a route");
    put(one, new NextHop.Local(vm.mac()));
    put(three, new NextHop.Tunnel(one.underlay4()));
    assertTrue(sites.delivers(one, vm.address4()));
    assertTrue(sites.delivers(three, vm.address4()));
    assertFalse(sites.delivers(two, vm.address4()), "site 2 has no route");
  }

  @Test
  void staleRouteLosesThePacketAndARedirectSavesIt() throws Exception {
    put(one, new NextHop.Local(vm.mac()));
    put(three, new NextHop.Tunnel(one.underlay4()));
    network.move(vm, two);
    assertFalse(sites.delivers(three, vm.address4()));
    put(two, new NextHop.Local(vm.mac()));
    put(one, new NextHop.Tunnel(two.underlay4()));
    assertTrue(sites.delivers(three, vm.address4()), "by way of site 1");
  }

  @Test
  void packetInCirclesIsDropped() {
    put(one, new NextHop.Tunnel(two.underlay4()));
    put(two, new NextHop.Tunnel(one.underlay4()));
    assertFalse(sites.delivers(one, vm.address4()));
  }

  @Test
  void tunnelToNobodyIsDropped() {
    put(one, new NextHop.Tunnel(IpAddress.parse("192.0.2.1")));
    assertFalse(sites.delivers(one, vm.address4()));
  }

  @Test
  void wrongHardwareAddressIsDropped() throws Exception {
    put(one, new NextHop.Local(plan.vm("vm12").mac()));
    assertFalse(sites.delivers(one, vm.address4()));
  }

  @Test
  void movedVmIsHeardAtItsNewSiteOnly() throws Exception {
    BlockingQueue<Announcement> heard = new LinkedBlockingQueue<>();
    sites.element(two).bridge().listen(heard::add);
    sites
        .element(one)
        .bridge()
        .listen(announcement -> heard.add(new Announcement.OfMac(vm.mac(), Evidence.RARP)));
    MoveStamps stamps = network.move(vm, two);
    assertEquals(two, network.siteOf(vm));
    assertEquals(
        new Announcement.OfAddress(vm.address4(), vm.mac(), Evidence.GRATUITOUS_ARP),
        heard.poll(5, TimeUnit.SECONDS));
    assertEquals(
        new Announcement.OfAddress(vm.address6(), vm.mac(), Evidence.UNSOLICITED_NA),
        heard.poll(5, TimeUnit.SECONDS));
    assertTrue(stamps.pluggedNanos() - stamps.unpluggedNanos() > 0);
    sites.element(two).bridge().probe(vm.address4(), vm.mac());
    assertEquals(
        new Announcement.OfAddress(vm.address4(), vm.mac(), Evidence.PROBE_ANSWERED),
        heard.poll(5, TimeUnit.SECONDS));
    sites.element(one).bridge().probe(vm.address4(), vm.mac());
    assertTrue(heard.isEmpty());
  }

  @Test
  void removedRouteIsGoneAndInstallsAreWatched() throws Exception {
    put(one, new NextHop.Local(vm.mac()));
    assertEquals(
        List.of(new Route(vm.address4(), new NextHop.Local(vm.mac()))),
        sites.element(one).table().dump());
    put(two, new NextHop.Tunnel(one.underlay4()));
    assertTrue(network.routes().awaitAll(List.of(vm.address4()), System.nanoTime()).isEmpty());
    put(three, new NextHop.Tunnel(one.underlay4()));
    assertTrue(network.routes().awaitAll(List.of(vm.address4()), System.nanoTime()).isPresent());
    sites.element(one).table().apply(List.of(new RouteChange.Remove(vm.address4())));
    assertFalse(sites.delivers(one, vm.address4()));
  }

  private void put(Site site, NextHop next) {
    sites.element(site).table().apply(List.of(new RouteChange.Put(new Route(vm.address4(), next))));
  }
}
