package io.sterna.controller.audit;

import io.sterna.store.audit.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Checkpoints in a file: a line each, text and signature in Base64 with a blank between. */
public final class CheckpointFile {
  private CheckpointFile() {}

  /** The line of a checkpoint, with its end. */
  public static String line(Checkpoint checkpoint) {
    byte[] text = checkpoint.text().getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(text) + " " + checkpoint.signature() + "\n";
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is no checkpoint
   */
  public static Checkpoint parse(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("a line is TEXT SIGNATURE, both in Base64");
    }
    byte[] text = Base64.getDecoder().decode(parts[0]);
    return new Checkpoint(new String(text, StandardCharsets.UTF_8), parts[1]);
  }
}
