package io.sterna.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.monitoring.flow.FlowListener;
import io.sterna.monitoring.kernel.PairCounterSettings;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
      FlowListener listener = ((HostTraffic) source).exports().orElseThrow();
      InetSocketAddress at = listener.address();
      export(at);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (listener.stats().messages() == 0 && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      source.mobile(Set.of(IpPrefix.parse("10.10.0.0/16"), IpPrefix.parse("198.51.100.0/24")));
      export(at);
      Count each = new Count(0x123456, 300);
      Map<AddressPair, Count> expected =
          Map.of(pair("198.51.100.0/24"), each, pair("198.51.100.7/32"), each);
      assertEquals(expected, await(source, 2));
      assertTrue(source.rotate().duration().compareTo(Duration.ZERO) > 0);
      source.follow();
    }
  }

  @Test
  void aPortThatIsTakenIsTriedAgain() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    DatagramSocket taken = new DatagramSocket(0, loopback);
    InetSocketAddress at = new InetSocketAddress(loopback, taken.getLocalPort());
    TelemetrySettings.Exporters exporters = new TelemetrySettings.Exporters(at, Set.of(loopback));
    try (TrafficSource source =
        HostTraffic.open(settings(true, Optional.of(exporters))).orElseThrow()) {
      source.mobile(Set.of(IpPrefix.parse("10.10.0.0/16")));
      assertEquals(Optional.empty(), ((HostTraffic) source).exports());
      taken.close();
      source.rotate();
      export(at);
      assertEquals(Map.of(pair("198.51.100.0/24"), new Count(0x123456, 300)), await(source, 1));
    } finally {
      taken.close();
    }
  }

  /** An IPFIX message of one flow, template and all. */
  private static void export(InetSocketAddress to) throws IOException {
    String message =
        "000a 003b 00000000 00000000 00000001"
            + "0002 0018 0100 0004 0008 0004 000c 0004 0001 0003 0002 0004"
            + "0100 0013 0a0a010b c6336407 123456 0000012c";
    byte[] bytes = HexFormat.of().parseHex(message.replace(" ", ""));
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    }
  }

  private static AddressPair pair(String destination) {
    return new AddressPair(IpPrefix.parse("10.10.1.11/32"), IpPrefix.parse(destination));
  }

  private static Map<AddressPair, Count> await(TrafficSource source, int pairs) throws Exception {
    Map<AddressPair, Count> all = new HashMap<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (all.size() < pairs && System.nanoTime() < deadline) {
      source.rotate().pairs().forEach((pair, count) -> all.merge(pair, count, Count::plus));
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return all;
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
