package io.sterna.lab.probe;

import java.util.List;

/** Probes under way to one VM, until closed. */
public interface ProbeSession extends AutoCloseable {
  /** One log for each flow of single probes. */
  List<FlowLog> flows();

  /** Each connection that is held. */
  List<? extends ProbeStream> streams();

  /** How many milliseconds had no probe so far, because this process was not running. */
  long skippedCount();

  @Override
  void close();
}
