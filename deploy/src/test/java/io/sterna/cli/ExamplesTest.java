package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.scenario.ScenarioFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the distribution brings along is what the commands read. */
final class ExamplesTest {
  private static final Path DISTRIBUTION = Path.of("src/main/distribution");

  @Test
  void theLoadIsALoad() throws Exception {
    Scenario load = ScenarioFile.read(DISTRIBUTION.resolve("conf/load.yaml"));
    assertEquals(3, load.fes());
    assertTrue(Ran.sterna("load", "run", "--help").out().contains("conf/load.yaml"));
  }

  @Test
  void theScenarioIsPlannedFor(@TempDir Path folder) throws Exception {
    String scenario = DISTRIBUTION.resolve("examples/scenario").toString();
    Ran ran = Ran.sterna("plan", scenario, "--out", folder.toString());
    assertEquals(0, ran.status(), ran.err());
    // It shows something: there is a step that pays.
    assertTrue(Files.readAllLines(folder.resolve("plan.csv")).size() > 1);
    assertTrue(Ran.sterna("plan", "--help").out().contains("examples/scenario"));
  }
}
