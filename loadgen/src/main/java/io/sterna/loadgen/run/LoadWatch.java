package io.sterna.loadgen.run;

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
}
