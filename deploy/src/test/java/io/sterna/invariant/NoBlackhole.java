package io.sterna.invariant;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
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
            FeId end = follow(vm, from, forwarding, endpoints);
            if (!at.equals(end)) {
              wrong.add(vm + " is at " + at + "; what " + from + " sends ends at " + end);
            }
          });
    }
    return wrong;
  }

  /** Where the packet leaves for a bridge; null = nowhere. */
  private static @Nullable FeId follow(
      IpAddress vm,
      FeId from,
      Map<FeId, Map<IpAddress, NextHop>> forwarding,
      Map<IpAddress, FeId> endpoints) {
    Set<FeId> passed = new HashSet<>();
    FeId here = from;
    while (here != null && passed.add(here)) {
      NextHop hop = forwarding.getOrDefault(here, Map.of()).get(vm);
      if (hop instanceof NextHop.Local) {
        return here;
      }
      here = hop instanceof NextHop.Tunnel tunnel ? endpoints.get(tunnel.endpoint()) : null;
    }
    return null;
  }
}
