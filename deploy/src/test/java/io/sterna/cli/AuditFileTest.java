package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.controller.audit.CheckpointFile;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.Checkpoint;
import io.sterna.store.audit.Head;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
  private static final String EXPORTED = "10.10.0.0/20";
  private static final String OTHER = "10.20.0.0/20";

  @Test
  void onlyWhatAnExportHoldsMustBeInIt(@TempDir Path folder) throws Exception {
    assertEquals(List.of(EXPORTED), faulty(folder, " {\"holds\":\"" + EXPORTED + "\"}"));
    assertEquals(List.of(EXPORTED, OTHER), faulty(folder, "{\"holds\":\"all\"}"));
    assertEquals(List.of(EXPORTED, OTHER), faulty(folder, " "));
  }

  /** The ranges with faults, in an export without any row. */
  private List<String> faulty(Path folder, String firstLine) throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance(Checkpoint.ALGORITHM).generateKeyPair();
    Path key = folder.resolve("audit.pub");
    String pem = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
    Files.writeString(key, "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
    Checkpoint.Content content =
        new Checkpoint.Content(
            1, 1_750_000_000_000L, "c1", ChainHash.GENESIS, List.of(head(EXPORTED), head(OTHER)));
    String line = CheckpointFile.line(Checkpoint.sign(content, keys.getPrivate())).strip();
    Path export = folder.resolve("record.jsonl");
    Files.write(export, List.of(firstLine, "{\"checkpoint\":\"" + line + "\"}", " "));
    JsonNode answer = AuditFile.verify(export, List.of(key));
    assertEquals(0, answer.path("checkpoints").path("faults").size(), answer.toString());
    List<String> faulty = new ArrayList<>();
    for (JsonNode range : answer.path("ranges")) {
      assertEquals(1, range.path("faultCount").asInt(), answer.toString());
      faulty.add(range.path("range").asText());
    }
    return faulty.stream().sorted().toList();
  }

  private static Head head(String range) {
    byte[] hash = new byte[32];
    Arrays.fill(hash, (byte) range.hashCode());
    return new Head(RangeId.parse(range), 1, 5, ChainHash.ofBytes(hash));
  }
}
