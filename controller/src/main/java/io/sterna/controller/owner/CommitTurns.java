package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import io.sterna.controller.owner.OwnerEvent.CommitTurn;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many ranges of this node write to the journal at once. A row costs the same whether it
 * carries one change or hundreds; under load ranges that wait for their turn collect more claims
 * for a row, and without load nobody waits. First come, first served. Thread-safe.
 *
 * <p>A write that takes unusually long, because a part of the store does not answer, holds no turn
 * any more: ranges whose part answers do not wait for it. Whoever asks sees that, and if nobody
 * does, {@link #look} at intervals.
 */
public final class CommitTurns {
  private static final long HELD_MAX_NANOS = Duration.ofMillis(50).toNanos();

  /** How often to look for writes that take too long. */
  public static final Duration LOOK_INTERVAL = Duration.ofMillis(25);

  private final int atOnce;

  /** Who writes, and since when; the longest first. */
  private final Map<ActorRef<RangeCommand>, Long> writing = new LinkedHashMap<>();

  private final Set<ActorRef<RangeCommand>> waiting = new LinkedHashSet<>();

  /**
   * Everybody's turn.
   *
   * @param atOnce how many ranges write at once
   */
  public CommitTurns(int atOnce) {
    this.atOnce = atOnce;
  }

  /** The turn of one range. */
  Turn of(ActorRef<RangeCommand> range) {
    return new Turn(range);
  }

  /** When one range may write. Confined to that range. */
  final class Turn {
    private final ActorRef<RangeCommand> range;
    private boolean asked;

    private Turn(ActorRef<RangeCommand> range) {
      this.range = range;
    }

    /**
     * Whether it is the range's turn to write; then it gives the turn back. If not it waits: it is
     * told {@link CommitTurn} when its turn has come, and need not ask before.
     */
    boolean take(long nowNanos) {
      if (asked) {
        return false;
      }
      asked = !CommitTurns.this.take(range, nowNanos);
      return !asked;
    }

    /** The range was told that its turn has come. */
    void come(long nowNanos) {
      asked = false;
      CommitTurns.this.came(range, nowNanos);
    }

    /** Whether the range waits, and will be told. */
    boolean isAwaited() {
      return asked;
    }

    /** The range writes no more, and waits no more. */
    void giveBack(long nowNanos) {
      asked = false;
      CommitTurns.this.giveBack(range, nowNanos);
    }
  }

  private synchronized boolean take(ActorRef<RangeCommand> range, long nowNanos) {
    takeFromTheSlow(nowNanos);
    if (writing.remove(range) == null && writing.size() >= atOnce) {
      waiting.add(range);
      return false;
    }
    waiting.remove(range);
    writing.put(range, nowNanos);
    return true;
  }

  private synchronized void giveBack(ActorRef<RangeCommand> range, long nowNanos) {
    waiting.remove(range);
    if (writing.remove(range) != null) {
      giveWhatIsFree(nowNanos);
    }
  }

  private synchronized void came(ActorRef<RangeCommand> range, long nowNanos) {
    writing.remove(range);
    // It holds the turn from now on, even if that was taken from it meanwhile: where all come so
    // late, nobody else would ever write.
    writing.put(range, nowNanos);
  }

  /** If writes take too long, whoever waits has their turns. */
  public synchronized void look(long nowNanos) {
    if (!waiting.isEmpty()) {
      takeFromTheSlow(nowNanos);
    }
  }

  private void takeFromTheSlow(long nowNanos) {
    Iterator<Long> since = writing.values().iterator();
    while (since.hasNext() && nowNanos - since.next() > HELD_MAX_NANOS) {
      since.remove();
    }
    giveWhatIsFree(nowNanos);
  }

  private void giveWhatIsFree(long nowNanos) {
    Iterator<ActorRef<RangeCommand>> next = waiting.iterator();
    while (writing.size() < atOnce && next.hasNext()) {
      ActorRef<RangeCommand> range = next.next();
      next.remove();
      writing.put(range, nowNanos);
      range.tell(CommitTurn.INSTANCE);
    }
  }
}
