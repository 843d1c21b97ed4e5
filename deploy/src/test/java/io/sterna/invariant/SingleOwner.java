package io.sterna.invariant;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** When quiet, exactly one element holds a bound address as its own. */
public final class SingleOwner {
  private SingleOwner() {}

  /** Says what is wrong. */
  public static List<String> check(Collection<ElementTable> tables) {
    Map<IpAddress, List<FeId>> owners = new TreeMap<>();
    for (ElementTable table : tables) {
      for (Binding binding : table.bindings().values()) {
        if (binding.isReleased()) {
          continue;
        }
        List<FeId> own = owners.computeIfAbsent(binding.address(), address -> new ArrayList<>());
        if (binding.fe().equals(table.fe())) {
          own.add(table.fe());
        }
      }
    }
    List<String> wrong = new ArrayList<>();
    owners.forEach(
        (address, own) -> {
          if (own.size() != 1) {
            wrong.add(address + " is held as their own by " + own);
          }
        });
    return wrong;
  }
}
