package io.sterna.replay;

import io.sterna.protocol.Binding;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.store.audit.Recorded;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeSnapshot;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Rows and tables one behind the other, written first and then read at many places at a time. The
 * file has no name any more from the beginning: whatever happens, nothing is left of it. Not
 * thread-safe.
 */
final class SpoolFile implements Closeable {
  /** Of a row: its number, its time, the length of its bytes. */
  private static final int HEAD_BYTES = 2 * Long.BYTES + Integer.BYTES;

  /** So much is read at a time for each range. */
  private static final int READ_BYTES = 32 << 10;

  private static final int WRITE_BYTES = 256 << 10;

  // Not a channel: that is closed when its reader is interrupted.
  private final RandomAccessFile file;
  private final OutputStream out;
  private long position;

  private SpoolFile(RandomAccessFile file) {
    this.file = file;
    this.out = new BufferedOutputStream(new Appending(file), WRITE_BYTES);
  }

  private static final class Appending extends OutputStream {
    private final RandomAccessFile file;

    Appending(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      file.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      file.write(bytes, offset, length);
    }
  }

  static SpoolFile create() throws IOException {
    Path path = Files.createTempFile("sterna-replay", ".spool");
    try {
      return new SpoolFile(new RandomAccessFile(path.toFile(), "rw"));
    } finally {
      Files.delete(path);
    }
  }

  /** Where the next thing is written. */
  long position() {
    return position;
  }

  void append(Recorded recorded) throws IOException {
    byte[] bytes = EventCodec.encode(recorded.row());
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    head.putLong(recorded.number()).putLong(recorded.atEpochMillis()).putInt(bytes.length);
    write(head.array());
    write(bytes);
  }

  void append(RangePosition at, List<Binding> bindings) throws IOException {
    write(EventCodec.encode(new RangeSnapshot(at.epoch(), at.revision(), at.hash(), bindings)));
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }

  /** Everything is written; from now on it is read. */
  void written() throws IOException {
    out.flush();
  }

  List<Binding> bindings(long from, long to) {
    try {
      byte[] bytes = new byte[Math.toIntExact(to - from)];
      file.seek(from);
      file.readFully(bytes);
      return EventCodec.decodeSnapshot(bytes).bindings();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedRecordException e) {
      throw new IllegalStateException("a table of our own", e);
    }
  }

  Iterator<Recorded> rows(RangeId range, long from, long to) {
    return new Rows(range, from, to);
  }

  private final class Rows implements Iterator<Recorded> {
    private final RangeId range;
    private final long to;
    private long unread;
    private ByteBuffer ahead = ByteBuffer.allocate(0);

    Rows(RangeId range, long from, long to) {
      this.range = range;
      this.unread = from;
      this.to = to;
    }

    @Override
    public boolean hasNext() {
      return ahead.hasRemaining() || unread < to;
    }

    @Override
    public Recorded next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        need(HEAD_BYTES);
        long number = ahead.getLong();
        long atEpochMillis = ahead.getLong();
        byte[] bytes = new byte[ahead.getInt()];
        need(bytes.length);
        ahead.get(bytes);
        return new Recorded(range, number, EventCodec.decodeRow(bytes), atEpochMillis, "");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (MalformedRecordException e) {
        throw new IllegalStateException("a row of our own", e);
      }
    }

    private void need(int bytes) throws IOException {
      if (ahead.remaining() >= bytes) {
        return;
      }
      int kept = ahead.remaining();
      long more = Math.min(to - unread, Math.max(bytes - kept, READ_BYTES));
      byte[] next = new byte[kept + (int) more];
      ahead.get(next, 0, kept);
      file.seek(unread);
      file.readFully(next, kept, (int) more);
      unread += more;
      ahead = ByteBuffer.wrap(next);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
