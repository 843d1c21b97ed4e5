package io.sterna.loadgen.replay;

import io.sterna.loadgen.check.Converges;
import io.sterna.loadgen.check.NoAcknowledgedLoss;
import io.sterna.loadgen.check.NoStaleOverwrite;
import io.sterna.loadgen.check.SingleOwner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts violations by invariant and keeps the first of them. Not thread-safe. */
final class Findings {
  static final String CHAIN = "ChainIntact";
  static final String STALE = NoStaleOverwrite.class.getSimpleName();
  static final String LOSS = NoAcknowledgedLoss.class.getSimpleName();
  static final String CONVERGES = Converges.class.getSimpleName();
  static final String OWNER = SingleOwner.class.getSimpleName();

  private static final int KEPT_MAX = 1_000;

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final List<Violation> first = new ArrayList<>();

  Findings() {
    List.of(CHAIN, STALE, LOSS, CONVERGES, OWNER).forEach(each -> counts.put(each, 0L));
  }

  void add(Violation violation) {
    counts.merge(violation.invariant(), 1L, Long::sum);
    if (first.size() < KEPT_MAX) {
      first.add(violation);
    }
  }

  long count(String invariant) {
    return counts.getOrDefault(invariant, 0L);
  }

  Map<String, Long> counts() {
    return new LinkedHashMap<>(counts);
  }

  List<Violation> first() {
    return List.copyOf(first);
  }
}
