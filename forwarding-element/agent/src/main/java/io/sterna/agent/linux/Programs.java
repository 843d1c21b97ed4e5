package io.sterna.agent.linux;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the system's network programs inside a namespace; never on the way of a packet or move. */
final class Programs {
  private static final int TIMEOUT_SECONDS = 20;
  private static final int MAX_OUTPUT_BYTES = 4096;

  private final NetworkNamespace namespace;

  Programs(NetworkNamespace namespace) {
    this.namespace = namespace;
  }

  /**
   * Runs a program.
   *
   * @throws IOException if it is missing, fails or does not end: its name and what it said
   */
  void run(String... command) throws IOException {
    run(List.of(command));
  }

  /** As {@link #run(String...)}. */
  void run(List<String> command) throws IOException {
    runUnless("", command);
  }

  /**
   * As {@link #run(String...)}, but a failure is fine if the program's words contain this text.
   *
   * @param fine empty: no failure is fine
   */
  void runUnless(String fine, List<String> command) throws IOException {
    String complaint = outcome("", command);
    if (!complaint.isEmpty() && (fine.isEmpty() || !complaint.contains(fine))) {
      throw new IOException("'" + String.join(" ", command) + "' failed: " + complaint);
    }
  }

  /** As {@link #run(String...)}, with text on the program's standard input. */
  void feed(String input, String... command) throws IOException {
    String complaint = outcome(input, List.of(command));
    if (!complaint.isEmpty()) {
      throw new IOException("'" + String.join(" ", command) + "' failed: " + complaint);
    }
  }

  /** Empty if it worked, else one line. */
  private String outcome(String input, List<String> command) throws IOException {
    return namespace.call(
        () -> {
          Process process = start(command);
          try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
          }
          String said;
          try (InputStream stdout = process.getInputStream()) {
            said = oneLine(stdout.readNBytes(MAX_OUTPUT_BYTES));
          }
          if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return "it did not end within " + TIMEOUT_SECONDS + " s";
          }
          if (process.exitValue() == 0) {
            return "";
          }
          return said.isEmpty() ? "exit status " + process.exitValue() : said;
        });
  }

  private static Process start(List<String> command) throws IOException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      String program = command.get(0);
      String debianPackage = program.equals("nft") ? "nftables" : "iproute2";
      throw new IOException(
          "cannot run '" + program + "': is the package " + debianPackage + " installed?", e);
    }
  }

  private static String oneLine(byte[] output) {
    return new String(output, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\n\\s*", "; ");
  }
}
