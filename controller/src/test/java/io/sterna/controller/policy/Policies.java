package io.sterna.controller.policy;

import io.sterna.controller.policy.PolicySettings.AuditRule;
import io.sterna.controller.policy.PolicySettings.DampingRule;
import io.sterna.controller.policy.PolicySettings.KnownVm;
import io.sterna.controller.policy.PolicySettings.SilenceRule;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import io.sterna.store.event.Order;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings for tests, one rule at a time. fe1 and fe2 stand at site1, fe3 at site2. */
public final class Policies {
  public static final FeId FE1 = new FeId("fe1");
  public static final FeId FE2 = new FeId("fe2");
  public static final FeId FE3 = new FeId("fe3");
  public static final SiteId SITE1 = new SiteId("site1");
  public static final SiteId SITE2 = new SiteId("site2");

  /** Nothing but what cannot be switched off. */
  public static final PolicySettings OPEN =
      new PolicySettings(
          Optional.empty(),
          new SilenceRule(Optional.empty(), Duration.ofMinutes(5)),
          Map.of(),
          Map.of(),
          Map.of(FE1, SITE1, FE2, SITE1, FE3, SITE2),
          0,
          new AuditRule(1000, 1000));

  /** By hand. */
  public static final Order ORDER = new Order("ann", "192.0.2.1", "tests", 0);

  private Policies() {}

  public static RangePolicy everythingAllowed() {
    return new RangePolicy(OPEN, site -> 0);
  }

  public static PolicySettings damping(int movesMax, Duration window, Duration hold) {
    return damping(new DampingRule(movesMax, window, hold, Set.of(Evidence.RARP)));
  }

  static PolicySettings damping(DampingRule rule) {
    return new PolicySettings(
        Optional.of(rule), OPEN.silence(), Map.of(), Map.of(), OPEN.sites(), 0, OPEN.audit());
  }

  static PolicySettings known(Map<IpAddress, KnownVm> vms) {
    return new PolicySettings(
        Optional.empty(), OPEN.silence(), vms, Map.of(), OPEN.sites(), 0, OPEN.audit());
  }

  public static PolicySettings capacity(Map<SiteId, Integer> capacity) {
    return new PolicySettings(
        Optional.empty(), OPEN.silence(), Map.of(), capacity, OPEN.sites(), 0, OPEN.audit());
  }

  static PolicySettings audit(int perSecond, int burst) {
    return new PolicySettings(
        Optional.empty(),
        OPEN.silence(),
        Map.of(),
        Map.of(),
        OPEN.sites(),
        0,
        new AuditRule(perSecond, burst));
  }

  public static PolicySettings release(Duration after, Duration gapMax) {
    return new PolicySettings(
        Optional.empty(),
        new SilenceRule(Optional.of(after), gapMax),
        Map.of(),
        Map.of(),
        OPEN.sites(),
        0,
        OPEN.audit());
  }
}
