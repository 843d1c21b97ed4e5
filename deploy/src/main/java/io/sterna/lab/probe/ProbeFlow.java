package io.sterna.lab.probe;

/** Sends one probe each time the {@link Pacer} says so. */
public interface ProbeFlow {
  /**
   * Sends the next probe now; never waits and never throws.
   *
   * @param nanos the time now, by {@link System#nanoTime()}
   */
  void send(long nanos);
}
