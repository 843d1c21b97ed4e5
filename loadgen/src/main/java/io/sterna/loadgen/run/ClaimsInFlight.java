package io.sterna.loadgen.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events whose claims wait for an answer. A claim that is sent again has a new number, but the
 * answer to any copy that says it was accepted is the answer. Not thread-safe.
 */
final class ClaimsInFlight {
  /** By the number that was sent last, in the order in which they were sent. */
  private final Map<Long, Event> last = new LinkedHashMap<>();

  /** By the numbers before that, as long as an answer to them may come. */
  private final Map<Long, Event> earlier = new HashMap<>();

  /** A claim was sent, for the first time or again. */
  void sent(long claimId, Event event) {
    event.claimId = claimId;
    last.put(claimId, event);
  }

  /** The event that was accepted; null if none waits for this answer (any more). */
  @Nullable Event accepted(long claimId) {
    Event event = last.remove(claimId);
    if (event == null) {
      event = earlier.remove(claimId);
      if (event == null || event.settled) {
        return null;
      }
      last.remove(event.claimId);
    }
    return event;
  }

  /** The event whose last copy was refused; null if a later copy is under way. */
  @Nullable Event refused(long claimId) {
    earlier.remove(claimId);
    return last.remove(claimId);
  }

  /** Those that were sent at this moment or before, to be sent again. */
  List<Event> sentUntil(long nanos) {
    List<Event> overdue = new ArrayList<>();
    // In the order in which they were sent: the first that is young ends the search.
    for (Event event : last.values()) {
      if (event.atNanos > nanos) {
        break;
      }
      overdue.add(event);
    }
    if (!overdue.isEmpty()) {
      earlier.values().removeIf(event -> event.settled);
    }
    for (Event event : overdue) {
      last.remove(event.claimId);
      earlier.put(event.claimId, event);
    }
    return overdue;
  }

  /** Those whose answer will not come, to be sent again. */
  List<Event> remove(Predicate<Event> lost) {
    List<Event> removed = new ArrayList<>();
    last.values().removeIf(event -> lost.test(event) && removed.add(event));
    return removed;
  }

  /** Hands out each event that waits. */
  void forEach(Consumer<Event> each) {
    last.values().forEach(each);
  }

  /** How many events wait. */
  int size() {
    return last.size();
  }
}
