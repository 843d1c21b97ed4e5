package io.sterna.controller.execution;

import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.online.Elements;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The network as it is now: sites, links, VMs, traffic, and which element each VM is bound to.
 *
 * @param scenario all but the elements
 * @param bound by VM: the element that it is bound to
 * @param elements by site: the elements there whose traffic is known
 * @param silent elements with VMs whose traffic is not known: these VMs stay, and who talks with
 *     them
 * @param addressRoom by site that policy bounds: how many more addresses it takes
 * @param addresses by VM that has several: all of them
 */
public record LiveNetwork(
    Scenario scenario,
    Map<IpAddress, FeId> bound,
    Map<SiteId, List<FeId>> elements,
    Set<FeId> silent,
    Map<SiteId, Integer> addressRoom,
    Map<IpAddress, List<IpAddress>> addresses)
    implements Elements {
  /** Copies the maps and the set. */
  public LiveNetwork {
    bound = Map.copyOf(bound);
    elements = Map.copyOf(elements);
    silent = Set.copyOf(silent);
    addressRoom = Map.copyOf(addressRoom);
    addresses = Map.copyOf(addresses);
  }

  /** Where it comes from. */
  public interface Source {
    /** How it is now; empty while too little is known. Asked for again and again. */
    CompletionStage<Optional<LiveNetwork>> look();
  }

  @Override
  public Optional<FeId> of(IpAddress vm) {
    return Optional.ofNullable(bound.get(vm));
  }

  @Override
  public boolean hasRoom(IpAddress vm, SiteId site) {
    Integer room = addressRoom.get(site);
    return room == null || addresses.getOrDefault(vm, List.of(vm)).size() <= room;
  }

  /** Of several that with the fewest VMs. */
  @Override
  public Optional<FeId> at(SiteId site) {
    List<FeId> there = elements.getOrDefault(site, List.of());
    Map<FeId, Integer> vms = new HashMap<>();
    bound.values().forEach(each -> vms.merge(each, 1, Integer::sum));
    FeId best = null;
    for (FeId each : there) {
      if (best == null || vms.getOrDefault(each, 0) < vms.getOrDefault(best, 0)) {
        best = each;
      }
    }
    return Optional.ofNullable(best);
  }
}
