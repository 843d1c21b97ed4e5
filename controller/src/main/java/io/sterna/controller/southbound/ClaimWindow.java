package io.sterna.controller.southbound;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The claims of one session that are under way: handed to their ranges, not answered yet. It bounds
 * what one element can put into the queues of ranges, which it shares with all others.
 *
 * <p>Pure and not thread-safe; times are nanoseconds of any clock that does not go back.
 */
final class ClaimWindow {
  private final int max;
  private final long patienceNanos;

  /** When each was handed on, the oldest first. */
  private final Map<Long, Long> underWay = new LinkedHashMap<>();

  /**
   * Nothing under way.
   *
   * @param max the most claims under way
   * @param patience an answer that did not come for so long does not come any more
   */
  ClaimWindow(int max, Duration patience) {
    this.max = max;
    this.patienceNanos = patience.toNanos();
  }

  /** Whether the claim may be handed on; then it is under way. */
  boolean enter(long claimId, long nowNanos) {
    if (underWay.size() >= max) {
      forgetUnanswered(nowNanos);
    }
    // Ids are unique: one that comes twice must not take the place of two.
    return underWay.size() < max && underWay.putIfAbsent(claimId, nowNanos) == null;
  }

  /** The range decided. */
  void answered(long claimId) {
    underWay.remove(claimId);
  }

  private void forgetUnanswered(long nowNanos) {
    Iterator<Long> handedOn = underWay.values().iterator();
    while (handedOn.hasNext() && nowNanos - handedOn.next() >= patienceNanos) {
      handedOn.remove();
    }
  }
}
