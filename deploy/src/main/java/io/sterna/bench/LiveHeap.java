package io.sterna.bench;

import io.sterna.lab.LabException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Java process holds on to, as {@code jcmd} tells it. */
final class LiveHeap {
  private static final Pattern TOTAL =
      Pattern.compile("^Total\\s+(\\d+)\\s+(\\d+)\\s*$", Pattern.MULTILINE);

  private LiveHeap() {}

  /**
   * Collects all garbage of a process and counts what is left, in bytes.
   *
   * @throws LabException if there is no {@code jcmd}, or the process does not answer it
   */
  static long bytes(long pid) throws LabException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      throw new LabException("no " + jcmd + ": this needs a JDK, not only its runtime");
    }
    try {
      Process process =
          new ProcessBuilder(List.of(jcmd.toString(), "" + pid, "GC.class_histogram"))
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new LabException("jcmd ended with status " + status + ": " + said.strip());
      }
      return total(said);
    } catch (IOException e) {
      throw new LabException("cannot run " + jcmd + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** The bytes of all live objects in a class histogram. */
  static long total(String histogram) throws LabException {
    Matcher matcher = TOTAL.matcher(histogram);
    if (!matcher.find()) {
      throw new LabException("jcmd gave no total");
    }
    return Long.parseLong(matcher.group(2));
  }
}
