package io.sterna.loadgen.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {
  private static final String GOOD =
      """
      controllers: [127.0.0.1:4780, "[::1]:4781"]
      tls: { authority: ca.pem, certificate-folder: fes }
      fes: 8
      vms: 1000
      prefix: 10.20.0.0/16
      arrival-rate-per-second: 500
      mobility: ping-pong
      warm-up: 2s
      duration: 500ms
      seed: 7
      claims-in-flight-max: 100
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @Test
  void everyKeyIsRead() throws Exception {
    Scenario scenario = read(GOOD);
    assertEquals(
        List.of(new ControllerAddress("127.0.0.1", 4780), new ControllerAddress("::1", 4781)),
        scenario.controllers());
    assertEquals(folder.resolve("ca.pem"), scenario.tls().authority());
    assertEquals(folder.resolve("fes"), scenario.tls().certificateFolder());
    assertEquals(8, scenario.fes());
    assertEquals(1000, scenario.vms());
    assertEquals(IpPrefix.parse("10.20.0.0/16"), scenario.prefix());
    assertEquals(new ArrivalRate(500), scenario.arrivalRate());
    assertEquals(Mobility.PING_PONG, scenario.mobility());
    assertEquals(Duration.ofSeconds(2), scenario.warmUp());
    assertEquals(Duration.ofMillis(500), scenario.duration());
    assertEquals(7, scenario.seed());
    assertEquals(100, scenario.claimsInFlightMax());
    assertEquals(Duration.ofMillis(25), scenario.appliedInterval());
  }

  @Test
  void aWarmUpMayHaveARateOfItsOwn() throws Exception {
    assertEquals(new ArrivalRate(500), read(GOOD).warmUpRate());
    assertEquals(Duration.ZERO, read(GOOD).settle());
    assertEquals(Duration.ofSeconds(3), read(GOOD + "settle: 3s\n").settle());
    assertTrue(read(GOOD + "warm-up-rate-per-second: max\n").warmUpRate().isMax());
  }

  @Test
  void theLastElementMayStall() throws Exception {
    assertNull(read(GOOD).stall());
    assertEquals(read(GOOD).fes(), read(GOOD).claimants());
    Scenario scenario = read(GOOD + "stall: { after: 100ms, lasts: 400ms }\n");
    assertEquals(
        new Scenario.Stall(Duration.ofMillis(100), Duration.ofMillis(400)), scenario.stall());
    assertEquals(scenario.fes() - 1, scenario.claimants());
  }

  @Test
  void realElementsMayBeWaitedFor() throws Exception {
    assertNull(read(GOOD).followers());
    String atMax = GOOD.replace("-second: 500", "-second: max");
    assertEquals(
        new Scenario.Followers(List.of(new FeId("fe9"), new FeId("rack7")), 999),
        read(atMax + "followers: { fes: [fe9, rack7], behind-max: 999 }\n").followers());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | fe9 | 10 | followers: only an arrival rate of max waits for anybody",
        "max | fe8 | 10 | followers.fes: fe8 is emulated here",
        "max | 'fe9, no blanks' | 10 | followers.fes: ",
        "max | fe9 | 1000 | followers.behind-max: expected a whole number from 1 to 999",
        "max | fe9 | 0 | followers.behind-max: expected a whole number",
      })
  void followersThatCannotBeWaitedForAreRefused(
      String rate, String fes, String behindMax, String complaint) {
    String text =
        GOOD.replace("-second: 500", "-second: " + rate)
            + "followers: { fes: [%s], behind-max: %s }%n".formatted(fes, behindMax);
    ScenarioException thrown = assertThrows(ScenarioException.class, () -> read(text));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.startsWith(folder.resolve("load.yaml") + ": " + complaint), message);
  }

  @Test
  void maxIsARate() throws Exception {
    Scenario scenario = read(GOOD.replace("-second: 500", "-second: max"));
    assertTrue(scenario.arrivalRate().isMax());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fes: 8 | fess: 8 | fess: unknown key",
        "fes: 8 | '' | fes: missing",
        "fes: 8 | fes: 1 | fes: expected a whole number",
        "fes: 8 | fes: many | fes: expected a whole number",
        "vms: 1000 | vms: 70000 | vms: 10.20.0.0/16 has 65536 addresses only",
        "10.20.0.0/16 | 10.20.0.1/16 | prefix: ",
        "10.20.0.0/16 | [] | prefix: expected one value",
        "127.0.0.1:4780 | 127.0.0.1 | controllers: '127.0.0.1' is not host:port",
        "second: 500 | second: 0 | arrival-rate-per-second: '0' is neither",
        "ping-pong | random | mobility: 'random' is not one of [uniform, ping-pong]",
        "500ms | 500 | duration: expected a duration",
        "500ms | 1ms | duration: is shorter than 100ms",
        "ca.pem, | ca.pem, key: k, | tls.key: unknown key",
        "authority: ca.pem, | '' | tls.authority: missing",
        "seed: 7 | 'seed: 7\nstall: { after: 1s, lasts: 1s }' | stall: must end within",
        "seed: 7 | 'seed: 7\nstall: { lasts: 100ms }' | stall.after: missing",
        "seed: 7 | 'seed: 7\nstall: { after: 0s, lasts: 0s }' | stall.lasts: is shorter",
        "seed: 7 | seed: x | seed: expected a whole number",
        "seed: 7 | 'seed: 7\nseed: 8' | line 11: ",
        "seed: 7 | 'seed: [7' | line ",
      })
  void whatIsBadIsOneLine(String good, String bad, String complaint) {
    String text = GOOD.replace(good, bad.replace("\\n", "\n"));
    ScenarioException thrown = assertThrows(ScenarioException.class, () -> read(text));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.startsWith(folder.resolve("load.yaml") + ": " + complaint), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void missingFileIsOneLine() {
    assertThrows(ScenarioException.class, () -> ScenarioFile.read(folder.resolve("none.yaml")));
  }

  private Scenario read(String text) throws ScenarioException, IOException {
    return ScenarioFile.read(Files.writeString(folder.resolve("load.yaml"), text));
  }
}
