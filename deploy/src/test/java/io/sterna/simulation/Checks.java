package io.sterna.simulation;

import io.sterna.controller.range.RangeState;
import io.sterna.invariant.ChainIntact;
import io.sterna.invariant.Converges;
import io.sterna.invariant.ElementTable;
import io.sterna.invariant.NoAcknowledgedLoss;
import io.sterna.invariant.NoBlackhole;
import io.sterna.invariant.NoStaleOverwrite;
import io.sterna.invariant.SingleOwner;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Asks the invariants, all the time or at the end, and ends the run when one is violated. */
final class Checks {
  private final NoAcknowledgedLoss noAcknowledgedLoss = new NoAcknowledgedLoss();
  private final NoStaleOverwrite noStaleOverwrite = new NoStaleOverwrite();

  private int releasedCount;
  private int dampedCount;
  private int orderedCount;

  /** An invariant does not hold. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String invariant;

    Violation(Class<?> invariant, List<String> wrong) {
      super(invariant.getSimpleName() + ": " + String.join("; ", wrong));
      this.invariant = invariant.getSimpleName();
    }

    String invariant() {
      return invariant;
    }
  }

  int acknowledgedCount() {
    return noAcknowledgedLoss.count();
  }

  /** How many addresses were released, as the histories say when quiet. */
  int releasedCount() {
    return releasedCount;
  }

  /** How many times an address was damped. */
  int dampedCount() {
    return dampedCount;
  }

  /** How many changes operators made. */
  int orderedCount() {
    return orderedCount;
  }

  void acknowledged(RangeId range, Binding binding) {
    noAcknowledgedLoss.acknowledged(range, binding);
  }

  void recovered(Controller controller, RangeId range, RangeState state) {
    holds(
        NoAcknowledgedLoss.class,
        noAcknowledgedLoss.checkContent(range, state.bindings()).stream()
            .map(wrong -> controller.id() + ": " + wrong)
            .toList());
  }

  void held(FeId fe, RangePosition position, Collection<Binding> bindings) {
    holds(NoStaleOverwrite.class, noStaleOverwrite.held(fe, position, bindings));
  }

  void forgot(FeId fe) {
    noStaleOverwrite.forget(fe);
  }

  /** A forwarding table changed. */
  void forwards(World world) {
    holds(
        NoBlackhole.class,
        NoBlackhole.checkMoving(
            tables(world), world.forwarding(), world.staged(), world.tunnelEnds()));
  }

  /** Everything that has to hold when nothing happens any more. */
  void quiet(World world) {
    List<Binding> content = new ArrayList<>();
    for (RangeId range : world.ranges()) {
      RangeState state = world.ownedState(range);
      content.addAll(state.bindings());
      List<RangeEvent> history = world.store().journal(range).history();
      holds(ChainIntact.class, ChainIntact.check(history));
      holds(NoAcknowledgedLoss.class, noAcknowledgedLoss.checkContent(range, state.bindings()));
      holds(NoAcknowledgedLoss.class, noAcknowledgedLoss.checkHistory(range, history));
      holds(NoStaleOverwrite.class, NoStaleOverwrite.checkHistory(history));
      history.forEach(this::count);
    }
    List<ElementTable> tables = tables(world);
    // Before what it follows from: else it could never be the one that finds it.
    holds(SingleOwner.class, SingleOwner.check(tables));
    holds(Converges.class, Converges.check(content, tables));
    holds(Converges.class, Converges.checkAttached(content, world.attached()));
    holds(
        NoBlackhole.class,
        NoBlackhole.check(world.attached(), world.forwarding(), world.tunnelEnds()));
  }

  private static List<ElementTable> tables(World world) {
    return world.elements().stream().map(Element::believes).toList();
  }

  private void count(RangeEvent row) {
    if (row instanceof RangeCommitted committed) {
      for (Entry entry : committed.entries()) {
        orderedCount += entry instanceof Entry.Ordered && entry instanceof Entry.Change ? 1 : 0;
        releasedCount += entry instanceof Entry.Released ? 1 : 0;
        dampedCount += entry instanceof Entry.Noted n && n.what() == Note.DAMPED ? 1 : 0;
      }
    }
  }

  private static void holds(Class<?> invariant, List<String> wrong) {
    if (!wrong.isEmpty()) {
      throw new Violation(invariant, wrong);
    }
  }
}
