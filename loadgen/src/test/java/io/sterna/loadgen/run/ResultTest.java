package io.sterna.loadgen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.loadgen.measure.Counts;
import io.sterna.loadgen.measure.Latency;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A result says all that is needed to do the same again. */
class ResultTest {
  @Test
  void saysWhoStallsAndWhen() {
    Scenario.Stall stall = new Scenario.Stall(Duration.ofSeconds(2), Duration.ofSeconds(3));
    JsonNode scenario = json(stall).path("scenario");
    assertEquals(2000, scenario.path("stall").path("afterMs").asLong());
    assertEquals(3000, scenario.path("stall").path("lastsMs").asLong());
    assertFalse(json(null).path("scenario").has("stall"));
  }

  @Test
  void saysWhoIsWaitedFor() {
    Scenario.Followers followers = new Scenario.Followers(List.of(new FeId("fe4")), 7);
    JsonNode said = json(followers, null).path("scenario").path("followers");
    assertEquals("fe4", said.path("fes").path(0).asText());
    assertEquals(7, said.path("behindMax").asInt());
    assertFalse(json(null).path("scenario").has("followers"));
  }

  @Test
  void saysHowManyWereNotSeenToEnd() {
    JsonNode acknowledged = json(null).path("acknowledgedMs");
    assertEquals(2, acknowledged.path("count").asLong());
    assertEquals(1, acknowledged.path("unfinished").asLong());
    assertTrue(acknowledged.path("max").asDouble() > 4_000);
  }

  private static JsonNode json(Scenario.@Nullable Stall stall) {
    return json(null, stall);
  }

  private static JsonNode json(
      Scenario.@Nullable Followers followers, Scenario.@Nullable Stall stall) {
    Latency latency = new Latency();
    latency.record(1_000_000);
    latency.recordUnfinished(5_000_000_000L);
    return new Result(
            ScenarioOfTests.of(3, 16, IpPrefix.parse("10.20.0.0/24"), followers, stall),
            Machine.local(),
            false,
            10,
            1,
            1,
            1,
            Map.of(),
            latency,
            new Latency(),
            null,
            new Counts().totals(),
            Map.of(),
            0,
            0,
            List.of())
        .toJson("1");
  }
}
