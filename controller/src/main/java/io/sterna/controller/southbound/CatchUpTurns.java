package io.sterna.controller.southbound;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * With which range one element catches up next. A table of a million bindings is sent no faster
 * than the element installs it: what is on its way cannot be overtaken, and a move that happens
 * meanwhile would wait behind all of it, in every queue down to the kernel. So only so much is
 * under way, until the element says that it is installed; and ranges in which something changes
 * come first.
 *
 * <p>Pure and not thread-safe; times are nanoseconds of any clock that does not go back.
 */
final class CatchUpTurns {
  /**
   * What a range costs beside its bindings: thousands of empty ones must not wait for each other.
   */
  private static final int RANGE_WEIGHT = 64;

  /**
   * An element may never report what it was sent, as when one of its routes is refused. The others
   * do not wait for that.
   */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  /** So many urgent ones in a row: who is slower than what changes gets the others, too. */
  private static final int URGENT_IN_A_ROW = 8;

  private final Map<RangeId, Integer> waiting = new LinkedHashMap<>();
  private final Map<RangeId, Integer> urgent = new LinkedHashMap<>();
  private final Map<RangeId, Turn> underWay = new LinkedHashMap<>();
  private final int windowMin;
  private final int windowMax;
  private int window;
  private int weightUnderWay;
  private int urgentInARow;

  /** Whether a change was sent since it began to catch up: no more must be in front of the next. */
  private boolean hasChanged;

  private static final class Turn {
    final int weight;
    final long sinceNanos;

    /** Where the element is when it has installed it; null until it is sent. */
    @Nullable RangePosition sent;

    Turn(int weight, long sinceNanos) {
      this.weight = weight;
      this.sinceNanos = sinceNanos;
    }
  }

  /**
   * Nobody's turn yet.
   *
   * @param windowMin bindings under way at first, besides which ranges in which something changes
   *     have as many
   * @param windowMax how far that grows, by half of what the element says it has installed, as long
   *     as nothing changes that would have to wait behind it
   */
  CatchUpTurns(int windowMin, int windowMax) {
    this.windowMin = windowMin;
    this.windowMax = windowMax;
    this.window = windowMin;
  }

  /**
   * The element is behind in this range; asked again, it is due once. What is on its way already
   * stays there, whatever the element asks for.
   */
  void due(RangeId range, int bindings, boolean soon) {
    waiting.remove(range);
    urgent.remove(range);
    if (underWay.isEmpty() && waiting.isEmpty() && urgent.isEmpty()) {
      hasChanged = false;
      window = windowMin;
    }
    (soon ? urgent : waiting).put(range, RANGE_WEIGHT + bindings);
    if (soon) {
      changed();
    }
  }

  /** A change is sent that must not wait long behind what is under way. */
  void changed() {
    hasChanged = true;
    window = windowMin;
  }

  /** The range whose turn it is now, if there is one; then it is under way. */
  Optional<RangeId> next(long nowNanos) {
    giveUpOn(nowNanos);
    boolean waited = !waiting.isEmpty() && urgentInARow >= URGENT_IN_A_ROW;
    // Nobody overtakes one that is urgent and has no room yet.
    boolean takeUrgent = !urgent.isEmpty() && !waited;
    Optional<RangeId> next =
        takeUrgent ? take(urgent, 2 * windowMin, nowNanos) : take(waiting, window, nowNanos);
    if (next.isPresent()) {
      urgentInARow = takeUrgent && !waiting.isEmpty() ? urgentInARow + 1 : 0;
    }
    return next;
  }

  private Optional<RangeId> take(Map<RangeId, Integer> queue, int limit, long nowNanos) {
    Iterator<Map.Entry<RangeId, Integer>> first = queue.entrySet().iterator();
    if (!first.hasNext()) {
      return Optional.empty();
    }
    Map.Entry<RangeId, Integer> next = first.next();
    int weight = next.getValue();
    // One always has room, however large.
    if (weightUnderWay > 0 && weightUnderWay + weight > limit) {
      return Optional.empty();
    }
    first.remove();
    // Taken out, too: the oldest is first.
    Turn before = underWay.remove(next.getKey());
    int onItsWay = before == null ? 0 : before.weight;
    underWay.put(next.getKey(), new Turn(onItsWay + weight, nowNanos));
    weightUnderWay += weight;
    return Optional.of(next.getKey());
  }

  /** It was sent. */
  void sent(RangePosition position) {
    // It may have become due once more while its turn was on its way to the owner.
    waiting.remove(position.range());
    urgent.remove(position.range());
    Turn turn = underWay.get(position.range());
    if (turn != null) {
      turn.sent = position;
    }
  }

  /** The element has installed a range up to here. */
  void applied(RangePosition position) {
    Turn turn = underWay.get(position.range());
    if (turn != null && turn.sent != null && !position.isBefore(turn.sent)) {
      end(position.range());
      window = hasChanged ? windowMin : Math.min(windowMax, window + turn.weight / 2);
    }
  }

  /** Nobody will send it. */
  void forget(RangeId range) {
    waiting.remove(range);
    urgent.remove(range);
    end(range);
  }

  private void end(RangeId range) {
    Turn turn = underWay.remove(range);
    if (turn != null) {
      weightUnderWay -= turn.weight;
    }
  }

  private void giveUpOn(long nowNanos) {
    Iterator<Turn> turns = underWay.values().iterator();
    while (turns.hasNext()) {
      Turn oldest = turns.next();
      if (nowNanos - oldest.sinceNanos < PATIENCE_NANOS) {
        return;
      }
      turns.remove();
      weightUnderWay -= oldest.weight;
    }
  }
}
