package io.sterna.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.execution.ExecutionSettings;
import io.sterna.controller.policy.PolicySettings;
import io.sterna.controller.policy.PolicySettings.DampingRule;
import io.sterna.controller.policy.PolicySettings.KnownVm;
import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.relocation.online.RelocationSettings;
import io.sterna.monitoring.matrix.MatrixSettings;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerSettingsTest {
  private static final String NETWORK =
      """
      network {
        sites = [
          { id = site1, latitude = 48.1, longitude = 11.6, vm-capacity = 200 }
          { id = site2, latitude = -1, longitude = 36.8, vm-capacity = 100,
            memory-capacity-mib = 65536, price-per-vm-hour = 0.05 }
        ]
        links = [
          { from = site1, to = site2, capacity-mbps = 1000, rtt-ms = 12.5, price-per-gib = 0.01 }
          { from = site2, to = site1, capacity-mbps = 500, rtt-ms = 12.5 }
        ]
      }
      """;

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

  private static final String SITES =
      """
      s1 = { id = site1, latitude = 1, longitude = 2, vm-capacity = 3 }
      s2 = { id = site2, latitude = 1, longitude = 2, vm-capacity = 3 }
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
  void asManyRangesWriteAtOnceAsThereAreProcessorsUnlessItIsConfigured() {
    assertEquals(2, ControllerSettings.commitsAtOnce(0, 1));
    assertEquals(2, ControllerSettings.commitsAtOnce(0, 2));
    assertEquals(8, ControllerSettings.commitsAtOnce(0, 8));
    assertEquals(1, ControllerSettings.commitsAtOnce(1, 8));
    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals(Math.max(2, processors), read("").rangeLimits().commitsAtOnce());
    assertEquals(7, read("ranges.commits-at-once = 7").rangeLimits().commitsAtOnce());
  }

  @Test
  void relocationIsOffAndGentleUnlessItIsConfigured() {
    ExecutionSettings off = read("").relocation();
    assertFalse(off.enabled());
    RelocationSettings usual =
        RelocationSettings.usual(
            Algorithm.STERNA, new Objective(1, 0, 0, 0, 0, 0.00001), off.planning().movesPerHour());
    assertEquals(usual.schedule(), off.planning().schedule());
    assertEquals(usual.confirm(), off.planning().confirm());
    assertEquals(usual.dwell(), off.planning().dwell());
    assertEquals(usual.returnAfter(), off.planning().returnAfter());
    assertEquals(usual.gainMin(), off.planning().gainMin());
    assertEquals(usual.stepGainMin(), off.planning().stepGainMin());
    assertEquals(usual.overload(), off.planning().overload());
    assertEquals(usual.objective(), off.planning().objective());
    assertEquals(0, off.planning().automaticMovesMax(), "an operator approves");
    ExecutionSettings on =
        read(NETWORK
                + "relocation { enabled = true, approval.mode = automatic, algorithm = descent }")
            .relocation();
    assertTrue(on.enabled());
    assertEquals(50, on.planning().automaticMovesMax());
    assertEquals(Algorithm.DESCENT, on.planning().algorithm());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relocation.algorithm = magic | algorithm | 'magic' is none of",
        "relocation.approval.mode = maybe | approval.mode | neither manual nor automatic",
        "relocation.hysteresis.confirm = 15m | hysteresis.confirm | must be shorter than schedule",
        "relocation.hysteresis.return-after = 1m | hysteresis.return-after | is shorter than dwell",
        "relocation.hysteresis.plan-gain-percent = 100 | hysteresis.plan-gain-percent | not between",
        "relocation.weights.rtt = -1 | rtt | -1.0 is not 0 or more",
        "relocation.weights.link-load = 0 | link-load | nothing can be gained",
        "relocation.budget.moves-per-hour = 0 | budget.moves-per-hour | below 1",
        "relocation.budget.bytes-per-hour = 5 | budget.bytes-per-hour | at least 1 MiB",
        "relocation.schedule = 0s | schedule | longer than nothing",
        "relocation.vm-memory = 5 | vm-memory | at least 1 MiB",
        "relocation.enabled = true | relocation.enabled | needs network.sites",
      })
  void badRelocationIsNamed(String line, String key, String reason) {
    ConfigException bad = assertThrows(ConfigException.class, () -> read(line));
    String message = String.valueOf(bad.getMessage());
    assertTrue(message.contains(key), message);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void policyIsOpenUnlessItIsConfigured() {
    PolicySettings open = read("").policy();
    assertEquals(Optional.empty(), open.damping());
    assertEquals(Optional.empty(), open.silence().releaseAfter());
    assertEquals(Map.of(), open.knownVms());
    assertEquals(Map.of(), open.siteCapacity());
    assertEquals(0, open.claimsPerSecond());
    assertEquals(new SiteId("site2"), open.sites().get(new FeId("fe2")));
  }

  @Test
  void policyIsReadAsItIsWritten() {
    PolicySettings policy =
        read("""
            policy {
              damping { moves-max = 5, exempt-evidence = [rarp, unsolicited-na] }
              silence.release-after = 1h
              known-vms = [
                { address = "10.10.1.11", mac = "02:00:00:00:01:11", sites = [site1, site2] }
                { address = "10.10.1.12" }
              ]
              site-capacity = [{ site = site1, vms = 1000 }]
              claims-per-second = 50
            }
            """)
            .policy();
    assertEquals(
        Optional.of(
            new DampingRule(
                5,
                Duration.ofSeconds(180),
                Duration.ofSeconds(60),
                Set.of(Evidence.RARP, Evidence.UNSOLICITED_NA))),
        policy.damping());
    assertEquals(Optional.of(Duration.ofHours(1)), policy.silence().releaseAfter());
    assertEquals(
        Map.of(
            IpAddress.parse("10.10.1.11"),
            new KnownVm(
                Optional.of(MacAddress.parse("02:00:00:00:01:11")),
                Set.of(new SiteId("site1"), new SiteId("site2"))),
            IpAddress.parse("10.10.1.12"),
            new KnownVm(Optional.empty(), Set.of())),
        policy.knownVms());
    assertEquals(Map.of(new SiteId("site1"), 1000), policy.siteCapacity());
    assertEquals(50, policy.claimsPerSecond());
  }

  @Test
  void theNetworkIsReadIfItIsConfigured() {
    assertEquals(Optional.empty(), read("").network());
    Network network = read(NETWORK).network().orElseThrow();
    assertEquals(
        List.of(
            new Site(new SiteId("site1"), 48.1, 11.6, 200, Site.ANY_MEMORY, 0),
            new Site(new SiteId("site2"), -1, 36.8, 100, 65_536, 0.05)),
        network.sites());
    assertEquals(
        List.of(
            new Link(new SiteId("site1"), new SiteId("site2"), 1000, 12.5, 0.01),
            new Link(new SiteId("site2"), new SiteId("site1"), 500, 12.5, 0)),
        network.links());
    assertEquals(MatrixSettings.DEFAULT, read("").traffic());
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
        "ranges.commits-at-once = -1 | commits-at-once | below 0",
        "ranges.batch-limit = 2001 | batch-limit | above 2000",
        "ranges.recent-deltas-limit = 1000 | recent-deltas-limit | below 1024",
        "ranges.recent-deltas-limit = 65MiB | recent-deltas-limit | above 67108864",
        "ranges.bindings-max = 1048577 | bindings-max | above 1048576",
        "policy.damping.moves-max = -1 | moves-max | below 0",
        "policy.damping.moves-max = 1001 | moves-max | above 1000",
        "policy.damping.window = 0s | window | longer than nothing",
        "policy.damping.hold = 0s | hold | longer than nothing",
        "policy.damping.exempt-evidence = [arp] | exempt-evidence | 'arp' is none of gratuitous-arp",
        "policy.silence.release-after = 0s | release-after | longer than nothing",
        "policy.silence.report-gap-max = 0s | report-gap-max | longer than nothing",
        "policy.known-vms = [{address = \"10.10.1.256\"}] | address | not an IPv4",
        "policy.known-vms = [{address = \"10.10.1.1\"}, {address = \"10.10.1.1\"}] | address | twice",
        "policy.known-vms = [{address = \"10.10.1.1\", mac = \"x\"}] | mac | not a MAC",
        "policy.known-vms = [{address = \"10.10.1.1\", sites = [site9]}] | sites | 'site9' is the site"
            + " of no forwarding element",
        "policy.site-capacity = [{site = site9, vms = 1}] | site | no forwarding element",
        "policy.site-capacity = [{site = site1, vms = -1}] | vms | below 0",
        "policy.site-capacity = [{site = site1, vms = 1}, {site = site1, vms = 2}] | site | twice",
        "policy.claims-per-second = -1 | claims-per-second | below 0",
        "policy.audit.refusals-per-second = 0 | refusals-per-second | below 1",
        "traffic.time-constant = 0s | time-constant | longer than nothing",
        "traffic.tail-items-max = 12 | tail-items-max | no power of two",
        "network.sites = [{id=site1,latitude=1,longitude=2,vm-capacity=3}] | sites | lack site2",
        "network.links = [{from=site1,to=site2,capacity-mbps=1,rtt-ms=1}] | sites | is empty",
        "network.sites = [{id=site1,latitude=91,longitude=2,vm-capacity=3}] | latitude | 91.0 is not"
            + " between -90 and 90",
        "network.sites = [{id=site1,latitude=1,longitude=2,vm-capacity=-3}] | vm-capacity | -3",
        "network.sites = [${s1},${s1}] | id | site1 is listed twice",
        "network.sites = [${s1},${s2}] | links | no path from site1 to site2",
        "network { sites = [${s1},${s2}], links = [{from=site1,to=site9,capacity-mbps=1,rtt-ms=1}] }"
            + " | to | 'site9' is none of the sites",
        "network { sites = [${s1},${s2}], links = [{from=site1,to=site1,capacity-mbps=1,rtt-ms=1}] }"
            + " | to | to itself",
        "network { sites = [${s1},${s2}], links = [{from=site1,to=site2,capacity-mbps=0,rtt-ms=1}] }"
            + " | capacity-mbps | is 0",
        "policy.audit.refusals-burst = 0 | refusals-burst | below 1",
      })
  void whatIsWrongIsNamed(String line, String key, String reason) {
    ConfigException failure = assertThrows(ConfigException.class, () -> read(line));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(key), message);
    assertTrue(message.contains(reason), message);
  }

  private static ControllerSettings read(String line) {
    Config config =
        ConfigFactory.parseString(SITES + "sterna.controller { " + line + " }")
            .withFallback(ConfigFactory.parseString(GOOD))
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    return ControllerSettings.from(config, Path.of("/etc/sterna"));
  }
}
