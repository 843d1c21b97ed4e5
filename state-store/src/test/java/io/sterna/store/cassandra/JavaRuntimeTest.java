package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaRuntimeTest {
  @Test
  void refusesAJavaThatCassandraDoesNotStartOn(@TempDir Path home) throws IOException {
    Path java = fake(home, "echo '    java.specification.version = 25' >&2");
    assertEquals(
        "java-home: Cassandra 5.0 needs Java 17, but " + java + " is Java 25", refusal(home));
  }

  @Test
  void refusesWhatIsNoJava(@TempDir Path home) throws IOException {
    Path java = home.resolve("bin/java");
    assertEquals("java-home: there is no " + java, refusal(home));
    fake(home, "echo hello");
    assertEquals("java-home: " + java + " does not say what version it is", refusal(home));
  }

  @Test
  void tellsOneBuildFromAnother(@TempDir Path home) throws Exception {
    String says = "echo 'java.specification.version = 17'; echo 'java.vm.version = 17.0.%d'";
    fake(home, says.formatted(1));
    String first = JavaRuntime.at(home).identity();
    assertEquals(first, JavaRuntime.at(home).identity());
    fake(home, says.formatted(2));
    assertNotEquals(first, JavaRuntime.at(home).identity());
  }

  private static Path fake(Path home, String script) throws IOException {
    Path java = home.resolve("bin/java");
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(java, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return java;
  }

  private static String refusal(Path home) {
    NodeException e = assertThrows(NodeException.class, () -> JavaRuntime.at(home));
    return String.valueOf(e.getMessage());
  }
}
