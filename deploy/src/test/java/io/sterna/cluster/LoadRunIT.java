package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One controller and its Cassandra under a small load that eight emulated elements make. */
@ExtendWith(SharedStore.Resolver.class)
class LoadRunIT {
  private static final int FES = 8;
  private static final int RATE = 500;
  private static final int VMS = 5_000;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @Test
  void everyEventIsAcknowledgedAndEveryCheckHolds(SharedStore store) throws Exception {
    try (LoadedController loaded = new LoadedController(folder, store, FES, "")) {
      check(loaded.load(VMS, RATE, Duration.ofSeconds(5)));
    }
  }

  private static void check(JsonNode result) {
    assertTrue(result.path("holds").asBoolean(), result::toPrettyString);
    for (String name : List.of("NoAcknowledgedLoss", "NoStaleOverwrite", "Converges")) {
      assertTrue(result.path("checks").path(name).path("holds").asBoolean(), name);
    }
    assertFalse(result.path("interrupted").asBoolean());
    JsonNode counts = result.path("counts");
    assertEquals(0, counts.path("lost").asLong(), result::toPrettyString);
    assertEquals(
        counts.path("events").asLong(),
        counts.path("accepted").asLong() + counts.path("superseded").asLong());
    assertEquals(0, counts.path("sessionsLost").asLong(), result::toPrettyString);
    assertEquals(RATE, result.path("acceptedPerSecond").asDouble(), RATE / 4.0);
    for (String latency : List.of("acknowledgedMs", "installedAtLastMs")) {
      assertTrue(result.path(latency).path("count").asLong() > 0, latency);
      assertTrue(result.path(latency).path("p50").asDouble() > 0, latency);
    }
    assertTrue(
        result.path("installedAtLastMs").path("p99").asDouble()
            >= result.path("installedAtLastMs").path("p50").asDouble());
    assertTrue(counts.path("bytesIn").asLong() > 0);
    assertTrue(counts.path("bytesOut").asLong() > 0);
  }
}
