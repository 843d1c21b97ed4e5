package io.sterna.controller.relocation.online;

import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All plans, as their events say: the open one, and the latest of those that are over. What has
 * happened to older ones is in the journal.
 */
final class Plans {
  private static final int KEPT_MAX = 100;

  private final Deque<RelocationPlan> over = new ArrayDeque<>();
  private final MoveLedger ledger;
  private @Nullable RelocationPlan open;
  private long lastNumber;
  private long lastFailureAtEpochMillis = Long.MIN_VALUE;

  Plans(MoveLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * The journal is not fenced: a keeper that was paused while another took over may still write
   * what it knows. What cannot follow from what was written before is passed over, and every reader
   * passes over the same.
   *
   * @return whether it counts
   */
  boolean apply(PlanEvent event) {
    lastNumber = Math.max(lastNumber, event.plan().number());
    RelocationPlan plan = open;
    boolean isFree = plan == null || plan.isUntouched();
    if (event instanceof PlanEvent.Proposed proposed && isFree) {
      // Of two that were proposed as one the successor's, as a rule the later one.
      open = RelocationPlan.of(proposed);
      return true;
    }
    if (plan == null || !plan.mayFollow(event)) {
      return false;
    }
    RelocationPlan after = plan.after(event);
    if (event instanceof PlanEvent.StepStarted started) {
      var move = plan.steps().get(started.step()).move();
      ledger.begun(
          move.vm(), move.from(), move.memoryMib(), event.atEpochMillis(), plan.id().number());
    }
    if (!after.state().isOver()) {
      open = after;
      return true;
    }
    if (after.state() == PlanState.FAILED) {
      lastFailureAtEpochMillis = event.atEpochMillis();
    }
    open = null;
    over.addLast(after);
    if (over.size() > KEPT_MAX) {
      over.removeFirst();
    }
    return true;
  }

  Optional<RelocationPlan> open() {
    return Optional.ofNullable(open);
  }

  Optional<RelocationPlan> find(PlanId id) {
    return all().stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /** Latest first. */
  List<RelocationPlan> all() {
    List<RelocationPlan> all = new ArrayList<>(over);
    open().ifPresent(all::add);
    Collections.reverse(all);
    return all;
  }

  PlanId nextId() {
    return new PlanId(lastNumber + 1);
  }

  long lastFailureAtEpochMillis() {
    return lastFailureAtEpochMillis;
  }
}
