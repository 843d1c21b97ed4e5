package io.sterna.bench;

import io.sterna.lab.LabException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs that answer soon. */
final class Tool {
  private Tool() {}

  /**
   * What a program prints.
   *
   * @throws LabException with what it said if it fails
   */
  static String output(List<String> command) throws LabException {
    String name = command.get(0);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new LabException(
            "%s ended with status %d: %s".formatted(name, status, said.strip().replace('\n', ' ')));
      }
      return said;
    } catch (IOException e) {
      throw new LabException("cannot run " + name + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while " + name + " ran", e);
    }
  }
}
