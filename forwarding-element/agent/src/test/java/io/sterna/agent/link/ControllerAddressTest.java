package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:4780", "controller-1.example:1", "[fd00::1]:65535"})
  void readsWhatItWrites(String text) {
    assertEquals(text, ControllerAddress.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", ":1", "host:0", "host:65536", "fd00::1:1", "h :1"})
  void refusesOthers(String text) {
    assertThrows(IllegalArgumentException.class, () -> ControllerAddress.parse(text));
  }

  @Test
  void anIpv6HostHasNoBrackets() {
    assertEquals("fd00::1", ControllerAddress.parse("[fd00::1]:4780").host());
  }
}
