package io.sterna.controller.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.traffic.KnownUse;
import io.sterna.controller.traffic.TrafficSnapshot;
import io.sterna.monitoring.matrix.EndpointRate;
import io.sterna.monitoring.matrix.PairRate;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.VmUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservationTest {
  private static final SiteId SITE1 = new SiteId("site1");
  private static final SiteId SITE2 = new SiteId("site2");
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final MacAddress MAC1 = MacAddress.parse("02:00:00:00:00:01");
  private static final MacAddress MAC2 = MacAddress.parse("02:00:00:00:00:02");
  private static final MacAddress MAC3 = MacAddress.parse("02:00:00:00:00:03");
  private static final Duration LONG = Duration.ofHours(1);
  private static final String VM1 = "10.10.0.1";
  private static final String VM1_V6 = "fd0a:10::1";
  private static final String VM2 = "10.10.0.2";
  private static final String VM3 = "10.10.0.3";
  private static final String CLIENTS = "192.0.2.0/24";
  private static final String EVERYWHERE = "ff02::/48";

  private final Observation observation = observation(2, Map.of());

  private static Observation observation(int vmCapacity, Map<SiteId, Integer> siteCapacity) {
    return observation(vmCapacity, siteCapacity, Site.ANY_MEMORY);
  }

  private static Observation observation(
      int vmCapacity, Map<SiteId, Integer> siteCapacity, long memoryMib) {
    return new Observation(
        new Network(
            List.of(
                new Site(SITE1, 0, 0, 1, memoryMib, 0),
                new Site(SITE2, 0, 10, vmCapacity, memoryMib, 0)),
            List.of(new Link(SITE1, SITE2, 100, 10, 0), new Link(SITE2, SITE1, 100, 10, 0))),
        List.of(
            new FeEndpoint(FE1, SITE1, IpAddress.parse("172.16.1.1")),
            new FeEndpoint(FE2, SITE2, IpAddress.parse("172.16.2.1"))),
        siteCapacity,
        2048);
  }

  @Test
  void allAddressesOfAVmAreOneVm() throws Exception {
    LiveNetwork network =
        observation
            .with(
                List.of(
                    bound(VM1_V6, MAC1, FE1, Set.of(SITE1, SITE2)),
                    bound(VM1, MAC1, FE1, Set.of(SITE2)),
                    bound(VM2, MAC2, FE2, Set.of())),
                traffic(
                    pair(VM1 + "/32", VM2 + "/32", 1_000_000),
                    pair(VM1_V6 + "/128", VM2 + "/32", 500_000),
                    pair(CLIENTS, VM1 + "/32", 250_000),
                    pair(VM1_V6 + "/128", EVERYWHERE, 99_000_000),
                    pair(CLIENTS, CLIENTS, 99_000_000)))
            .orElseThrow();
    assertEquals(Map.of(IpAddress.parse(VM1), FE1, IpAddress.parse(VM2), FE2), network.bound());
    Scenario expected = expected();
    assertEquals(expected.endpoints(), network.scenario().endpoints());
    assertEquals(expected.flows(), network.scenario().flows());
    for (int flow = 0; flow < expected.flows(); flow++) {
      assertEquals(expected.rateMbps(flow), network.scenario().rateMbps(flow), 1e-9);
    }
  }

  private Scenario expected() throws OverfullException {
    Scenario.Builder builder =
        Scenario.builder(
            new Network(
                List.of(
                    new Site(SITE1, 0, 0, 1, Site.ANY_MEMORY, 0),
                    new Site(SITE2, 0, 10, 2, Site.ANY_MEMORY, 0)),
                List.of(new Link(SITE1, SITE2, 100, 10, 0), new Link(SITE2, SITE1, 100, 10, 0))));
    int vm1 =
        builder.add(
            new Endpoint.Vm(
                IpAddress.parse(VM1), SITE1, 2048, 0, true, Optional.empty(), Set.of(SITE2)));
    int vm2 = builder.add(Endpoint.Vm.movable(IpAddress.parse(VM2), SITE2, 2048));
    int clients = builder.add(new Endpoint.Clients(IpPrefix.parse(CLIENTS), SITE2));
    builder.flow(vm1, vm2, 8);
    builder.flow(vm1, vm2, 4);
    builder.flow(clients, vm1, 2);
    return builder.build();
  }

  @Test
  void elementsAreWaitedForWhileTheCollectorHasJustBegun() throws Exception {
    List<BoundAddress> vms = List.of(bound(VM1, MAC1, FE1, Set.of()));
    assertEquals(
        Optional.empty(), observation.with(vms, heard(Duration.ofSeconds(119), Set.of(FE2))));
    assertEquals(
        Set.of(FE1),
        observation.with(vms, heard(Duration.ofMinutes(2), Set.of(FE2))).orElseThrow().silent());
  }

  @Test
  void vmsOfASilentElementStayAndSoDoesWhoTalksWithThemAndNobodyComes() throws Exception {
    List<BoundAddress> vms =
        List.of(
            bound(VM1, MAC1, FE1, Set.of()),
            bound(VM2, MAC2, FE2, Set.of()),
            bound(VM3, MAC3, FE2, Set.of()));
    PairRate toSilent = pair(VM2 + "/32", VM1 + "/32", 1);
    PairRate fromSilent = pair(VM1 + "/32", VM3 + "/32", 1);
    LiveNetwork talking =
        observation.with(vms, heard(LONG, Set.of(FE2), toSilent, fromSilent)).orElseThrow();
    assertEquals(0, talking.scenario().movable());
    assertEquals(Set.of(FE1), talking.silent());
    assertEquals(Optional.empty(), talking.at(SITE1));
    assertEquals(Optional.of(FE2), talking.at(SITE2));

    Scenario one =
        observation.with(vms, heard(LONG, Set.of(FE2), toSilent)).orElseThrow().scenario();
    assertEquals(
        new Endpoint.Vm(
            IpAddress.parse(VM3), SITE2, 2048, 0, true, Optional.empty(), Set.of(SITE2)),
        one.endpoints().get(2));
    assertEquals(1, one.movable());
  }

  @Test
  void moreVmsThanRoomAreNoNetwork() {
    assertThrows(
        OverfullException.class,
        () ->
            observation.with(
                List.of(bound(VM1, MAC1, FE1, Set.of()), bound(VM2, MAC2, FE1, Set.of())),
                traffic()));
  }

  /** VM1 has two addresses, VM2 has one; policy counts addresses. */
  @Test
  void policyLeavesNoMoreRoomThanItsAddressesHave() throws Exception {
    List<BoundAddress> addresses =
        List.of(
            bound(VM1_V6, MAC1, FE1, Set.of()),
            bound(VM1, MAC1, FE1, Set.of()),
            bound(VM2, MAC2, FE2, Set.of()));
    int[] room = {1, 1, 1, 2, 2, 3, 3};
    for (int i = 0; i < room.length; i++) {
      LiveNetwork network =
          observation(10, Map.of(SITE2, i)).with(addresses, traffic()).orElseThrow();
      assertEquals(room[i], network.scenario().network().sites().get(1).vmCapacity(), "of " + i);
      assertEquals(i >= 3, network.hasRoom(IpAddress.parse(VM1), SITE2), "of " + i);
      assertEquals(i >= 2, network.hasRoom(IpAddress.parse("10.10.0.9"), SITE2), "of " + i);
      assertEquals(1, network.scenario().network().sites().get(0).vmCapacity());
    }
    LiveNetwork small = observation(2, Map.of(SITE2, 100)).with(addresses, traffic()).orElseThrow();
    assertEquals(2, small.scenario().network().sites().get(1).vmCapacity());
  }

  /**
   * VM1 by its second address; VM2 was reported where it was before; of VM3 nobody says anything.
   */
  @Test
  void memoryIsWhatTheHypervisorWhereAVmIsSaysElseWhatAnotherSaid() throws Exception {
    LiveNetwork network =
        observation
            .with(
                List.of(
                    bound(VM1_V6, MAC1, FE1, Set.of()),
                    bound(VM1, MAC1, FE1, Set.of()),
                    bound(VM2, MAC2, FE2, Set.of()),
                    bound(VM3, MAC3, FE2, Set.of())),
                heard(
                    LONG,
                    Set.of(FE1, FE2),
                    Map.ofEntries(use(VM1_V6, FE1), use(VM2, FE1, FE2, FE1))))
            .orElseThrow();
    assertEquals(
        List.of(512L, 513L, 2048L), vms(network).stream().map(Endpoint.Vm::memoryMib).toList());
    assertEquals(
        List.of(10.5, 10.5, 0.0), vms(network).stream().map(Endpoint.Vm::dirtyMbps).toList());
  }

  @Test
  void aSiteWhoseVmsHaveMoreMemoryThanItIsFull() throws Exception {
    Observation small = observation(2, Map.of(), 500);
    List<BoundAddress> addresses = List.of(bound(VM1, MAC1, FE1, Set.of()));
    LiveNetwork network =
        small
            .with(addresses, heard(LONG, Set.of(FE1, FE2), Map.ofEntries(use(VM1, FE1))))
            .orElseThrow();
    assertEquals(512, network.scenario().network().sites().get(0).memoryCapacityMib());
    assertEquals(500, network.scenario().network().sites().get(1).memoryCapacityMib());
    assertEquals(
        2048,
        small
            .with(addresses, traffic())
            .orElseThrow()
            .scenario()
            .network()
            .sites()
            .get(0)
            .memoryCapacityMib(),
        "by the setting");
  }

  @Test
  void aVmThatHasJustMovedHasTheMemoryItHadBefore() throws Exception {
    LiveNetwork network =
        observation
            .with(
                List.of(bound(VM1, MAC1, FE2, Set.of())),
                heard(LONG, Set.of(FE1, FE2), Map.ofEntries(use(VM1, FE1))))
            .orElseThrow();
    assertEquals(List.of(512L), vms(network).stream().map(Endpoint.Vm::memoryMib).toList());
  }

  /** Each says a mebibyte more than the one before. */
  private static Map.Entry<IpAddress, List<KnownUse>> use(String address, FeId... elements) {
    IpAddress vm = IpAddress.parse(address);
    List<KnownUse> uses = new ArrayList<>();
    for (FeId fe : elements) {
      uses.add(new KnownUse(fe, new VmUse(vm, 512 + uses.size(), 10_500)));
    }
    return Map.entry(vm, uses);
  }

  private static List<Endpoint.Vm> vms(LiveNetwork network) {
    return network.scenario().endpoints().stream()
        .filter(Endpoint.Vm.class::isInstance)
        .map(Endpoint.Vm.class::cast)
        .toList();
  }

  private static BoundAddress bound(String address, MacAddress mac, FeId fe, Set<SiteId> sites) {
    return new BoundAddress(IpAddress.parse(address), mac, fe, true, sites);
  }

  private static PairRate pair(String from, String to, double bytesPerSec) {
    return new PairRate(
        new AddressPair(IpPrefix.parse(from), IpPrefix.parse(to)), new Rate(bytesPerSec, 1, 0));
  }

  private static TrafficSnapshot traffic(PairRate... pairs) {
    return heard(Duration.ofMinutes(1), Set.of(FE1, FE2), pairs);
  }

  private static TrafficSnapshot heard(Duration observed, Set<FeId> heard, PairRate... pairs) {
    return heard(observed, heard, Map.of(), pairs);
  }

  private static TrafficSnapshot heard(
      Duration observed, Set<FeId> heard, Map<IpAddress, List<KnownUse>> vms, PairRate... pairs) {
    return new TrafficSnapshot(
        Instant.EPOCH,
        observed,
        heard,
        List.of(pairs),
        List.of(
            new EndpointRate(IpPrefix.parse(CLIENTS), Optional.of(SITE2), Rate.ZERO, Rate.ZERO),
            new EndpointRate(IpPrefix.parse(EVERYWHERE), Optional.of(SITE2), Rate.ZERO, Rate.ZERO)),
        Map.of(),
        vms,
        Rate.ZERO,
        Rate.ZERO);
  }
}
