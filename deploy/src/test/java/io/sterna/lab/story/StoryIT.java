package io.sterna.lab.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.LabSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story, whole, with everything real: once on this kernel, once over emulated sites. How fast
 * it must be on a quiet machine is for {@code deploy/demo --moves 30}; here, what must hold however
 * busy the machine is, and bounds that only something broken exceeds.
 */
class StoryIT {
  private static final int MOVES = 3;
  private static final double INSTALLED_MS_MAX = 1_000;
  private static final double LOST_MEDIAN_MAX = 2;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @Test
  void vmMovesAndControllerDiesOnThisKernel() throws Exception {
    JsonNode result = tell(false);
    assertEquals("kernel", result.path("data_plane").asText());
    assertPromises(result);
    // The kernel keeps packets until it is known where they go; emulated sites do not.
    double lost = result.path("lost_probes_median").asDouble(Double.NaN);
    assertTrue(lost <= LOST_MEDIAN_MAX, result.toPrettyString());
    for (String name : new String[] {"core", "ext", "fe1", "fe2", "fe3", "vm11"}) {
      assertTrue(Files.notExists(Path.of("/run/netns", LabOfTests.PREFIX + "-" + name)), name);
    }
  }

  @Test
  void vmMovesAndControllerDiesOverEmulatedSites() throws Exception {
    JsonNode result = tell(true);
    assertEquals("emulated", result.path("data_plane").asText());
    assertPromises(result);
  }

  private JsonNode tell(boolean emulated) throws Exception {
    LabSettings lab = LabOfTests.settings(folder);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream progress = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        PrintStream progressOut = new PrintStream(progress, true, StandardCharsets.UTF_8)) {
      int status =
          new DemoStory()
              .run(new StorySettings(lab, MOVES, 3, false, emulated, true), out, progressOut);
      JsonNode result = new ObjectMapper().readTree(said.toString(StandardCharsets.UTF_8));
      assertEquals(result.path("ok").asBoolean() ? 0 : 1, status);
      return result;
    }
  }

  private static void assertPromises(JsonNode result) {
    String all = result.toPrettyString();
    assertEquals(MOVES, result.path("moves").asInt(), all);
    assertTrue(result.path("tcp_survived").asBoolean(), all);
    assertEquals(0, result.path("forgotten").asInt(-1), all);
    assertEquals(0, result.path("failover_lost_probes").asInt(-1), all);
    assertNotEquals(
        result.path("failover_killed").asText(), result.path("failover_new_owner").asText(), all);
    double worstMs = result.path("announce_to_installed_ms_max").asDouble(Double.NaN);
    assertTrue(worstMs > 0 && worstMs < INSTALLED_MS_MAX, all);
    // A probe each millisecond: no more can be lost than there were milliseconds of a stale table.
    assertTrue(result.path("lost_probes_max").asDouble(Double.NaN) <= worstMs, all);
  }
}
