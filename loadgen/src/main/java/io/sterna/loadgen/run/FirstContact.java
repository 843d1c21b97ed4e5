package io.sterna.loadgen.run;

import io.sterna.loadgen.scenario.ControllerAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Whether any controller of the scenario is there at all. If each refuses before one has answered,
 * the scenario or the controllers have to be mended, and waiting does not do that. Once one has
 * answered, those that refuse are said, each once, and the run goes on: controllers may be down.
 */
final class FirstContact {
  private final Set<ControllerAddress> named;
  private final Consumer<String> say;

  /** By address, the first reason of each. */
  private final Map<ControllerAddress, String> refused = new LinkedHashMap<>();

  private final Set<ControllerAddress> answered = new HashSet<>();

  /**
   * @param named the controllers that the scenario names
   * @param say takes one line
   */
  FirstContact(List<ControllerAddress> named, Consumer<String> say) {
    this.named = Set.copyOf(named);
    this.say = say;
  }

  void answered(ControllerAddress address) {
    boolean first = answered.isEmpty();
    if (answered.add(address) && first) {
      refused.keySet().stream().filter(other -> !other.equals(address)).forEach(this::say);
    }
  }

  /** Nobody listens there, or one of the two does not accept the other's certificate. */
  void refused(ControllerAddress address, String reason) {
    if (!answered.contains(address)
        && refused.putIfAbsent(address, reason) == null
        && !answered.isEmpty()) {
      say(address);
    }
  }

  /** Whether each of them refused before any has answered. */
  boolean isHopeless() {
    return answered.isEmpty() && !named.isEmpty() && refused.keySet().containsAll(named);
  }

  /** Who refused, and why. */
  String reasons() {
    return refused.keySet().stream().map(this::line).collect(Collectors.joining("; "));
  }

  private void say(ControllerAddress address) {
    say.accept(line(address) + "; going on without it");
  }

  private String line(ControllerAddress address) {
    return address + ": " + refused.get(address);
  }
}
