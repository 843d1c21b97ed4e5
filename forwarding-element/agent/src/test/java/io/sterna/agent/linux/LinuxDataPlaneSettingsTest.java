package io.sterna.agent.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxDataPlaneSettingsTest {
  private static final String MAC = "02:00:5e:00:00:01";

  @Test
  void parsesGatewayAddresses() {
    assertEquals(
        "10.10.0.1/16", LinuxDataPlaneSettings.GatewayAddress.parse("10.10.0.1/16").toString());
    assertEquals(64, LinuxDataPlaneSettings.GatewayAddress.parse("fd0a:10::1/64").prefixLength());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "10.10.0.1", "10.10.0.1/", "10.10.0.1/33", "x/8", "::1/129"})
  void refusesOtherGatewayAddresses(String text) {
    assertThrows(
        IllegalArgumentException.class, () -> LinuxDataPlaneSettings.GatewayAddress.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "a-name-of-16-byte, ov0, 4790, 100, 157, bridge",
    "'br 0', ov0, 4790, 100, 157, bridge",
    "br0, '', 4790, 100, 157, tunnel-device",
    "br0, 'a\"b', 4790, 100, 157, tunnel-device",
    "br0, ov0, 0, 100, 157, tunnel-port",
    "br0, ov0, 4790, 16777216, 157, vni",
    "br0, ov0, 4790, 100, 4, route-protocol",
    "br0, ov0, 4790, 100, 256, route-protocol",
  })
  void namesTheValueThatIsOutOfRange(
      String bridge, String tunnel, int port, int vni, int protocol, String key) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> settings(MAC, bridge, tunnel, port, vni, protocol));
    assertTrue(String.valueOf(refusal.getMessage()).startsWith(key), refusal.getMessage());
  }

  @Test
  void refusesAGroupAddressAsGateway() {
    assertThrows(
        IllegalArgumentException.class,
        () -> settings("01:00:5e:00:00:01", "br0", "ov0", 4790, 100, 157));
  }

  private static LinuxDataPlaneSettings settings(
      String mac, String bridge, String tunnel, int port, int vni, int protocol) {
    return new LinuxDataPlaneSettings(
        "", bridge, MacAddress.parse(mac), List.of(), tunnel, port, vni, protocol);
  }
}
