package io.sterna.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerSettingsTest {
  private static final String GOOD =
      """
      sterna.controller {
        id = c1
        tls { certificate = c1.pem, key = c1.key, authority = ca.pem }
        mobile-prefixes = [
          { prefix = "10.10.0.0/16", range-length = 20 }
          { prefix = "fd0a:10::/112", range-length = 116 }
        ]
        forwarding-elements = [
          { id = fe1, site = site1, underlay = 172.16.1.1 }
          { id = fe2, site = site2, underlay = "fd00:16:2::1" }
        ]
      }
      """;

  @Test
  void readsWhatIsWrittenAndDefaultsTheRest() {
    ControllerSettings settings = read("");

    assertEquals("c1", settings.id().value());
    assertEquals(Path.of("/etc/sterna/c1.key"), settings.tls().key());
    assertEquals(32, settings.ranges().ranges().size());
    assertEquals("127.0.0.1", settings.southbound().advertisedHost());
    assertEquals(2, settings.forwardingElements().size());
  }

  @Test
  void everyAddressOfAPrefixBelongsToOneRange() {
    RangeMap ranges = read("").ranges();

    assertEquals(
        Optional.of(RangeId.parse("10.10.16.0/20")),
        ranges.rangeOf(IpAddress.parse("10.10.31.255")));
    assertEquals(
        Optional.of(RangeId.parse("fd0a:10::f000/116")),
        ranges.rangeOf(IpAddress.parse("fd0a:10::f123")));
    assertEquals(Optional.empty(), ranges.rangeOf(IpAddress.parse("10.11.0.1")));
    for (RangeId range : ranges.ranges()) {
      assertEquals(Optional.of(range), ranges.rangeOf(range.prefix().address()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id = \"C 1\" | id | is not 1 to 63 characters",
        "southbound.port = 70000 | port | not between 1 and 65535",
        "mobile-prefixes = [{prefix = \"10.10.0.1/16\", range-length = 20}] | prefix | host bits",
        "mobile-prefixes = [{prefix = \"10.0.0.0/8\", range-length = 9}, {prefix ="
            + " \"10.1.0.0/16\", range-length = 16}] | prefix | overlaps",
        "mobile-prefixes = [{prefix = \"10.0.0.0/8\", range-length = 32}] | mobile-prefixes | ranges",
        "mobile-prefixes = [{prefix = \"10.0.0.0/8\", range-length = 7}] | range-length | between",
        "mobile-prefixes = [] | mobile-prefixes | 0 ranges",
        "forwarding-elements = [{id=a,site=s,underlay=10.0.0.1},{id=a,site=s,underlay=10.0.0.2}] |"
            + " id | duplicate forwarding element id 'a'",
        "forwarding-elements = [{id=a,site=s,underlay=10.0.0.1},{id=b,site=s,underlay=10.0.0.1}] |"
            + " underlay | another element's",
        "cassandra.contact-points = [\"nowhere\"] | cassandra | not HOST:PORT",
        "cluster.seeds = [] | seeds | names no controller",
        "tls.key = \"\" | key | is required",
        "southbound.silence-limit = 0s | silence-limit | longer than nothing",
        "southbound.claims-max = 0 | claims-max | below 1",
      })
  void whatIsWrongIsNamed(String line, String key, String reason) {
    ConfigException failure = assertThrows(ConfigException.class, () -> read(line));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(key), message);
    assertTrue(message.contains(reason), message);
  }

  private static ControllerSettings read(String line) {
    Config config =
        ConfigFactory.parseString("sterna.controller { " + line + " }")
            .withFallback(ConfigFactory.parseString(GOOD))
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    return ControllerSettings.from(config, Path.of("/etc/sterna"));
  }
}
