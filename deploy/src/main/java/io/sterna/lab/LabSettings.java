package io.sterna.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a lab is run.
 *
 * @param prefix the first part of the name of each namespace, 1 to 8 of {@code a-z 0-9}
 * @param stateDirectory where it is written down what runs, and the lock
 * @param workDirectory configuration, certificates, logs and Cassandra's data
 * @param ports where everything listens
 * @param command what runs {@code sterna}, to which the subcommand is added
 */
public record LabSettings(
    String prefix, Path stateDirectory, Path workDirectory, LabPorts ports, List<String> command) {
  /**
   * @throws IllegalArgumentException if the prefix does not fit a namespace's name
   */
  public LabSettings {
    if (!prefix.matches("[a-z0-9]{1,8}")) {
      throw new IllegalArgumentException("prefix '" + prefix + "' is not 1 to 8 of a-z and 0-9");
    }
    command = List.copyOf(command);
  }

  /**
   * The lab of this machine: {@code sterna-*}, standard ports, run by this same program. Its
   * folders are root's or the user's own: certificates' keys are among the files.
   */
  public static LabSettings standard() {
    Map<String, String> environment = System.getenv();
    boolean root = "root".equals(System.getProperty("user.name"));
    Path home = Path.of(System.getProperty("user.home"));
    Path work = root ? Path.of("/var/lib") : home.resolve(".cache");
    Path run =
        root
            ? Path.of("/run")
            : Path.of(
                environment.getOrDefault("XDG_RUNTIME_DIR", home.resolve(".cache").toString()));
    return new LabSettings(
        "sterna",
        run.resolve("sterna-lab-state"),
        work.resolve("sterna-lab"),
        LabPorts.standard(),
        OwnCommand.get());
  }

  /** The same with other ports. */
  public LabSettings withPorts(LabPorts other) {
    return new LabSettings(prefix, stateDirectory, workDirectory, other, command);
  }

  /** The same with another prefix and folders of its own below the given one. */
  public LabSettings within(String otherPrefix, Path folder) {
    return new LabSettings(
        otherPrefix, folder.resolve("state"), folder.resolve("work"), ports, command);
  }

  /** The same with another way to run {@code sterna}. */
  public LabSettings withCommand(List<String> other) {
    return new LabSettings(prefix, stateDirectory, workDirectory, ports, other);
  }
}
