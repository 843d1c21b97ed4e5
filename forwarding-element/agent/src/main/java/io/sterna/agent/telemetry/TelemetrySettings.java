package io.sterna.agent.telemetry;

import io.sterna.monitoring.kernel.PairCounterSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What is counted and how it is reported.
 *
 * @param enabled whether anything is
 * @param interval how often the counters are rotated and reported
 * @param networkNamespace where the bridge is; empty = the agent's own
 * @param counters what is counted at the bridge
 * @param outsideBlocksMax how many blocks of addresses outside are told apart
 * @param reportEntriesMax how many pairs one message carries
 * @param reportsInFlightMax how many messages may be on their way
 * @param resendAfter what nobody acknowledged for so long is sent again, by another session if
 *     there is one
 * @param exporters switches that count, too
 */
public record TelemetrySettings(
    boolean enabled,
    Duration interval,
    String networkNamespace,
    PairCounterSettings counters,
    int outsideBlocksMax,
    int reportEntriesMax,
    int reportsInFlightMax,
    Duration resendAfter,
    Optional<Exporters> exporters) {
  /**
   * Switches that send IPFIX or sFlow.
   *
   * @param listen where they send it to
   * @param hosts their addresses: nobody else is heard
   */
  public record Exporters(InetSocketAddress listen, Set<InetAddress> hosts) {
    /**
     * @throws IllegalArgumentException if nobody would be heard
     */
    public Exporters {
      hosts = Set.copyOf(hosts);
      if (hosts.isEmpty()) {
        throw new IllegalArgumentException("nobody is heard: hosts must name the exporters");
      }
    }
  }
}
