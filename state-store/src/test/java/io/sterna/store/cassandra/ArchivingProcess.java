package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.protocol.RangeId;
import io.sterna.store.archive.ArchiveFolder;
import io.sterna.store.archive.ArchiveStep;
import io.sterna.store.archive.StretchCutter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that archives a range, and is killed at a step: CONTACT-POINT KEYSPACE FOLDER RANGE
 * STEP. Of SLOW instead of a step it waits a moment at each, to be killed from outside.
 */
final class ArchivingProcess {
  static final int HALTED = 137;
  static final String SLOW = "SLOW";
  private static final int PIECE = 25;
  private static final StretchCutter.Limits LIMITS = new StretchCutter.Limits(100, 1 << 20, 20);

  private ArchivingProcess() {}

  static Archiving.Way way(Archiving.Listener listener) {
    return new Archiving.Way(LIMITS, PIECE, "c1", InstantSource.system(), listener);
  }

  public static void main(String[] arguments) throws Exception {
    CassandraSettings settings =
        new CassandraSettings(List.of(arguments[0]), "datacenter1", arguments[1], 1);
    RangeId range = RangeId.parse(arguments[3]);
    AtomicInteger removed = new AtomicInteger();
    try (CqlSession session = SharedNode.session(settings)) {
      Archiving archiving =
          new Archiving(
              session,
              settings.keyspace(),
              new ArchiveFolder(Path.of(arguments[2])),
              way(
                  (step, stretch) -> {
                    if (arguments[4].equals(SLOW)) {
                      pause();
                    } else if (step == ArchiveStep.valueOf(arguments[4])
                        && (step != ArchiveStep.PARTLY_REMOVED || removed.incrementAndGet() == 2)) {
                      Runtime.getRuntime().halt(HALTED);
                    }
                  }));
      archiving.archive(range, List.of(), Long.MAX_VALUE, false);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
