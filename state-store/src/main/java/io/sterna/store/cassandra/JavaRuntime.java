package io.sterna.store.cassandra;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java that can run Cassandra 5.0.
 *
 * @param executable its {@code bin/java}
 * @param identity vendor and exact version: a class archive fits only the Java that made it
 */
record JavaRuntime(Path executable, String identity) {
  private static final String NEEDED = "17";
  private static final long BOUND_SECONDS = 20;
  private static final Pattern SPECIFICATION =
      Pattern.compile("java\\.specification\\.version = (\\S+)");
  private static final Pattern VM = Pattern.compile("java\\.vm\\.(?:name|vendor|version) = (.*)");

  /**
   * Asks the Java there what it is. Newer ones do not start Cassandra: 5.0 needs the security
   * manager, which Java 24 removed.
   *
   * @throws NodeException if there is none, or it is not Java 17
   */
  static JavaRuntime at(Path javaHome) throws NodeException, InterruptedException {
    Path executable = javaHome.resolve("bin").resolve("java");
    if (!Files.isExecutable(executable)) {
      throw new NodeException("java-home: there is no " + executable);
    }
    String properties = ask(executable);
    Matcher specification = SPECIFICATION.matcher(properties);
    if (!specification.find()) {
      throw new NodeException("java-home: " + executable + " does not say what version it is");
    }
    String version = specification.group(1);
    if (!version.equals(NEEDED)) {
      throw new NodeException(
          "java-home: Cassandra 5.0 needs Java "
              + NEEDED
              + ", but "
              + executable
              + " is Java "
              + version);
    }
    StringBuilder identity = new StringBuilder(executable.toString());
    Matcher vm = VM.matcher(properties);
    while (vm.find()) {
      identity.append(' ').append(vm.group(1));
    }
    return new JavaRuntime(executable, identity.toString());
  }

  private static String ask(Path executable) throws NodeException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(
                  executable.toString(), "-XshowSettings:properties", "-Xint", "-version")
              .redirectErrorStream(true)
              .start();
      try {
        // Its few kilobytes of output fit the pipe, so it ends without being read.
        if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
          throw new NodeException("java-home: " + executable + " -version does not end");
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new NodeException("java-home: cannot run " + executable + ": " + e.getMessage(), e);
    }
  }
}
