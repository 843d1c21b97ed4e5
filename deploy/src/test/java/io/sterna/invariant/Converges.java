package io.sterna.invariant;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** When quiet, everybody holds what the ranges hold, and that is where the VMs are. */
public final class Converges {
  private Converges() {}

  /** Says which elements differ from the content of all ranges. */
  public static List<String> check(Collection<Binding> content, Collection<ElementTable> tables) {
    Map<IpAddress, Binding> expected = new TreeMap<>();
    content.forEach(binding -> expected.put(binding.address(), binding));
    List<String> wrong = new ArrayList<>();
    for (ElementTable table : tables) {
      if (!table.bindings().equals(expected)) {
        wrong.add(table.fe() + " holds " + table.bindings() + ", the ranges " + expected);
      }
    }
    return wrong;
  }

  /**
   * Says which VMs are bound elsewhere.
   *
   * @param attached where each VM announced itself last, and stayed
   */
  public static List<String> checkAttached(
      Collection<Binding> content, Map<IpAddress, FeId> attached) {
    Map<IpAddress, FeId> bound = new TreeMap<>();
    content.stream()
        .filter(binding -> !binding.isReleased())
        .forEach(binding -> bound.put(binding.address(), binding.fe()));
    List<String> wrong = new ArrayList<>();
    attached.forEach(
        (address, fe) -> {
          if (!fe.equals(bound.get(address))) {
            wrong.add(address + " is at " + fe + ", but bound to " + bound.get(address));
          }
        });
    return wrong;
  }
}
