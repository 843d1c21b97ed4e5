package io.sterna.agent.telemetry;

import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Where traffic is counted. Not thread-safe. */
public interface TrafficSource extends AutoCloseable {
  /**
   * What was counted in an interval.
   *
   * @param pairs as they are reported
   * @param duration how long it took
   */
  record Counted(Map<AddressPair, Count> pairs, Duration duration) {}

  /**
   * These prefixes' addresses are VMs; said before the first interval ends, and when it changes.
   */
  void mobile(Set<IpPrefix> prefixes);

  /** Ends the interval and begins the next; each packet is in exactly one. */
  Counted rotate() throws IOException;

  /** Something changed at the ports: counts at new ones. */
  void follow() throws IOException;

  /** Calls this, on any thread, when {@link #follow} is due. */
  void listen(Runnable portsChanged) throws IOException;

  /** Lets go. What the kernel counts, it goes on counting for the next agent. */
  @Override
  void close() throws IOException;
}
