package io.sterna.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.monitoring.kernel.PairCounterSettings;
import io.sterna.protocol.IpPrefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A host without what counting takes. Needs root. */
class HostTrafficIT {
  @Test
  void whereNothingCanBeCountedNothingIsReported() {
    assertEquals(Optional.empty(), HostTraffic.open(settings(true, Optional.empty())));
    assertEquals(Optional.empty(), HostTraffic.open(settings(false, Optional.empty())));
  }

  @Test
  void whatSwitchesExportIsReportedAllTheSame() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    TelemetrySettings.Exporters exporters =
        new TelemetrySettings.Exporters(new InetSocketAddress(loopback, 0), Set.of(loopback));
    try (TrafficSource source =
        HostTraffic.open(settings(true, Optional.of(exporters))).orElseThrow()) {
      source.listen(() -> {});
      source.mobile(Set.of(IpPrefix.parse("10.10.0.0/16")));
      source.mobile(Set.of(IpPrefix.parse("10.11.0.0/16")));
      TrafficSource.Counted counted = source.rotate();
      assertEquals(Map.of(), counted.pairs());
      assertTrue(counted.duration().compareTo(Duration.ZERO) > 0);
      source.follow();
    }
  }

  private static TelemetrySettings settings(
      boolean enabled, Optional<TelemetrySettings.Exporters> exporters) {
    return new TelemetrySettings(
        enabled,
        Duration.ofSeconds(1),
        "",
        new PairCounterSettings("no-bridge-here", Set.of(), Set.of(), 100),
        10,
        10,
        1,
        Duration.ofSeconds(1),
        exporters);
  }
}
