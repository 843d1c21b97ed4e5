package io.sterna.lab.probe;

/** A connection that carries numbered probes to the VM and back, in order, and never breaks. */
public interface ProbeStream extends ProbeFlow {
  /** The connection's name, for people. */
  String name();

  /** How many probes were handed to the connection. */
  long sentCount();

  /** How many came back, each in its order. */
  long answeredCount();

  /** Why the connection is broken; empty while it is not. */
  String brokenBecause();

  /** Whether it still stands: nothing was lost, repeated or out of order, and nobody closed it. */
  default boolean intact() {
    return brokenBecause().isEmpty();
  }
}
