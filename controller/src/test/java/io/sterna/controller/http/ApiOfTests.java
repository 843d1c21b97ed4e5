package io.sterna.controller.http;

import com.typesafe.config.ConfigFactory;
import io.sterna.controller.ControllerSettings;
import java.nio.file.Path;

/** A controller's configuration, for its API: 16 ranges and one element. */
final class ApiOfTests {
  private static final String SETTINGS =
      """
      sterna.controller {
        id = c1
        tls { certificate = c1.pem, key = c1.key, authority = ca.pem }
        mobile-prefixes = [{ prefix = "10.10.0.0/16", range-length = 20 }]
        forwarding-elements = [{ id = fe1, site = site1, underlay = 172.16.1.1 }]
      }
      """;

  private ApiOfTests() {}

  static ControllerSettings settings() {
    return ControllerSettings.from(
        ConfigFactory.parseString(SETTINGS)
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve(),
        Path.of("/etc/sterna"));
  }
}
