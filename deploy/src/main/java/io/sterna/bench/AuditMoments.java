package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.LabSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Past moments of a load during which owners failed, rebuilt from the record.
 *
 * @param moments how many
 * @param seed of load, faults and choice
 */
record AuditMoments(int moments, long seed) implements Experiment<Reading> {
  private static final int ROUNDS = 2;
  private static final int DISTURBANCES = 3;

  @Override
  public Reading run(Bench bench) throws LabException {
    try {
      Path folder = Files.createTempDirectory(bench.settings().folder(), "sterna-moments-");
      try {
        MomentsRun.Found found =
            new MomentsRun(moments, ROUNDS, DISTURBANCES, seed)
                .run(folder, LabSettings.standard(), bench.progress());
        if (found.asked() < moments) {
          throw new LabException("only %d moments are known".formatted(found.known()));
        }
        Map<String, Object> conditions = bench.conditions();
        conditions.put("seed", seed);
        conditions.put("moments_known", found.known());
        conditions.put("asked_by_revision", found.asked());
        conditions.put("asked_by_time", found.askedByTime());
        conditions.put("controllers", 3);
        conditions.put("epoch_max", found.epochMax());
        conditions.put("disturbances", found.struck());
        if (!found.wrong().isEmpty()) {
          conditions.put("first_wrong", found.wrong().get(0));
        }
        return new Reading(found.wrong().size(), conditions);
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new LabException("no folder in " + bench.settings().folder() + ": " + e, e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }
}
