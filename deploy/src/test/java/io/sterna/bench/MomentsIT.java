package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabOfTests;
import io.sterna.lab.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The record says of any past moment what the controllers said then, whatever happened to them. By
 * {@code -Dsterna.moments=1000 -Dsterna.moments.seed=7} any number with any seed.
 */
class MomentsIT {
  private static final int MOMENTS = Integer.getInteger("sterna.moments", 200);
  private static final long SEED = Long.getLong("sterna.moments.seed", 1);

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @Test
  void anyPastMomentIsWhatTheControllersSaidThen() throws Exception {
    Progress progress = new Progress(System.err);
    MomentsRun.Found found =
        new MomentsRun(MOMENTS, 1, 2, SEED).run(folder, LabOfTests.settings(folder), progress);
    progress.say(found.toString());
    assertEquals(List.of(), found.wrong(), () -> "seed " + SEED);
    // Else nothing was tested.
    assertEquals(MOMENTS, found.asked());
    assertTrue(found.epochMax() > 1, found::toString);
  }
}
