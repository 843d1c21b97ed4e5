package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with the command line is said before anything is asked. */
class AuditReplayCommandTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @Test
  void aSpanThatCannotBeIsRefused() {
    refused("is after", "--from", "2026-01-02", "--to", "2026-01-01");
    refused("is in the future", "--from", "2026-01-02", "--to", "2999-01-01");
    refused("is no time", "--from", "yesterdayish");
    refused("--speed -1 is no speed", "--from", "1h", "--speed=-1");
    refused("--speed fast is no speed", "--from", "1h", "--speed", "fast");
    refused("is not 1 to", "--from", "1h", "--slow", "fe1=0");
    refused("is not 1 to", "--from", "1h", "--slow", "fe1=60001");
    refused("--prefix", "--from", "1h", "--prefix", "nonsense");
    refused("--from");
  }

  @Test
  void aFileOfNothingHasNoSpan() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
    Ran ran = Ran.sterna("audit", "replay", "--from", "1h", "--file", empty.toString());
    assertEquals(2, ran.status(), ran.toString());
    assertTrue(ran.err().contains("nothing is on record"), ran.toString());
    Path missing = folder.resolve("missing.jsonl");
    Ran none = Ran.sterna("audit", "replay", "--from", "1h", "--file", missing.toString());
    assertEquals(2, none.status(), none.toString());
    assertTrue(none.err().contains("cannot read"), none.toString());
  }

  private static void refused(String reason, String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "audit";
    all[1] = "replay";
    System.arraycopy(words, 0, all, 2, words.length);
    Ran ran = Ran.sterna(all);
    assertEquals(2, ran.status(), ran.toString());
    assertTrue(ran.err().contains(reason), ran.toString());
  }
}
