package io.sterna.agent.linux;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinuxForwardingTableIT {
  private static final IpAddress V4 = IpAddress.parse("10.10.1.11");
  private static final IpAddress V6 = IpAddress.parse("fd0a:10::11");
  private static final NextHop LOCAL = new NextHop.Local(MacAddress.parse("02:aa:00:00:00:11"));
  private static final NextHop SITE2 = new NextHop.Tunnel(IpAddress.parse("172.16.2.1"));
  private static final NextHop SITE3 = new NextHop.Tunnel(IpAddress.parse("172.16.3.1"));
  private static final NextHop SITE2_V6 = new NextHop.Tunnel(IpAddress.parse("fd00:16:2::1"));

  private final TestNamespaces namespaces = new TestNamespaces();
  private String fe = "";
  private LinuxDataPlaneSettings settings = settings("");
  private ForwardingTable table = new Unopened();

  @BeforeEach
  void open() throws IOException {
    fe = namespaces.addForwardingElement("table");
    settings = settings(fe);
    DeviceSetup.prepare(settings);
    table = LinuxForwardingTable.open(settings, new Parking());
  }

  @AfterEach
  void close() throws IOException {
    table.close();
    namespaces.close();
  }

  @Test
  void putsReplacesAndRemovesRoutesOfBothFamilies() throws IOException {
    assertEquals(List.of(), table.dump());
    for (NextHop nextHop : List.of(LOCAL, SITE2, SITE3, SITE2_V6, LOCAL)) {
      assertEquals(Outcome.COMPLETE, table.apply(List.of(put(V4, nextHop), put(V6, nextHop))));
      if (nextHop.equals(SITE2)) {
        table.release(List.of(V4, V6));
      }
      assertEquals(
          Set.of(new Route(V4, nextHop), new Route(V6, nextHop)), new HashSet<>(table.dump()));
    }
    List<RouteChange> removals = List.of(new RouteChange.Remove(V4), new RouteChange.Remove(V6));
    assertEquals(Outcome.COMPLETE, table.apply(removals));
    assertEquals(List.of(), table.dump());
    assertEquals(Outcome.COMPLETE, table.apply(removals), "removing nothing is no error");
    assertEquals("", namespaces.ip("-n " + fe + " route show table 15700"));
    assertEquals("", namespaces.ip("-n " + fe + " neigh show dev br0"));
  }

  @Test
  void setsUpTheSameDevicesTwice() throws IOException {
    table.apply(List.of(put(V4, SITE2), put(V6, LOCAL)));
    DeviceSetup.prepare(settings);
    assertEquals(2, table.dump().size());
    String links = namespaces.ip("-n " + fe + " -d link show ov0");
    assertTrue(links.contains("gpe") && links.contains("mtu 1464"), links);
    assertEquals(
        1, namespaces.ip("-n " + fe + " rule show").lines().filter(l -> l.contains("rq1")).count());
    assertTrue(namespaces.ip("-n " + fe + " address show br0").contains("10.10.0.1/16"));
  }

  @Test
  void refusesANamespaceWithoutTheBridge() throws IOException {
    LinuxDataPlaneSettings other = settings(namespaces.add("bare"));
    IOException refusal = assertThrows(IOException.class, () -> DeviceSetup.prepare(other));
    assertEquals(
        "there is no bridge br0 in network namespace snl-bare; make it and attach the VMs to it",
        refusal.getMessage());
  }

  @Test
  void refusesAForeignDeviceOfTheTunnelsName() throws IOException {
    String other = namespaces.addForwardingElement("foreign");
    namespaces.ip("-n " + other + " link add ov0 type vxlan external dstport 4790");
    IOException refusal =
        assertThrows(IOException.class, () -> DeviceSetup.prepare(settings(other)));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("vxlan external gpe dstport 4790"),
        refusal.getMessage());
  }

  @Test
  void leavesForeignRoutesAlone() throws IOException {
    namespaces.ip("-n " + fe + " route add 10.10.1.11/32 dev br0");
    namespaces.ip("-n " + fe + " -6 route add fd0a:10::11/128 dev br0");
    namespaces.ip("-n " + fe + " route add 10.99.0.0/16 dev br0 proto 157");
    String before = foreignRoutes();
    table.apply(List.of(put(V4, SITE2), put(V6, SITE2)));
    assertEquals(Set.of(new Route(V4, SITE2), new Route(V6, SITE2)), new HashSet<>(table.dump()));
    table.apply(List.of(put(V4, LOCAL), put(V6, LOCAL)));
    table.apply(List.of(new RouteChange.Remove(V4), new RouteChange.Remove(V6)));
    assertEquals(before, foreignRoutes());
    assertEquals(
        Outcome.COMPLETE, table.apply(List.of(new RouteChange.Remove(V4))), "only theirs is left");
    assertEquals(before, foreignRoutes());
  }

  @Test
  void findsItsRoutesAndNextHopsAgain() throws IOException {
    table.apply(List.of(put(V4, SITE2), put(V6, LOCAL)));
    table.close();
    table = LinuxForwardingTable.open(settings, new Parking());
    assertEquals(Set.of(new Route(V4, SITE2), new Route(V6, LOCAL)), new HashSet<>(table.dump()));
    table.apply(List.of(put(V6, SITE2)));
    table.release(List.of(V6));
    assertEquals(1, nextHops(), "the object of the earlier run is used again");
    assertEquals(
        "", namespaces.ip("-n " + fe + " -6 route show table 15700"), "parking knew it was local");
  }

  @Test
  void aTunnelWhoseReleaseWasForgottenEqualsNoDesiredRoute() throws IOException {
    table.apply(List.of(put(V4, LOCAL)));
    table.apply(List.of(put(V4, SITE2)));
    table.close();
    table = LinuxForwardingTable.open(settings, new Parking());
    assertEquals(List.of(new Route(V4, InstalledRoutes.BROKEN)), table.dump());
    table.apply(List.of(put(V4, SITE2)));
    table.release(List.of(V4));
    assertEquals(List.of(new Route(V4, SITE2)), table.dump());
  }

  @Test
  void aStagedVmIsReachedFromTheTunnelOnlyUntilItsRouteIsPut() throws IOException {
    table.apply(List.of(put(V4, SITE2), put(V6, SITE2)));
    table.apply(List.of(stage(V4), stage(V6)));
    assertTrue(lookup(V4, "iif ov0").contains("dev br0"), lookup(V4, "iif ov0"));
    assertTrue(lookup(V6, "iif ov0").contains("dev br0"), lookup(V6, "iif ov0"));
    assertTrue(lookup(V4, "iif br0").contains("dev ov0"), lookup(V4, "iif br0"));
    assertTrue(
        namespaces.ip("-n " + fe + " neigh show dev br0").contains("10.10.1.11 lladdr 02:aa"));
    table.apply(List.of(put(V4, LOCAL), put(V6, SITE3)));
    assertEquals("", staged());
    assertEquals(Set.of(new Route(V4, LOCAL), new Route(V6, SITE3)), new HashSet<>(table.dump()));
  }

  @Test
  void whatIsStagedEndsWithItsClaimOrItsAgent() throws IOException {
    table.apply(List.of(put(V4, SITE2), stage(V6)));
    table.apply(List.of(stage(V4), new RouteChange.Unstage(V6)));
    assertTrue(staged().contains("10.10.1.11") && !staged().contains("fd0a"), staged());
    assertEquals("", namespaces.ip("-n " + fe + " -6 neigh show dev br0"));
    DeviceSetup.prepare(settings);
    assertEquals("", staged());
  }

  @Test
  void aVmThatIsBoundHereIsNotStaged() throws IOException {
    table.apply(List.of(put(V4, LOCAL)));
    MacAddress other = MacAddress.parse("02:aa:00:00:00:99");
    table.apply(List.of(new RouteChange.Stage(V4, other)));
    assertEquals(List.of(new Route(V4, LOCAL)), table.dump());
    assertEquals("", staged());
  }

  @Test
  void deletesNextHopsThatNobodyUses() throws IOException {
    table.apply(List.of(put(V4, SITE2), put(V6, SITE3)));
    namespaces.ip("-n " + fe + " route add 192.0.2.1/32 nhid " + (TunnelNextHops.FIRST_ID + 1));
    table.apply(List.of(put(V4, LOCAL), put(V6, LOCAL)));
    table.dump();
    assertEquals(1, nextHops(), "the one that a foreign route uses stays");
    assertTrue(namespaces.ip("-n " + fe + " route show 192.0.2.1").contains("nhid"));
    table.apply(List.of(put(V4, SITE2)));
    table.release(List.of(V4));
    assertEquals(Set.of(new Route(V4, SITE2), new Route(V6, LOCAL)), new HashSet<>(table.dump()));
  }

  @Test
  void oneRefusedChangeStopsNoOther() throws IOException {
    IpAddress other = IpAddress.parse("10.10.1.12");
    table.apply(List.of(put(V4, SITE2), put(V6, SITE3)));
    namespaces.ip("-n " + fe + " nexthop del id " + (TunnelNextHops.FIRST_ID + 1));
    List<RouteChange> changes = List.of(put(V4, LOCAL), put(V6, SITE3), put(other, SITE2));
    Outcome outcome = table.apply(changes);
    assertEquals(
        List.of(new Outcome.Failure(V6, "Nexthop id does not exist (EINVAL: invalid)")),
        outcome.failures());
    assertEquals(
        Set.of(new Route(V4, LOCAL), new Route(other, SITE2)), new HashSet<>(table.dump()));
  }

  @Test
  void writesANextHopAgainThatWasTakenAway() throws IOException {
    table.apply(List.of(put(V4, SITE2)));
    namespaces.ip("-n " + fe + " nexthop flush");
    Outcome outcome = table.apply(List.of(put(V4, SITE2)));
    assertEquals(1, outcome.failures().size());
    assertTrue(outcome.failures().get(0).reason().contains("Nexthop id does not exist"));
    assertEquals(Outcome.COMPLETE, table.apply(List.of(put(V4, SITE2))));
    assertEquals(List.of(new Route(V4, SITE2)), table.dump());
  }

  @Test
  void aLocalRouteThatIsNotWholeEqualsNoDesiredOne() throws IOException {
    table.apply(List.of(put(V4, LOCAL), put(V6, LOCAL)));
    namespaces.ip("-n " + fe + " neigh del 10.10.1.11 dev br0");
    namespaces.ip("-n " + fe + " -6 route flush table 15700");
    assertEquals(
        Set.of(new Route(V4, InstalledRoutes.BROKEN), new Route(V6, InstalledRoutes.BROKEN)),
        new HashSet<>(table.dump()));
    table.apply(List.of(put(V4, LOCAL), put(V6, LOCAL)));
    assertEquals(Set.of(new Route(V4, LOCAL), new Route(V6, LOCAL)), new HashSet<>(table.dump()));
  }

  @Test
  void shrinksTheOverlayForIpv6Endpoints() throws IOException {
    table.apply(List.of(put(V4, SITE2_V6)));
    assertTrue(namespaces.ip("-n " + fe + " link show ov0").contains("mtu 1444"));
  }

  @Test
  void writesAHundredThousandRoutes() throws IOException {
    int routes = 100_000;
    NextHop[] sites = {SITE2, SITE3};
    double[] perSecond = new double[4];
    for (int round = 0; round < perSecond.length; round++) {
      long began = System.nanoTime();
      for (int from = 0; from < routes; from += ForwardingTable.MAX_BATCH) {
        List<RouteChange> batch = new ArrayList<>(ForwardingTable.MAX_BATCH);
        for (int i = from; i < from + ForwardingTable.MAX_BATCH; i++) {
          batch.add(put(IpAddress.ofV4(0x0a80_0000 + i), sites[round % 2]));
        }
        assertEquals(Outcome.COMPLETE, table.apply(batch));
      }
      perSecond[round] = routes * 1e9 / (System.nanoTime() - began);
    }
    double[] dumpMs = new double[2];
    for (int round = 0; round < dumpMs.length; round++) {
      long began = System.nanoTime();
      assertEquals(routes, table.dump().size());
      dumpMs[round] = (System.nanoTime() - began) / 1e6;
    }
    System.out.printf(
        "100k routes: put %.0f/s, then replaced %.0f/s %.0f/s %.0f/s; dumped in %.0f and %.0f ms%n",
        perSecond[0], perSecond[1], perSecond[2], perSecond[3], dumpMs[0], dumpMs[1]);
    assertTrue(perSecond[3] > 20_000, "far below what this kernel does: " + perSecond[3]);
  }

  static LinuxDataPlaneSettings settings(String namespace) {
    return new LinuxDataPlaneSettings(
        namespace,
        "br0",
        MacAddress.parse("02:00:5e:00:00:01"),
        List.of(LinuxDataPlaneSettings.GatewayAddress.parse("10.10.0.1/16")),
        "ov0",
        4790,
        100,
        LinuxDataPlaneSettings.DEFAULT_ROUTE_PROTOCOL);
  }

  static RouteChange put(IpAddress address, NextHop nextHop) {
    return new RouteChange.Put(new Route(address, nextHop));
  }

  private static RouteChange stage(IpAddress address) {
    return new RouteChange.Stage(address, ((NextHop.Local) LOCAL).mac());
  }

  private String lookup(IpAddress address, String from) throws IOException {
    String source = address.isV4() ? " from 192.0.2.9 " : " from fd09::9 ";
    return namespaces.ip("-n " + fe + " route get " + address + source + from);
  }

  private String staged() throws IOException {
    String all =
        namespaces.ip("-n " + fe + " route show table all")
            + namespaces.ip("-n " + fe + " -6 route show table all");
    return all.lines().filter(line -> line.contains("table 15701")).collect(joining("\n"));
  }

  private long nextHops() throws IOException {
    return namespaces.ip("-n " + fe + " nexthop show proto 157").lines().count();
  }

  private String foreignRoutes() throws IOException {
    return namespaces.ip("-n " + fe + " route show 10.10.1.11")
        + namespaces.ip("-n " + fe + " -6 route show fd0a:10::11")
        + namespaces.ip("-n " + fe + " route show 10.99.0.0/16");
  }

  /** Stands for a table before {@link #open()}. */
  private static final class Unopened implements ForwardingTable {
    @Override
    public List<Route> dump() {
      throw new IllegalStateException();
    }

    @Override
    public Outcome apply(List<RouteChange> changes) {
      throw new IllegalStateException();
    }

    @Override
    public void release(List<IpAddress> departed) {
      throw new IllegalStateException();
    }

    @Override
    public void close() {}
  }
}
