package io.sterna.controller;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sterna.controller.policy.PolicySettings;
import io.sterna.controller.policy.PolicySettings.AuditRule;
import io.sterna.controller.policy.PolicySettings.DampingRule;
import io.sterna.controller.policy.PolicySettings.KnownVm;
import io.sterna.controller.policy.PolicySettings.SilenceRule;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what {@code reference.conf} documents under {@code sterna.controller.policy}. */
final class PolicyReader {
  private static final int MOVES_MAX = 1000;

  private final Set<SiteId> known;

  private PolicyReader(Set<SiteId> known) {
    this.known = known;
  }

  /**
   * @param elements the inventory: nobody else can claim
   * @throws ConfigException with origin, key and reason
   */
  static PolicySettings read(Config config, List<FeEndpoint> elements) {
    Map<FeId, SiteId> sites =
        elements.stream().collect(Collectors.toMap(FeEndpoint::fe, FeEndpoint::site));
    PolicyReader reader = new PolicyReader(Set.copyOf(sites.values()));
    Config audit = config.getConfig("audit");
    return new PolicySettings(
        damping(config.getConfig("damping")),
        silence(config.getConfig("silence")),
        reader.knownVms(config),
        reader.siteCapacity(config),
        sites,
        ControllerSettings.notNegative(config, "claims-per-second"),
        new AuditRule(
            ControllerSettings.atLeastOne(audit, "refusals-per-second"),
            ControllerSettings.atLeastOne(audit, "refusals-burst")));
  }

  private static Optional<DampingRule> damping(Config config) {
    int movesMax = ControllerSettings.notNegative(config, "moves-max");
    if (movesMax > MOVES_MAX) {
      throw ControllerSettings.bad(config, "moves-max", movesMax + " is above " + MOVES_MAX);
    }
    DampingRule rule =
        new DampingRule(
            movesMax,
            ControllerSettings.positive(config, "window"),
            ControllerSettings.positive(config, "hold"),
            config.getStringList("exempt-evidence").stream()
                .map(name -> evidence(config, name))
                .collect(Collectors.toSet()));
    return movesMax == 0 ? Optional.empty() : Optional.of(rule);
  }

  private static Evidence evidence(Config config, String name) {
    return Arrays.stream(Evidence.values())
        .filter(evidence -> nameOf(evidence).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ControllerSettings.bad(
                    config,
                    "exempt-evidence",
                    "'"
                        + name
                        + "' is none of "
                        + Arrays.stream(Evidence.values())
                            .map(PolicyReader::nameOf)
                            .collect(Collectors.joining(", "))));
  }

  private static String nameOf(Evidence evidence) {
    return evidence.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static SilenceRule silence(Config config) {
    Optional<Duration> releaseAfter =
        config.getString("release-after").equals("never")
            ? Optional.empty()
            : Optional.of(ControllerSettings.positive(config, "release-after"));
    return new SilenceRule(releaseAfter, ControllerSettings.positive(config, "report-gap-max"));
  }

  private Map<IpAddress, KnownVm> knownVms(Config config) {
    Map<IpAddress, KnownVm> vms = new HashMap<>();
    for (Config each : config.getConfigList("known-vms")) {
      IpAddress address = ControllerSettings.parsed(each, "address", IpAddress::parse);
      if (vms.put(address, new KnownVm(mac(each), sites(each))) != null) {
        throw ControllerSettings.bad(each, "address", address + " is listed twice");
      }
    }
    return vms;
  }

  private static Optional<MacAddress> mac(Config vm) {
    return vm.hasPath("mac")
        ? Optional.of(ControllerSettings.parsed(vm, "mac", MacAddress::parse))
        : Optional.empty();
  }

  private Set<SiteId> sites(Config vm) {
    Set<SiteId> sites = new HashSet<>();
    if (vm.hasPath("sites")) {
      for (String name : vm.getStringList("sites")) {
        sites.add(site(vm, "sites", name));
      }
    }
    return sites;
  }

  private Map<SiteId, Integer> siteCapacity(Config config) {
    Map<SiteId, Integer> capacity = new HashMap<>();
    for (Config each : config.getConfigList("site-capacity")) {
      SiteId site = site(each, "site", each.getString("site"));
      if (capacity.put(site, ControllerSettings.notNegative(each, "vms")) != null) {
        throw ControllerSettings.bad(each, "site", site + " is listed twice");
      }
    }
    return capacity;
  }

  /** A name that no element has would be a rule that never holds: surely a mistake. */
  private SiteId site(Config config, String key, String name) {
    return known.stream()
        .filter(site -> site.value().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ControllerSettings.bad(
                    config, key, "'" + name + "' is the site of no forwarding element"));
  }
}
