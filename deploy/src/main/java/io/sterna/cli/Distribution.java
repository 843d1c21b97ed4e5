package io.sterna.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the parts of the distribution lie that are not on the class path. */
final class Distribution {
  /** Set by {@code bin/sterna} to the folder of the distribution. */
  private static final String HOME_PROPERTY = "sterna.home";

  private Distribution() {}

  /**
   * The jars of the local Cassandra node.
   *
   * @throws OperationFailedException if this does not run from a distribution
   */
  static Path cassandraLib() throws OperationFailedException {
    String home = System.getProperty(HOME_PROPERTY, "");
    Path lib = Path.of(home, "cassandra-lib");
    if (home.isEmpty() || !Files.isDirectory(lib)) {
      throw new OperationFailedException(
          "no Cassandra in '" + home + "': start this by bin/sterna of a distribution");
    }
    return lib;
  }
}
