package io.sterna.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sterna.agent.link.ControllerAddress;
import io.sterna.agent.telemetry.TelemetrySettings;
import io.sterna.monitoring.kernel.PairCounterSettings;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentSettingsTest {
  private static final Path BASE = Path.of("/etc/sterna");
  private static final Config LEAST =
      ConfigFactory.parseString(
          """
          sterna.fe {
            id = fe1
            controllers = ["127.0.0.1:4780", "[fd00::1]:4781"]
            tls { certificate = fe1.pem, key = /keys/fe1.key, authority = ca.pem }
            data-plane.gateway-addresses = ["10.10.0.1/16"]
          }
          """);

  @Test
  void readsTheLeastAndFillsInTheRest() {
    AgentSettings settings = AgentSettings.from(LEAST, BASE);
    assertEquals(new FeId("fe1"), settings.id());
    assertEquals(Path.of("/etc/sterna/fe1.pem"), settings.tls().certificate());
    assertEquals(Path.of("/keys/fe1.key"), settings.tls().key());
    assertEquals(
        List.of(new ControllerAddress("127.0.0.1", 4780), new ControllerAddress("fd00::1", 4781)),
        settings.link().controllers());
    assertEquals(Set.of(IpAddress.parse("10.10.0.1")), settings.claims().gatewayAddresses());
    assertEquals(157, settings.dataPlane().routeProtocol());
    assertEquals(Duration.ofMillis(500), settings.link().heartbeatInterval());
    assertEquals(Duration.ofMinutes(5), settings.silence().after());
    assertEquals(settings.claims().answerTimeout(), settings.silence().answerTimeout());
    assertEquals(256, settings.routes().bulkBatchMax());
    TelemetrySettings telemetry = settings.telemetry();
    assertTrue(telemetry.enabled());
    assertEquals(Duration.ofSeconds(10), telemetry.interval());
    assertEquals(
        new PairCounterSettings("br0", Set.of(), Set.of("rq0"), 262_144), telemetry.counters());
    assertEquals(Optional.empty(), telemetry.exporters());
    assertEquals("local", settings.akka().getString("akka.actor.provider"));
  }

  @Test
  void readsWhatIsCounted() throws Exception {
    Config config =
        ConfigFactory.parseString(
                """
                sterna.fe.data-plane { network-namespace = host7, bridge = br7 }
                sterna.fe.telemetry {
                  enabled = false
                  uplinks = [eth1]
                  ignored-ports = []
                  exporters { listen = "10.0.0.1:9995", hosts = ["10.0.0.2", "fd00::2"] }
                }
                """)
            .withFallback(LEAST);
    TelemetrySettings telemetry = AgentSettings.from(config, BASE).telemetry();
    assertFalse(telemetry.enabled());
    assertEquals("host7", telemetry.networkNamespace());
    assertEquals(
        new PairCounterSettings("br7", Set.of("eth1"), Set.of(), 262_144), telemetry.counters());
    TelemetrySettings.Exporters exporters = telemetry.exporters().orElseThrow();
    assertEquals(new InetSocketAddress("10.0.0.1", 9995), exporters.listen());
    assertEquals(
        Set.of(InetAddress.getByName("10.0.0.2"), InetAddress.getByName("fd00::2")),
        exporters.hosts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id                         | FE_1             | sterna.fe.id
          controllers                | [nowhere]        | sterna.fe.controllers
          controllers                | []               | sterna.fe.controllers
          controllers                | ["h:70000"]      | sterna.fe.controllers
          data-plane.gateway-mac     | "02:00"          | sterna.fe.data-plane.gateway-mac
          data-plane.gateway-addresses | ["10.10.0.1"]  | sterna.fe.data-plane.gateway-addresses
          data-plane.vni             | 16777216         | sterna.fe.data-plane.vni
          data-plane.bridg           | br1              | sterna.fe.data-plane.bridg
          colour                     | red              | sterna.fe.colour
          link.heartbeat-interval    | 0s               | sterna.fe.link.heartbeat-interval
          claims.pending-max         | 0                | sterna.fe.claims.pending-max
          silence.after              | 0s               | sterna.fe.silence.after
          silence.probes             | 0                | sterna.fe.silence.probes
          silence.at-once-max        | 0                | sterna.fe.silence.at-once-max
          routes.bulk-batch-max      | 1001             | sterna.fe.routes.bulk-batch-max
          telemetry.interval         | 0s               | sterna.fe.telemetry.interval
          hypervisor.report-interval | 30m              | sterna.fe.hypervisor.report-interval
          hypervisor.report-interval | 1ms              | sterna.fe.hypervisor.report-interval
          telemetry.pairs-max        | 0                | sterna.fe.telemetry.pairs-max
          telemetry.report-entries-max | 2001           | sterna.fe.telemetry.report-entries-max
          telemetry.exporters        | {listen = "9995"} | sterna.fe.telemetry.exporters.listen
          telemetry.exporters        | {listen = "h:1"} | hosts must name the exporters
          telemetry.exporters        | {listen = "h:1", hosts = [sw1]} | telemetry.exporters.hosts
          telemetry.port             | 1                | sterna.fe.telemetry.port
          link.connect-timeout       | soon             | link.connect-timeout
          """)
  void saysWhereABadValueStands(String key, String value, String named) {
    Config config =
        ConfigFactory.parseString("sterna.fe." + key + " = " + value).withFallback(LEAST);
    ConfigException e = assertThrows(ConfigException.class, () -> AgentSettings.from(config, BASE));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(named), message);
    assertTrue(message.contains("String: 1"), "the origin is named: " + message);
    assertFalse(message.contains("\n"), message);
  }

  @ParameterizedTest
  @CsvSource({"id", "controllers", "tls.certificate", "tls.key", "tls.authority"})
  void saysWhatIsMissing(String key) {
    Config config = LEAST.withoutPath("sterna.fe." + key);
    ConfigException e = assertThrows(ConfigException.class, () -> AgentSettings.from(config, BASE));
    assertTrue(String.valueOf(e.getMessage()).contains("sterna.fe." + key), e.getMessage());
  }

  @Test
  void nothingAtAllIsMissingItsId() {
    assertThrows(
        ConfigException.Missing.class, () -> AgentSettings.from(ConfigFactory.empty(), BASE));
  }
}
