package io.sterna.store.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is open only while a chunk of it is read: who stops reading in the middle, as an
 * iterator's user may, leaves nothing open. Not thread-safe.
 */
final class ChunkedFile extends InputStream {
  private static final int CHUNK_BYTES = 64 << 10;

  private final Path file;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).limit(0);
  private long position;
  private boolean ended;

  ChunkedFile(Path file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    return fill() ? chunk.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, chunk.remaining());
    chunk.get(into, offset, count);
    return count;
  }

  @Override
  public int available() {
    // Who looks for a further compressed stream behind the first asks this.
    return chunk.hasRemaining() || !ended ? 1 : 0;
  }

  private boolean fill() throws IOException {
    if (chunk.hasRemaining()) {
      return true;
    }
    if (ended) {
      return false;
    }
    chunk.clear();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int read = channel.read(chunk, position);
      ended = read < 0;
      position += Math.max(0, read);
    }
    chunk.flip();
    return !ended && (chunk.hasRemaining() || fill());
  }
}
