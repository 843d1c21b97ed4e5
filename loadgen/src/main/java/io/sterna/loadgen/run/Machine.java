package io.sterna.loadgen.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a run ran on.
 *
 * @param cores processors that the process may use
 * @param memoryMebibytes all of the machine's memory; 0 if it is not known
 * @param kernel name and version
 * @param java the virtual machine of this process
 */
public record Machine(int cores, long memoryMebibytes, String kernel, String java) {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final long KIBIBYTES = 1024;

  /** This machine. */
  public static Machine local() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        memory(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  private static long memory() {
    try {
      for (String line : Files.readAllLines(MEMORY)) {
        if (line.startsWith("MemTotal:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // A machine without this file: its memory is not known.
    }
    return 0;
  }
}
