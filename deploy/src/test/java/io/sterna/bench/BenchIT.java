package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution measures two figures of one short load, with real processes. */
class BenchIT {
  private static final int BOUND_SECONDS = 420;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @Test
  void aShortLoadYieldsALineForEachFigureAndLeavesNothing() throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Path work = Files.createDirectory(folder.resolve("work"));
    Process bench =
        new ProcessBuilder(
                Path.of("target", "sterna", "bin", "sterna").toString(),
                "bench",
                "--only",
                "changes-8-fes,cpu-per-change-8-fes",
                "--warm-up-seconds",
                "2",
                "--seconds",
                "5",
                "--vms",
                "2000",
                "--work",
                work.toString(),
                "--output",
                "json")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(bench.waitFor(BOUND_SECONDS, TimeUnit.SECONDS), () -> text(err));
    List<String> lines = Files.readAllLines(out);
    assertEquals(2, lines.size(), () -> text(err));
    checkLine(lines.get(0), "changes-8-fes", "changes/s");
    checkLine(lines.get(1), "cpu-per-change-8-fes", "us");
    assertTrue(text(err).contains("load: "), "no progress");
    try (Stream<Path> left = Files.list(work)) {
      assertEquals(Set.of(), left.collect(Collectors.toSet()));
    }
    assertEquals(0, bench.toHandle().descendants().count());
  }

  private static void checkLine(String line, String name, String unit) throws IOException {
    JsonNode figure = new ObjectMapper().readTree(line);
    assertEquals(name, figure.path("name").asText());
    assertEquals(unit, figure.path("unit").asText());
    assertFalse(figure.has("failure"), line);
    assertTrue(figure.path("value").asDouble() > 0, line);
    assertTrue(figure.path("holds").isBoolean(), line);
    assertTrue(figure.path("bar").asText().matches("[<>]= \\d+"), line);
    JsonNode conditions = figure.path("conditions");
    assertEquals(8, conditions.path("fes").asInt(), line);
    assertEquals(2_000, conditions.path("vms").asInt(), line);
    assertEquals("periodic", conditions.path("commitlog_sync").asText(), line);
    assertEquals(5, conditions.path("seconds").asDouble(), 1, line);
    for (String process : List.of("controller", "cassandra", "load")) {
      assertTrue(conditions.path("cpu_us_per_change_" + process).asDouble() > 0, line);
    }
    assertFalse(conditions.path("version").asText().isEmpty(), line);
    assertFalse(conditions.path("machine").asText().isEmpty(), line);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }
}
