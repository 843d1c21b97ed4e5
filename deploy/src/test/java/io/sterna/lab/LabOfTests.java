package io.sterna.lab;

import io.sterna.lab.process.LabFiles;
import io.sterna.lab.topology.LabPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A lab of its own for tests: other names, folders and ports than the lab of this machine. */
public final class LabOfTests {
  /** The first part of its namespaces' names. */
  public static final String PREFIX = "slab";

  private LabOfTests() {}

  /**
   * Run by the distribution that this build has made, with everything below the folder. Only
   * Cassandra's class archive is kept for the next one: without it, each start and end takes
   * seconds more.
   */
  public static LabSettings settings(Path folder) throws LabException {
    LabSettings settings = withoutStore(folder);
    keepArchive(new LabFiles(settings, LabPlan.standard(PREFIX)).cassandraData());
    return settings;
  }

  /** The same for a lab that starts no Cassandra. */
  public static LabSettings withoutStore(Path folder) throws LabException {
    Path sterna = Path.of("target", "sterna", "bin", "sterna").toAbsolutePath();
    return new LabSettings(
        PREFIX,
        folder.resolve("state"),
        folder.resolve("work"),
        LabPorts.free(),
        List.of(sterna.toString()));
  }

  private static void keepArchive(Path cassandra) throws LabException {
    try {
      Path kept = Files.createDirectories(Path.of("target", "cassandra-cache").toAbsolutePath());
      Path cache = Files.createDirectories(cassandra).resolve("cache");
      if (Files.notExists(cache)) {
        Files.createSymbolicLink(cache, kept);
      }
    } catch (IOException e) {
      throw new LabException("cannot link to Cassandra's class archive: " + e, e);
    }
  }

  /** Says nothing. */
  public static PrintStream silence() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }
}
