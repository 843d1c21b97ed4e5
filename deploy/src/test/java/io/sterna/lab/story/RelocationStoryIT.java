package io.sterna.lab.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything real: VMs that talk are seen, planned for and moved, and the links between sites fall
 * silent.
 */
class RelocationStoryIT {
  @Test
  void vmsThatTalkAreMovedTogether(@TempDir Path folder, TestReporter reporter) throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    RelocationStory story =
        new RelocationStory(LabOfTests.settings(folder), new Progress(LabOfTests.silence()));
    int status = story.run(true, out);
    JsonNode result = new ObjectMapper().readTree(said.toByteArray());
    reporter.publishEntry(result.toString());
    assertEquals("[]", result.path("broken").toString(), result.toPrettyString());
    assertEquals(0, status);
    assertEquals(2, result.path("plan").path("steps").size(), result.toPrettyString());
    assertTrue(result.path("wide_area_mbps_before").asDouble() > 25, result.toPrettyString());
  }
}
