package io.sterna.loadgen.run;

import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.RangePosition;

/** Hears of a run while it goes on, on the thread of the run: must not take long. */
public interface LoadWatch {
  /** Does not care. */
  LoadWatch NOBODY = new LoadWatch() {};

  /** Every VM is bound: events are measured from now on. */
  default void measuring() {}

  /**
   * An event was acknowledged.
   *
   * @param vm its number
   * @param dueNanos when it was due, by the clock of the run
   * @param nowNanos now, by the same clock
   */
  default void acknowledged(int vm, long dueNanos, long nowNanos) {}

  /**
   * An event has no answer, and none is awaited any more: its VM appeared elsewhere, or the run is
   * over.
   *
   * @param vm its number
   * @param dueNanos when it was due, by the clock of the run
   * @param untilNanos when its VM appeared elsewhere, or now, by the same clock
   */
  default void gaveUp(int vm, long dueNanos, long untilNanos) {}

  /**
   * An element has heard all of a range up to here.
   *
   * @param table what it knows now; it changes later
   */
  default void heard(FeTable table, RangePosition position) {}
}
