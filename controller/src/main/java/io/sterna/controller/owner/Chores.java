package io.sterna.controller.owner;

import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.RangeCommand.ClearDamping;
import io.sterna.controller.owner.RangeCommand.DampingCleared;
import io.sterna.controller.owner.RangeCommand.Housekeeping;
import io.sterna.controller.owner.RangeCommand.NoteRefusals;
import io.sterna.controller.policy.Chore;
import io.sterna.controller.range.ClaimRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a range is asked to do beside deciding claims, until it is committed. Bounded: beyond, and
 * after a write of unknown fate, nobody is answered, and whoever asked asks again.
 */
final class Chores {
  private static final int WAITING_MAX = 1000;

  /** A row has room for them beside the largest batch. */
  private static final int AT_ONCE_MAX = 32;

  private final Deque<Housekeeping> waiting = new ArrayDeque<>();
  private List<Housekeeping> inFlight = List.of();

  void add(Housekeeping chore) {
    if (waiting.size() < WAITING_MAX) {
      waiting.add(chore);
    }
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
    while (!waiting.isEmpty() && inFlight.size() < AT_ONCE_MAX) {
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
      }
    }
    inFlight = List.of();
  }

  void failed() {
    inFlight = List.of();
  }

  private static Chore choreOf(Housekeeping chore) {
    if (chore instanceof ClearDamping clear) {
      return new Chore.ClearDamping(clear.address());
    } else if (chore instanceof NoteRefusals noted) {
      return new Chore.NoteRefusals(
          new ClaimRequest(noted.fe(), noted.claim()), noted.reason(), noted.omitted());
    }
    return Chore.Sweep.INSTANCE;
  }
}
