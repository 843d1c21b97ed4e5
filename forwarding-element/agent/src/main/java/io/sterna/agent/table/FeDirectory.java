package io.sterna.agent.table;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Forwarding elements as small numbers, and the tunnel to each whose end is known. */
final class FeDirectory {
  /** The number of this element. */
  static final int SELF = 0;

  private final Map<FeId, Integer> numbers = new HashMap<>();
  private final List<FeId> ids = new ArrayList<>();
  private final List<NextHop.@Nullable Tunnel> tunnels = new ArrayList<>();

  FeDirectory(FeId self) {
    numberOf(self);
  }

  /** The number of an element; a new one if it was never named before. */
  int numberOf(FeId fe) {
    Integer known = numbers.get(fe);
    if (known != null) {
      return known;
    }
    numbers.put(fe, ids.size());
    ids.add(fe);
    tunnels.add(null);
    return ids.size() - 1;
  }

  FeId id(int number) {
    return ids.get(number);
  }

  /** The tunnel to an element, or null while no controller has said where it ends. */
  NextHop.@Nullable Tunnel tunnel(int number) {
    return tunnels.get(number);
  }

  /**
   * Learns where tunnels end. An element that is not named keeps what was known: its bindings are
   * the ranges' business.
   *
   * @return the numbers of the other elements whose tunnel is new or different
   */
  BitSet learn(List<FeEndpoint> endpoints) {
    BitSet changed = new BitSet();
    for (FeEndpoint endpoint : endpoints) {
      int number = numberOf(endpoint.fe());
      NextHop.Tunnel tunnel = new NextHop.Tunnel(endpoint.underlay());
      if (number != SELF && !tunnel.equals(tunnels.get(number))) {
        tunnels.set(number, tunnel);
        changed.set(number);
      }
    }
    return changed;
  }
}
