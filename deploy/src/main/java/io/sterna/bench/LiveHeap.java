package io.sterna.bench;

import io.sterna.lab.LabException;
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
    return total(jcmd(pid, "GC.class_histogram"));
  }

  /**
   * What a process answers.
   *
   * @throws LabException if there is no {@code jcmd}, or the process does not answer it
   */
  static String jcmd(long pid, String question) throws LabException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      throw new LabException("no " + jcmd + ": this needs a JDK, not only its runtime");
    }
    return Tool.output(List.of(jcmd.toString(), String.valueOf(pid), question));
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
