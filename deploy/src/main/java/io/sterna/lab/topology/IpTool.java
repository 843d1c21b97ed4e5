package io.sterna.lab.topology;

import io.sterna.lab.LabException;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the {@code ip} command of iproute2, and others of its kind. */
public final class IpTool {
  private static final int TIMEOUT_SECONDS = 30;

  /**
   * Runs lines in a namespace; an empty name is our own.
   *
   * @throws LabException with what {@code ip} said if a line failed; earlier lines stand
   */
  public void batch(String namespace, List<String> lines) throws LabException {
    List<String> command = new ArrayList<>(List.of("ip"));
    if (!namespace.isEmpty()) {
      command.addAll(List.of("-n", namespace));
    }
    command.addAll(List.of("-batch", "-"));
    run(command, String.join("\n", lines) + "\n");
  }

  /**
   * Runs one command and returns what it printed.
   *
   * @throws LabException with what it said if it failed
   */
  public String run(List<String> command, String input) throws LabException {
    Process process = null;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new LabException("'" + String.join(" ", command) + "' does not end");
      }
      if (process.exitValue() != 0) {
        throw new LabException(
            "'" + String.join(" ", command) + "' failed: " + said.strip().replace('\n', ' '));
      }
      return said;
    } catch (IOException e) {
      throw new LabException("cannot run '" + command.get(0) + "': " + FileReason.why(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while running '" + command.get(0) + "'", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }
}
