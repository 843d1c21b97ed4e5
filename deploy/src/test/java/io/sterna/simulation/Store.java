package io.sterna.simulation;

import io.sterna.protocol.RangeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Cassandra and the way to it: slow at times, out of reach, answers get lost, and what a cut-off
 * controller sent may arrive seconds later.
 */
final class Store {
  private static final long TIMEOUT_MILLIS = 2_000;

  private final Timeline timeline;
  private final Chance chance;
  private final Machine disk = new Machine("store", 1);
  private final Map<RangeId, Journal> journals = new HashMap<>();
  private final Map<RangeId, Epochs> epochs = new HashMap<>();
  private final Set<Machine> cut = new HashSet<>();
  private boolean faulty = true;

  private enum Fate {
    FINE,
    NEVER_ARRIVES,
    ARRIVES_LATE,
    ANSWER_LOST
  }

  /** One request, answered once: by the store, or by a timeout. */
  private static final class Request {
    boolean over;
  }

  Store(Timeline timeline, Chance chance) {
    this.timeline = timeline;
    this.chance = chance;
  }

  Journal journal(RangeId range) {
    return journals.computeIfAbsent(range, r -> new Journal());
  }

  Epochs epochs(RangeId range) {
    return epochs.computeIfAbsent(range, r -> new Epochs());
  }

  void cut(Machine machine) {
    cut.add(machine);
  }

  void heal(Machine machine) {
    cut.remove(machine);
  }

  /** From now on everything arrives in time. */
  void becomeReliable() {
    faulty = false;
    cut.clear();
  }

  /** Does something at the store and brings its result back, or fails after a while. */
  <T> void request(
      Machine from, String what, Supplier<T> action, Consumer<T> answer, Runnable failed) {
    Request request = new Request();
    Fate fate = fate(from);
    if (fate != Fate.NEVER_ARRIVES) {
      long delay = fate == Fate.ARRIVES_LATE ? chance.millis(50, 8_000) : chance.millis(0, 4);
      int life = from.life();
      plan(
          delay,
          disk,
          what,
          () -> {
            T result = action.get();
            if (fate == Fate.FINE && life == from.life()) {
              reply(from, request, "answer to " + what, () -> answer.accept(result));
            }
          });
    }
    timeline.quietly(
        from.timer(TIMEOUT_MILLIS * 1_000_000), from, () -> onTimeout(request, from, what, failed));
  }

  private void reply(Machine to, Request request, String what, Runnable answer) {
    plan(
        chance.millis(0, 4),
        to,
        what,
        () -> {
          if (!request.over) {
            request.over = true;
            answer.run();
          }
        });
  }

  /** Proofs of epochs are too many to be told of. */
  private void plan(long nanos, Machine where, String what, Runnable action) {
    if (what.contains("proof")) {
      timeline.quietly(nanos, where, action);
    } else {
      timeline.after(nanos, where, what, action);
    }
  }

  private void onTimeout(Request request, Machine from, String what, Runnable failed) {
    if (!request.over) {
      request.over = true;
      timeline.note(from, "no answer to " + what);
      failed.run();
    }
  }

  private Fate fate(Machine from) {
    if (!faulty) {
      return Fate.FINE;
    }
    if (cut.contains(from)) {
      return chance.in(0.5) ? Fate.NEVER_ARRIVES : Fate.ARRIVES_LATE;
    }
    if (chance.in(0.97)) {
      return Fate.FINE;
    }
    return switch (chance.below(3)) {
      case 0 -> Fate.NEVER_ARRIVES;
      case 1 -> Fate.ARRIVES_LATE;
      default -> Fate.ANSWER_LOST;
    };
  }
}
