package io.sterna.agent.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Network namespaces of one test, gone when it ends. Needs root. */
final class TestNamespaces implements AutoCloseable {
  private static final String PREFIX = "snl-";

  private final List<String> names = new ArrayList<>();

  /** Makes a namespace and returns its full name. */
  String add(String shortName) throws IOException {
    String name = PREFIX + shortName;
    tryRun(List.of("ip", "netns", "del", name));
    ip("netns add " + name);
    names.add(name);
    ip("-n " + name + " link set lo up");
    return name;
  }

  /** A namespace with a bridge br0, as an operator would prepare it. */
  String addForwardingElement(String shortName) throws IOException {
    String name = add(shortName);
    ip("-n " + name + " link add br0 type bridge forward_delay 0 mcast_snooping 0");
    ip("-n " + name + " link set br0 up");
    return name;
  }

  /** Runs {@code ip} with these words; fails the test if it fails. */
  String ip(String words) throws IOException {
    return run(("ip " + words).split(" ", -1));
  }

  /** Runs a program; fails the test if it fails. */
  String run(String... command) throws IOException {
    return run(List.of(command));
  }

  @Override
  public void close() throws IOException {
    for (String name : names) {
      tryRun(List.of("ip", "netns", "del", name));
    }
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (finish(process) != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  private static void tryRun(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    finish(process);
  }

  private static int finish(Process process) throws IOException {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("a program did not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
