package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is generated for an experiment can be read by those it is for. */
class PlansTest {
  private static final List<FeId> FOLLOWERS = List.of(new FeId("fe3"), new FeId("fe4"));

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @ParameterizedTest
  @CsvSource({"1, 20", "4096, 20", "4097, 19", "100000, 15", "1000000, 12", "1048576, 12"})
  void thePrefixIsTheSmallestOfWholeRangesThatHoldsAllAddresses(int addresses, int length) {
    TestbedPlan plan = new TestbedPlan(2, addresses, 1, CommitLogSync.PERIODIC);
    assertEquals("10.64.0.0/" + length, plan.mobilePrefix());
    assertEquals(length, IpPrefix.parse(plan.mobilePrefix()).length());
  }

  @Test
  void theLastRangeEndsWhereThePrefixEnds() {
    assertEquals("10.64.0.0/20", new TestbedPlan(2, 10, 1, CommitLogSync.PERIODIC).lastRange());
    TestbedPlan plan = new TestbedPlan(2, 100_000, 1, CommitLogSync.PERIODIC);
    assertEquals("10.65.240.0/20", plan.lastRange());
  }

  @Test
  void theControllersFileNamesEveryElementOnce() {
    TestbedPlan plan = new TestbedPlan(1_000, 10_000, 7, CommitLogSync.BATCH);
    String text = plan.controllerFile("127.0.0.1", new TestbedPlan.Ports(1, 2, 3, 4));
    Config config = ConfigFactory.parseString(text).getConfig("sterna.controller");
    assertEquals(7, config.getInt("southbound.claims-max"));
    assertEquals(
        1_000,
        config.getConfigList("forwarding-elements").stream()
            .map(element -> element.getString("underlay"))
            .distinct()
            .count());
  }

  @Test
  void theScenarioIsReadByTheLoadGenerator() throws Exception {
    LoadPlan plan =
        new LoadPlan(
            8,
            1_000,
            Mobility.PING_PONG,
            "100",
            8_000,
            LoadPlan.MAX,
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Optional.of(new LoadPlan.Stall(Duration.ofSeconds(1), Duration.ofSeconds(2))),
            Optional.empty(),
            Duration.ofMillis(250));
    Path file =
        Files.writeString(
            folder.resolve("load.yaml"), plan.scenario("127.0.0.1:4780", "10.64.0.0/20"));
    Scenario scenario = ScenarioFile.read(file);
    assertEquals(100, scenario.arrivalRate().perSecond());
    assertEquals(Mobility.PING_PONG, scenario.mobility());
    assertTrue(scenario.warmUpRate().isMax());
    assertEquals(1_000, scenario.claimsInFlightMax());
    assertEquals(Duration.ofMillis(250), scenario.appliedInterval());
    assertEquals(Duration.ofSeconds(3), scenario.warmUp());
    assertEquals(Duration.ofSeconds(4), scenario.settle());
    assertEquals(Duration.ofSeconds(5), scenario.duration());
    assertEquals(
        new Scenario.Stall(Duration.ofSeconds(1), Duration.ofSeconds(2)), scenario.stall());
  }

  @Test
  void whoIsWaitedForIsReadByTheLoadGenerator() throws Exception {
    FollowingAgents experiment = FollowingAgents.of(2, 1_000);
    LoadPlan plan = experiment.load(Duration.ofSeconds(3), Duration.ofSeconds(5), FOLLOWERS);
    Path file =
        Files.writeString(
            folder.resolve("load.yaml"), plan.scenario("127.0.0.1:4780", "10.64.0.0/20"));
    Scenario scenario = ScenarioFile.read(file);
    assertEquals(new Scenario.Followers(FOLLOWERS, 500), scenario.followers());
    assertEquals(Mobility.PING_PONG, scenario.mobility());
    assertTrue(scenario.arrivalRate().isMax());
    assertEquals(500, scenario.claimsInFlightMax());
    LoadPlan many =
        FollowingAgents.of(2, 1_000_000)
            .load(Duration.ofSeconds(3), Duration.ofSeconds(5), FOLLOWERS);
    Files.writeString(file, many.scenario("127.0.0.1:4780", "10.64.0.0/12"));
    assertEquals(100_000, ScenarioFile.read(file).claimsInFlightMax());
  }

  @Test
  void everyElementMayClaim() {
    assertEquals(1, LoadPlan.bindOnly(1_000, 10, 8).window());
    assertEquals(4_000, LoadPlan.bindOnly(2, 10, 8_000).window());
  }
}
