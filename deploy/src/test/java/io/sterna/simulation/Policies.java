package io.sterna.simulation;

import io.sterna.agent.claim.SilenceSettings;
import io.sterna.controller.policy.PolicySettings;
import io.sterna.controller.policy.PolicySettings.AuditRule;
import io.sterna.controller.policy.PolicySettings.DampingRule;
import io.sterna.controller.policy.PolicySettings.SilenceRule;
import io.sterna.protocol.FeId;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Some worlds damp addresses and release silent VMs, soon, so that it happens. Others do not. */
final class Policies {
  static final PolicySettings OPEN =
      of(Optional.empty(), new SilenceRule(Optional.empty(), Duration.ofMinutes(5)));

  static final PolicySettings STRICT =
      of(
          Optional.of(new DampingRule(3, Duration.ofSeconds(5), Duration.ofSeconds(2), Set.of())),
          new SilenceRule(Optional.of(Duration.ofSeconds(2)), Duration.ofSeconds(5)));

  static final SilenceSettings PATIENT = asks(Duration.ofHours(1));
  static final SilenceSettings IMPATIENT = asks(Duration.ofSeconds(1));

  private Policies() {}

  private static PolicySettings of(Optional<DampingRule> damping, SilenceRule silence) {
    return new PolicySettings(
        damping, silence, Map.of(), Map.of(), sites(), 0, new AuditRule(10, 100));
  }

  /** Of as many elements as a world can have: operators may name no others. */
  private static Map<FeId, SiteId> sites() {
    return IntStream.range(0, 4)
        .boxed()
        .collect(Collectors.toMap(i -> new FeId("fe-" + i), i -> new SiteId("site-" + i)));
  }

  private static SilenceSettings asks(Duration after) {
    return new SilenceSettings(
        after, Duration.ofMillis(200), 2, Duration.ofMillis(500), Duration.ofSeconds(1), 8);
  }
}
