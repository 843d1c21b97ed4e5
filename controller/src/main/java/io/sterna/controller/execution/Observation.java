package io.sterna.controller.execution;

import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.traffic.KnownUse;
import io.sterna.controller.traffic.TrafficSnapshot;
import io.sterna.monitoring.matrix.EndpointRate;
import io.sterna.monitoring.matrix.PairRate;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.VmUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Puts together what is known of a network. Pure. */
final class Observation {
  private static final double BITS_PER_BYTE = 8;
  private static final double MEGA = 1e6;
  private static final double KBPS_PER_MBPS = 1e3;

  /** By which of its addresses a VM is known. */
  private static final Comparator<BoundAddress> FIRST =
      Comparator.comparing((BoundAddress each) -> each.address().bitLength())
          .thenComparing(BoundAddress::address);

  /** How long elements have for a first report to a collector that has just begun. */
  private static final Duration FIRST_REPORTS = Duration.ofMinutes(2);

  private final Network network;
  private final Set<SiteId> sites;
  private final Map<FeId, SiteId> siteOf;
  private final Map<SiteId, List<FeId>> elementsAt;
  private final Map<SiteId, Integer> siteCapacity;
  private final long vmMemoryMib;

  /**
   * @param siteCapacity by site that policy bounds: how many addresses may be bound there
   */
  Observation(
      Network network,
      List<FeEndpoint> inventory,
      Map<SiteId, Integer> siteCapacity,
      long vmMemoryMib) {
    this.network = network;
    this.sites = network.sites().stream().map(Site::id).collect(Collectors.toSet());
    this.siteCapacity = Map.copyOf(siteCapacity);
    this.siteOf = inventory.stream().collect(Collectors.toMap(FeEndpoint::fe, FeEndpoint::site));
    this.elementsAt =
        inventory.stream()
            .collect(
                Collectors.groupingBy(
                    FeEndpoint::site, Collectors.mapping(FeEndpoint::fe, Collectors.toList())));
    this.vmMemoryMib = vmMemoryMib;
  }

  private record Port(FeId fe, MacAddress mac) {}

  /**
   * The network with these VMs and this traffic. All addresses of a VM count as its first one,
   * since they move together.
   *
   * <p>What the VMs of a silent element send is not known, so neither these VMs move nor those that
   * talk with them; and nobody moves to where traffic is not known.
   *
   * @return empty while the collector has just begun and an element with VMs is not heard of
   * @throws IllegalArgumentException if a VM is where no site is
   * @throws OverfullException if a site has more VMs than room
   */
  Optional<LiveNetwork> with(List<BoundAddress> addresses, TrafficSnapshot traffic)
      throws OverfullException {
    Map<Port, List<BoundAddress>> vms = new HashMap<>();
    Set<FeId> silent = new TreeSet<>();
    for (BoundAddress each : addresses) {
      if (!traffic.heard().contains(each.fe())) {
        silent.add(each.fe());
      }
      vms.computeIfAbsent(new Port(each.fe(), each.mac()), p -> new ArrayList<>()).add(each);
    }
    if (!silent.isEmpty() && traffic.observed().compareTo(FIRST_REPORTS) < 0) {
      return Optional.empty();
    }
    Set<IpPrefix> staying = staying(addresses, silent, traffic.pairs());
    Map<SiteId, List<FeId>> known = known(traffic.heard());
    Map<SiteId, Integer> addressRoom = addressRoom(addresses);
    List<Endpoint.Vm> planned = new ArrayList<>();
    List<List<BoundAddress>> ordered = inOrder(vms);
    for (List<BoundAddress> vm : ordered) {
      planned.add(vm(vm, staying, known.keySet(), traffic.vms()));
    }
    Scenario.Builder builder = Scenario.builder(bounded(vms, addressRoom, memoryMib(planned)));
    Map<IpPrefix, Integer> numbers = new HashMap<>();
    Map<IpAddress, FeId> bound = new HashMap<>();
    Map<IpAddress, List<IpAddress>> several = new HashMap<>();
    for (int i = 0; i < ordered.size(); i++) {
      List<BoundAddress> vm = ordered.get(i);
      BoundAddress first = vm.get(0);
      int number = builder.add(planned.get(i));
      bound.put(first.address(), first.fe());
      vm.forEach(each -> numbers.put(host(each.address()), number));
      if (vm.size() > 1) {
        several.put(first.address(), vm.stream().map(BoundAddress::address).toList());
      }
    }
    for (EndpointRate each : traffic.endpoints()) {
      if (isBlockOfClients(each) && !numbers.containsKey(each.endpoint())) {
        numbers.put(
            each.endpoint(),
            builder.add(new Endpoint.Clients(each.endpoint(), each.site().orElseThrow())));
      }
    }
    addFlows(builder, traffic.pairs(), numbers);
    return Optional.of(
        new LiveNetwork(builder.build(), bound, known, silent, addressRoom, several));
  }

  /** Addresses of silent elements, and those with which they exchange anything. */
  private static Set<IpPrefix> staying(
      List<BoundAddress> addresses, Set<FeId> silent, List<PairRate> pairs) {
    if (silent.isEmpty()) {
      return Set.of();
    }
    Set<IpPrefix> there =
        addresses.stream()
            .filter(each -> silent.contains(each.fe()))
            .map(each -> host(each.address()))
            .collect(Collectors.toSet());
    Set<IpPrefix> staying = new HashSet<>(there);
    for (PairRate each : pairs) {
      if (there.contains(each.pair().source())) {
        staying.add(each.pair().destination());
      } else if (there.contains(each.pair().destination())) {
        staying.add(each.pair().source());
      }
    }
    return staying;
  }

  /** The elements of which the traffic is known, by site; sites with none are left out. */
  private Map<SiteId, List<FeId>> known(Set<FeId> heard) {
    Map<SiteId, List<FeId>> known = new HashMap<>();
    elementsAt.forEach(
        (site, all) -> {
          List<FeId> here = all.stream().filter(heard::contains).toList();
          if (!here.isEmpty()) {
            known.put(site, here);
          }
        });
    return known;
  }

  /** By site that policy bounds: how many more addresses may be bound there. */
  private Map<SiteId, Integer> addressRoom(List<BoundAddress> addresses) {
    Map<SiteId, Integer> room = new HashMap<>(siteCapacity);
    addresses.forEach(each -> room.computeIfPresent(siteOf.get(each.fe()), (s, n) -> n - 1));
    return room;
  }

  /**
   * The network with no more room than policy leaves. It counts addresses, plans count VMs: room
   * for as many VMs as fit for sure, which is for those of most addresses.
   *
   * <p>How much memory VMs have is what hypervisors say, as far as they do. If that is more than a
   * site was said to have, the site is full, and nothing else is wrong.
   *
   * @param memoryMib by site: what its VMs have
   */
  private Network bounded(
      Map<Port, List<BoundAddress>> vms,
      Map<SiteId, Integer> addressRoom,
      Map<SiteId, Long> memoryMib) {
    int addressesMax = vms.values().stream().mapToInt(List::size).max().orElse(1);
    Map<SiteId, Integer> there = new HashMap<>();
    vms.keySet().forEach(each -> there.merge(siteOf.get(each.fe()), 1, Integer::sum));
    List<Site> sites = new ArrayList<>();
    for (Site each : network.sites()) {
      Integer room = addressRoom.get(each.id());
      int vmsMax =
          room == null
              ? Integer.MAX_VALUE
              : there.getOrDefault(each.id(), 0) + Math.max(0, room) / addressesMax;
      sites.add(
          new Site(
              each.id(),
              each.latitude(),
              each.longitude(),
              Math.min(each.vmCapacity(), vmsMax),
              Math.max(each.memoryCapacityMib(), memoryMib.getOrDefault(each.id(), 0L)),
              each.pricePerVmHour()));
    }
    return new Network(sites, network.links());
  }

  private static List<List<BoundAddress>> inOrder(Map<Port, List<BoundAddress>> vms) {
    Map<IpAddress, List<BoundAddress>> byFirst = new TreeMap<>();
    for (List<BoundAddress> vm : vms.values()) {
      vm.sort(FIRST);
      byFirst.put(vm.get(0).address(), vm);
    }
    return List.copyOf(byFirst.values());
  }

  private static Map<SiteId, Long> memoryMib(List<Endpoint.Vm> vms) {
    Map<SiteId, Long> memoryMib = new HashMap<>();
    vms.forEach(each -> memoryMib.merge(each.site(), each.memoryMib(), Long::sum));
    return memoryMib;
  }

  private Endpoint.Vm vm(
      List<BoundAddress> addresses,
      Set<IpPrefix> staying,
      Set<SiteId> known,
      Map<IpAddress, List<KnownUse>> uses) {
    BoundAddress first = addresses.get(0);
    SiteId site = siteOf.get(first.fe());
    if (site == null) {
      throw new IllegalArgumentException(
          first.address() + " is at an unknown element " + first.fe());
    }
    boolean movable =
        addresses.stream()
            .allMatch(each -> each.settled() && !staying.contains(host(each.address())));
    Set<SiteId> allowed = among(allowedSites(addresses), known, site);
    Optional<VmUse> use = use(addresses, uses);
    return new Endpoint.Vm(
        first.address(),
        site,
        use.map(VmUse::memoryMib).orElse(vmMemoryMib),
        use.map(each -> each.dirtyKbps() / KBPS_PER_MBPS).orElse(0.0),
        movable,
        Optional.empty(),
        allowed);
  }

  /** What the hypervisor where it is bound says; until it does, the last word from elsewhere. */
  private static Optional<VmUse> use(
      List<BoundAddress> addresses, Map<IpAddress, List<KnownUse>> uses) {
    Optional<VmUse> elsewhere = Optional.empty();
    for (BoundAddress each : addresses) {
      for (KnownUse known : uses.getOrDefault(each.address(), List.of())) {
        if (known.fe().equals(each.fe())) {
          return Optional.of(known.use());
        }
        elsewhere = Optional.of(known.use());
      }
    }
    return elsewhere;
  }

  /** Those that are known; nowhere else than here if that is none. */
  private Set<SiteId> among(Set<SiteId> allowed, Set<SiteId> known, SiteId here) {
    if (known.containsAll(sites)) {
      return allowed;
    }
    Set<SiteId> left =
        (allowed.isEmpty() ? sites : allowed)
            .stream().filter(known::contains).collect(Collectors.toSet());
    return left.isEmpty() ? Set.of(here) : left;
  }

  /** Where all of its addresses may be; nowhere else than here if that is nowhere. */
  private Set<SiteId> allowedSites(List<BoundAddress> addresses) {
    Set<SiteId> allowed = Set.of();
    for (BoundAddress each : addresses) {
      Set<SiteId> here = each.allowedSites();
      if (!here.isEmpty() && !allowed.isEmpty()) {
        allowed = allowed.stream().filter(here::contains).collect(Collectors.toSet());
        if (allowed.isEmpty()) {
          return Set.of(siteOf.get(each.fe()));
        }
      } else if (allowed.isEmpty()) {
        allowed = here;
      }
    }
    return allowed;
  }

  private static boolean isBlockOfClients(EndpointRate endpoint) {
    IpPrefix prefix = endpoint.endpoint();
    return endpoint.site().isPresent()
        && prefix.length() > 0
        && prefix.length() < prefix.address().bitLength()
        && !prefix.isOnEveryLink();
  }

  private static IpPrefix host(IpAddress address) {
    return IpPrefix.around(address, address.bitLength());
  }

  /** Clients among themselves, and who is not known, are left out. */
  private static void addFlows(
      Scenario.Builder builder, List<PairRate> pairs, Map<IpPrefix, Integer> numbers) {
    for (PairRate each : pairs) {
      IpPrefix from = each.pair().source();
      IpPrefix to = each.pair().destination();
      Integer source = numbers.get(from);
      Integer destination = numbers.get(to);
      boolean hasVm =
          from.length() == from.address().bitLength() || to.length() == to.address().bitLength();
      if (source != null && destination != null && !source.equals(destination) && hasVm) {
        builder.flow(source, destination, each.rate().bytesPerSec() * BITS_PER_BYTE / MEGA);
      }
    }
  }
}
