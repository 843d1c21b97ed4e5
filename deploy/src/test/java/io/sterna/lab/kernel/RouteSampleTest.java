package io.sterna.lab.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A sample holds all of a prefix and some of everything else. */
class RouteSampleTest {
  private final RouteSample sample = new RouteSample(IpPrefix.parse("10.65.240.0/20"), 16);

  @ParameterizedTest
  @ValueSource(strings = {"10.65.240.0", "10.65.255.255", "10.65.241.7", "10.64.0.0", "10.64.1.48"})
  void these(String address) {
    assertTrue(sample.holds(IpAddress.parse(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.65.239.255", "10.66.0.1", "10.64.0.8", "10.64.1.47"})
  void notThese(String address) {
    assertFalse(sample.holds(IpAddress.parse(address)));
  }

  @ParameterizedTest
  @CsvSource({"10.64.0.0/20,3", "10.64.0.0/20,0", "fd00::/116,16"})
  void onlyPowersOfTwoOfIpv4(String prefix, int oneIn) {
    assertThrows(
        IllegalArgumentException.class, () -> new RouteSample(IpPrefix.parse(prefix), oneIn));
  }
}
