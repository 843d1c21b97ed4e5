package io.sterna.lab;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A lab of its own for tests: other names, folders and ports than the lab of this machine. */
public final class LabOfTests {
  /** The first part of its namespaces' names. */
  public static final String PREFIX = "slab";

  private LabOfTests() {}

  /** Run by the distribution that this build has made, with everything below the folder. */
  public static LabSettings settings(Path folder) throws LabException {
    Path sterna = Path.of("target", "sterna", "bin", "sterna").toAbsolutePath();
    return new LabSettings(
        PREFIX,
        folder.resolve("state"),
        folder.resolve("work"),
        LabPorts.free(),
        List.of(sterna.toString()));
  }

  /** Says nothing. */
  public static PrintStream silence() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }
}
