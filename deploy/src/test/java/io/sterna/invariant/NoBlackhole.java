package io.sterna.invariant;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From every element a packet to a VM arrives, through as many tunnels as it takes. */
public final class NoBlackhole {
  private NoBlackhole() {}

  /**
   * Says from where which VM is not reached.
   *
   * @param attached where each VM is
   * @param forwarding the forwarding table of each element
   * @param endpoints whose end of a tunnel an underlay address is
   */
  public static List<String> check(
      Map<IpAddress, FeId> attached,
      Map<FeId, Map<IpAddress, NextHop>> forwarding,
      Map<IpAddress, FeId> endpoints) {
    List<String> wrong = new ArrayList<>();
    for (FeId from : forwarding.keySet()) {
      attached.forEach(
          (vm, at) -> {
            FeId end = follow(vm, from, forwarding, Map.of(), endpoints);
            if (!at.equals(end)) {
              wrong.add(vm + " is at " + at + "; what " + from + " sends ends at " + end);
            }
          });
    }
    return wrong;
  }

  /**
   * While VMs move and nothing fails: what an element sends to a VM that it knows of leaves for a
   * bridge somewhere, whoever has heard of the move so far. Says what goes in circles or nowhere.
   *
   * @param tables what each element knows of
   * @param staged what an element delivers if it comes through a tunnel, whatever its table says
   */
  public static List<String> checkMoving(
      Collection<ElementTable> tables,
      Map<FeId, Map<IpAddress, NextHop>> forwarding,
      Map<FeId, Set<IpAddress>> staged,
      Map<IpAddress, FeId> endpoints) {
    List<String> wrong = new ArrayList<>();
    for (ElementTable table : tables) {
      for (Binding binding : table.bindings().values()) {
        IpAddress vm = binding.address();
        if (!binding.isReleased()
            && follow(vm, table.fe(), forwarding, staged, endpoints) == null) {
          wrong.add("what " + table.fe() + " sends to " + vm + " arrives nowhere");
        }
      }
    }
    return wrong;
  }

  /** Where the packet leaves for a bridge; null = nowhere. */
  private static @Nullable FeId follow(
      IpAddress vm,
      FeId from,
      Map<FeId, Map<IpAddress, NextHop>> forwarding,
      Map<FeId, Set<IpAddress>> staged,
      Map<IpAddress, FeId> endpoints) {
    Set<FeId> passed = new HashSet<>();
    FeId here = from;
    // What comes back by a tunnel meets what is staged there.
    boolean tunnelled = false;
    while (here != null && (!tunnelled || passed.add(here))) {
      NextHop hop = forwarding.getOrDefault(here, Map.of()).get(vm);
      if (hop instanceof NextHop.Local
          || (tunnelled && staged.getOrDefault(here, Set.of()).contains(vm))) {
        return here;
      }
      tunnelled = true;
      here = hop instanceof NextHop.Tunnel tunnel ? endpoints.get(tunnel.endpoint()) : null;
    }
    return null;
  }
}
