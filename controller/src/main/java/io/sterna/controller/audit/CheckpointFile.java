package io.sterna.controller.audit;

import io.sterna.store.audit.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checkpoints in a file: a line each, text and signature in Base64 with a blank between. */
public final class CheckpointFile {
  private final Path file;

  CheckpointFile(Path file) {
    this.file = file;
  }

  /** How long the file is by now; 0 = it is not there. */
  long bytes() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Adds one; what was torn before it stays a line of its own. */
  void append(Checkpoint checkpoint) throws IOException {
    String begin = endsTorn() ? "\n" : "";
    Files.writeString(
        file,
        begin + line(checkpoint),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.SYNC);
  }

  private boolean endsTorn() throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.read(last, channel.size() - 1) == 1
          && last.get(0) != '\n';
    }
  }

  /**
   * Reads the lines that begin before an offset: what is added later is left out.
   *
   * @param bad told why a line is no checkpoint
   */
  void read(long bytes, Consumer<Checkpoint> each, Consumer<@Nullable String> bad) {
    if (bytes == 0) {
      return;
    }
    // Whatever bytes a torn line has, each is some character here.
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      long at = 0;
      for (String line = lines.readLine(); line != null && at < bytes; line = lines.readLine()) {
        at += line.length() + 1L;
        if (!line.isBlank()) {
          read(line, each, bad);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static void read(String line, Consumer<Checkpoint> each, Consumer<@Nullable String> bad) {
    Checkpoint checkpoint;
    try {
      checkpoint = parse(line);
    } catch (IllegalArgumentException e) {
      bad.accept(e.getMessage());
      return;
    }
    each.accept(checkpoint);
  }

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
