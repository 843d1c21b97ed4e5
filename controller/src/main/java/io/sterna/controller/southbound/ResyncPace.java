package io.sterna.controller.southbound;

import io.sterna.protocol.RangeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often one element may ask for everything of a range: each time costs the range's log a copy
 * and the session a snapshot. What comes sooner is kept, once, until its time has come: an element
 * that waits for a snapshot may not ask again.
 *
 * <p>Pure and not thread-safe; times are nanoseconds of any clock that does not go back.
 */
final class ResyncPace {
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final Map<RangeId, Long> passedOnNanos = new HashMap<>();
  private final Set<RangeId> kept = new LinkedHashSet<>();

  /** The element asks: whether that is passed on now. */
  boolean ask(RangeId range, long nowNanos) {
    if (!hasCome(range, nowNanos)) {
      kept.add(range);
      return false;
    }
    kept.remove(range);
    passedOnNanos.put(range, nowNanos);
    return true;
  }

  /** What was kept and is passed on now. */
  List<RangeId> due(long nowNanos) {
    if (kept.isEmpty()) {
      return List.of();
    }
    List<RangeId> due = new ArrayList<>(kept);
    due.removeIf(range -> !ask(range, nowNanos));
    return due;
  }

  /** The range has another owner, or none. */
  void forget(RangeId range) {
    passedOnNanos.remove(range);
    kept.remove(range);
  }

  private boolean hasCome(RangeId range, long nowNanos) {
    Long before = passedOnNanos.get(range);
    return before == null || nowNanos - before >= INTERVAL_NANOS;
  }
}
