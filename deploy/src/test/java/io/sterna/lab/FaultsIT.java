package io.sterna.lab;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.fault.Fault;
import io.sterna.lab.fault.FaultCatalog;
import io.sterna.lab.fault.FaultRow;
import io.sterna.lab.fault.FaultRuns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever breaks while changes flow: nothing acknowledged is lost, and every range serves again.
 * The most telling faults; {@code deploy/faults} tries all, and holds them to their times, which
 * depend on what else the machine does.
 */
class FaultsIT {
  private static final long SEED = 1;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @Test
  void nothingIsLostAndEveryRangeServesAgain() throws Exception {
    Progress progress = new Progress(System.err);
    List<FaultRow> rows = new ArrayList<>();
    try (FaultRuns runs = FaultRuns.start(LabOfTests.settings(folder), SEED, progress)) {
      for (Fault fault : FaultCatalog.all()) {
        if (fault.quick()) {
          FaultRow row = runs.run(fault);
          progress.say(row.toJson().toString());
          rows.add(row);
        }
      }
    }
    assertAll(
        rows.stream().map(row -> () -> assertTrue(row.survived(), () -> row.toJson().toString())));
  }
}
