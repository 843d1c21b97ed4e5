package io.sterna.controller.owner;

import akka.actor.typed.javadsl.TimerScheduler;
import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.OwnerEvent.Sweep;
import io.sterna.controller.owner.RangeCommand.BindingsChanged;
import io.sterna.controller.owner.RangeCommand.ChangeBindings;
import io.sterna.controller.owner.RangeCommand.ClearDamping;
import io.sterna.controller.owner.RangeCommand.DampingCleared;
import io.sterna.controller.owner.RangeCommand.Housekeeping;
import io.sterna.controller.owner.RangeCommand.NoteMigration;
import io.sterna.controller.owner.RangeCommand.NoteRefusals;
import io.sterna.controller.policy.Chore;
import io.sterna.controller.range.ClaimRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a range is asked to do beside deciding claims, until it is committed. Bounded: beyond, and
 * after a write of unknown fate, nobody is answered, and whoever asked asks again.
 */
final class Chores {
  private static final int WAITING_MAX = 1000;

  /** A row has room for them beside the largest batch. */
  private static final int AT_ONCE_MAX = 32;

  /** Whoever makes many changes waits for the answer before it asks for more. */
  private static final int CHANGES_WAITING_MAX = 8;

  /** How late damping may end. */
  private static final Duration SWEEP_INTERVAL_MIN = Duration.ofSeconds(1);

  private final TimerScheduler<RangeCommand> timers;
  private final LongSupplier nanoTime;
  private final Deque<Housekeeping> waiting = new ArrayDeque<>();
  private List<Housekeeping> inFlight = List.of();
  private int changesWaiting;
  private long sweepAtNanos;

  Chores(TimerScheduler<RangeCommand> timers, LongSupplier nanoTime) {
    this.timers = timers;
    this.nanoTime = nanoTime;
  }

  void add(Housekeeping chore) {
    if (chore instanceof ChangeBindings changes && changesWaiting >= CHANGES_WAITING_MAX) {
      changes.replyTo().tell(new BindingsChanged(List.of()));
    } else if (waiting.size() < WAITING_MAX) {
      waiting.add(chore);
      changesWaiting += chore instanceof ChangeBindings ? 1 : 0;
    }
  }

  /** How many claims have room in a row beside what is done next. */
  int claimsBeside(int batchLimit) {
    return changesWaiting > 0 ? Math.max(1, batchLimit / 2) : batchLimit;
  }

  boolean areWaiting() {
    return !waiting.isEmpty();
  }

  boolean areInFlight() {
    return !inFlight.isEmpty();
  }

  /** Those to be committed now. */
  List<Chore> take() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    inFlight = new ArrayList<>();
    List<Chore> chores = new ArrayList<>();
    boolean changes = false;
    while (!waiting.isEmpty() && inFlight.size() < AT_ONCE_MAX) {
      if (waiting.element() instanceof ChangeBindings) {
        if (changes) {
          // One after the other: a row has no room for more.
          break;
        }
        changes = true;
        changesWaiting--;
      }
      Housekeeping chore = waiting.remove();
      inFlight.add(chore);
      chores.add(choreOf(chore));
    }
    return chores;
  }

  void committed(Committed committed) {
    for (Housekeeping chore : inFlight) {
      if (chore instanceof ClearDamping clear) {
        clear.replyTo().tell(new DampingCleared(committed.undamped().contains(clear.address())));
      } else if (chore instanceof ChangeBindings changes) {
        changes.replyTo().tell(new BindingsChanged(committed.ordered()));
      }
    }
    inFlight = List.of();
    sweepLater(committed.counts());
  }

  /** A timer that is to come sooner stays: under load one would be set anew for ever. */
  private void sweepLater(RangeCounts counts) {
    if (counts.sweepInNanos() == Long.MAX_VALUE) {
      return;
    }
    Duration in = counts.sweepIn(SWEEP_INTERVAL_MIN);
    long atNanos = nanoTime.getAsLong() + in.toNanos();
    if (!timers.isTimerActive(Sweep.INSTANCE) || atNanos - sweepAtNanos < 0) {
      sweepAtNanos = atNanos;
      timers.startSingleTimer(Sweep.INSTANCE, in);
    }
  }

  /** Whether they are done nobody knows: changes are asked for again, at once. */
  void failed() {
    for (Housekeeping chore : inFlight) {
      if (chore instanceof ChangeBindings changes) {
        changes.replyTo().tell(new BindingsChanged(List.of()));
      }
    }
    inFlight = List.of();
  }

  private static Chore choreOf(Housekeeping chore) {
    if (chore instanceof ClearDamping clear) {
      return new Chore.ClearDamping(clear.address(), clear.order());
    } else if (chore instanceof ChangeBindings changes) {
      return new Chore.Change(changes.orders());
    } else if (chore instanceof NoteRefusals noted) {
      return new Chore.NoteRefusals(
          new ClaimRequest(noted.fe(), noted.claim()), noted.reason(), noted.omitted());
    } else if (chore instanceof NoteMigration noted) {
      return new Chore.NoteMigration(noted.address(), noted.from(), noted.to());
    }
    return Chore.Sweep.INSTANCE;
  }
}
