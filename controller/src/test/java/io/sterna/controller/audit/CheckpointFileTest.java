package io.sterna.controller.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.store.audit.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
  private static final Checkpoint FIRST = new Checkpoint("first\n", "c2ln");
  private static final Checkpoint SECOND = new Checkpoint("second\n", "c2ln");

  @Test
  void aTornLineIsOneBadLine(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("copy");
    CheckpointFile file = new CheckpointFile(path);
    assertEquals(0, file.bytes());
    assertEquals(List.of(), read(file, file.bytes()));
    file.append(FIRST);
    byte[] torn = {'Z', 'm', (byte) 0xff};
    Files.write(path, torn, StandardOpenOption.APPEND);
    file.append(SECOND);
    file.append(FIRST);
    assertEquals(List.of(FIRST, "bad", SECOND, FIRST), read(file, file.bytes()));
  }

  @Test
  void whatIsAddedMeanwhileIsLeftOut(@TempDir Path folder) throws Exception {
    CheckpointFile file = new CheckpointFile(folder.resolve("copy"));
    file.append(FIRST);
    long before = file.bytes();
    file.append(SECOND);
    assertEquals(List.of(FIRST), read(file, before));
  }

  private static List<Object> read(CheckpointFile file, long bytes) {
    List<Object> found = new ArrayList<>();
    file.read(bytes, found::add, why -> found.add("bad"));
    return found;
  }
}
