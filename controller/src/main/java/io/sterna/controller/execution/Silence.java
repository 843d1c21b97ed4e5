package io.sterna.controller.execution;

import io.sterna.protocol.FeId;
import java.util.Set;
import org.slf4j.Logger;

/** Which elements with VMs report no traffic: their VMs stay, and who talks with them. */
final class Silence {
  private Set<FeId> silent = Set.of();

  /** These are silent now: said once. */
  void note(Set<FeId> now, Logger log) {
    if (!now.equals(silent)) {
      silent = Set.copyOf(now);
      log.warn("{}", silent.isEmpty() ? "The traffic of all elements is known again" : stays());
    }
  }

  /** What to add to a refusal; empty = nobody is silent. */
  String why() {
    return silent.isEmpty() ? "" : "; " + stays();
  }

  private String stays() {
    return "no traffic is reported by %s: their VMs, and who talks with them, stay"
        .formatted(silent.stream().sorted().toList());
  }
}
