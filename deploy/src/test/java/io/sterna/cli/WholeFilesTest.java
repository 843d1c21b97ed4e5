package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written of several files is written whole, or what was there stays. */
final class WholeFilesTest {
  private final Path folder;

  WholeFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void whatGoesWrongInTheMiddleLeavesWhatWasThere() throws Exception {
    Files.writeString(folder.resolve("a.csv"), "old a");
    Files.writeString(folder.resolve("b.csv"), "old b");
    OperationFailedException failed =
        assertThrows(
            OperationFailedException.class,
            () ->
                OutFolder.write(
                    folder,
                    into -> {
                      Files.writeString(into.resolve("a.csv"), "new a");
                      throw new IOException("No space left on device");
                    }));
    assertEquals("cannot write to " + folder + ": No space left on device", failed.getMessage());
    assertEquals("old a", Files.readString(folder.resolve("a.csv")));
    assertEquals(List.of("a.csv", "b.csv"), names(folder));
    OutFolder.write(folder, into -> Files.writeString(into.resolve("a.csv"), "new a"));
    assertEquals("new a", Files.readString(folder.resolve("a.csv")));
    assertEquals("old b", Files.readString(folder.resolve("b.csv")));
    assertEquals(List.of("a.csv", "b.csv"), names(folder));
  }

  @Test
  void figuresAreNotOverwrittenUnasked() throws Exception {
    String out = folder.toString();
    String[] progress = {"scenario", "progress", "--out", out, "--vms", "20"};
    String[] sun = {"scenario", "follow-the-sun", "--out", out, "--vms", "20"};
    for (String[] each : List.of(progress, sun)) {
      Ran first = Ran.sterna(each);
      assertEquals(0, first.status(), first.err());
      Ran again = Ran.sterna(each);
      assertEquals(1, again.status());
      assertTrue(again.err().contains(": exists already (--force overwrites it)"), again.err());
      String[] forced = Stream.concat(Stream.of(each), Stream.of("--force")).toArray(String[]::new);
      assertEquals(0, Ran.sterna(forced).status());
    }
    assertEquals(
        List.of("follow-the-sun.csv", "follow-the-sun.svg", "progress-20.csv", "progress-20.svg"),
        names(folder));
    for (String none : List.of(",", "20,,30")) {
      Ran ran = Ran.sterna("scenario", "progress", "--out", out + "/x", "--vms", none);
      assertEquals(2, ran.status(), none + ran.err());
      assertEquals(1, ran.err().lines().count(), ran.err());
    }
  }

  @Test
  void anAuthorityThatCannotBeWrittenWholeStaysTheOldOne() throws Exception {
    String ca = folder.toString();
    assertEquals(0, Ran.sterna("ca", "init", "--out", ca).status());
    String key = Files.readString(folder.resolve("ca.key"));
    Files.delete(folder.resolve("ca.pem"));
    Files.createDirectory(folder.resolve("ca.pem"));
    Ran ran = Ran.sterna("ca", "init", "--out", ca, "--force");
    assertEquals(1, ran.status());
    assertEquals("sterna: " + folder.resolve("ca.pem") + ": is a folder\n", ran.err());
    assertEquals(key, Files.readString(folder.resolve("ca.key")));
    assertEquals(List.of("ca.key", "ca.pem"), names(folder));
  }

  @Test
  void aTokenIsMadeOnlyIfItsOperatorIsKnown() throws Exception {
    Path token = folder.resolve("ann.token");
    Path nowhere = folder.resolve("none/operators");
    Ran ran = add(nowhere, token);
    assertEquals(2, ran.status());
    assertEquals(
        "sterna: cannot write the operators' file "
            + nowhere
            + ": does not exist; no token was made\n",
        ran.err());
    assertFalse(Files.exists(token));
    Path operators = folder.resolve("operators");
    assertEquals(0, add(operators, token).status());
    String known = Files.readString(operators);
    assertEquals(1, add(operators, token).status());
    assertEquals(2, add(operators, folder.resolve("none/token")).status());
    assertEquals(known, Files.readString(operators));
  }

  private static Ran add(Path operators, Path token) {
    return Ran.sterna(
        "operator", "add", "ann", "--operators", operators.toString(), "--token", token.toString());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
