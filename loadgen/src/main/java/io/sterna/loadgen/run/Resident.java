package io.sterna.loadgen.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much memory of processes is in the machine, the kernel's {@code VmRSS}. */
final class Resident {
  private static final int KIBIBYTES = 1024;

  private Resident() {}

  /** Mebibytes of each process by its name; 0 where the kernel does not say. */
  static Map<String, Long> mebibytes(Map<String, ProcessHandle> processes) {
    Map<String, Long> all = new LinkedHashMap<>();
    processes.forEach((name, process) -> all.put(name, mebibytes(process.pid())));
    return all;
  }

  private static long mebibytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // It has ended, or this is no Linux.
    }
    return 0;
  }
}
