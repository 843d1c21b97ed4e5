package io.sterna.loadgen.run;

import io.sterna.loadgen.scenario.ArrivalRate;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.protocol.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scenario of one event a second. */
final class ScenarioOfTests {
  private ScenarioOfTests() {}

  static Scenario of(int fes, int vms, IpPrefix prefix, Scenario.@Nullable Stall stall) {
    return of(fes, vms, prefix, null, stall);
  }

  static Scenario of(
      int fes,
      int vms,
      IpPrefix prefix,
      Scenario.@Nullable Followers followers,
      Scenario.@Nullable Stall stall) {
    return new Scenario(
        List.of(),
        new Scenario.Tls(Path.of("ca.pem"), Path.of(".")),
        fes,
        vms,
        prefix,
        new ArrivalRate(1),
        Mobility.UNIFORM,
        Duration.ZERO,
        new ArrivalRate(1),
        Duration.ZERO,
        Duration.ofSeconds(10),
        1,
        1,
        Duration.ofMillis(25),
        followers,
        stall);
  }
}
