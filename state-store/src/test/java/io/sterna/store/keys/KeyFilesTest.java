package io.sterna.store.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ChainHash;
import io.sterna.store.audit.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {
  @Test
  void whatOneKeySignsTheOtherChecks(@TempDir Path folder) throws Exception {
    Path key = folder.resolve("audit.key");
    Path publicKey = folder.resolve("audit.key.pub");
    KeyFiles.generate(key, publicKey);
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(key));
    Checkpoint checkpoint =
        Checkpoint.sign(
            new Checkpoint.Content(1, 0, "c1", ChainHash.GENESIS, List.of()),
            KeyFiles.privateKey(key));
    assertTrue(checkpoint.isSignedBy(List.of(KeyFiles.publicKey(publicKey))));
    assertThrows(IOException.class, () -> KeyFiles.generate(key, publicKey));
    IOException e = assertThrows(IOException.class, () -> KeyFiles.publicKey(key));
    assertEquals(key + " has no PUBLIC KEY", e.getMessage());
  }
}
