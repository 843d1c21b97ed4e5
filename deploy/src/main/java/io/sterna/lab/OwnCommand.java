package io.sterna.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to run this program once more: by the distribution that it runs from, which knows what each
 * role needs of Java; else with the same Java, class path and {@code sterna.*} properties.
 */
final class OwnCommand {
  private static final String MAIN = "io.sterna.cli.Sterna";

  /** Small heaps and the collector with the least threads: seven of these share a machine. */
  private static final List<String> SMALL =
      List.of("-Xms96m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

  private OwnCommand() {}

  static List<String> get() {
    Path script = Path.of(System.getProperty("sterna.home", ""), "bin", "sterna");
    if (Files.isExecutable(script)) {
      return List.of(script.toAbsolutePath().toString());
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("sterna."))
        .sorted()
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return command;
  }
}
