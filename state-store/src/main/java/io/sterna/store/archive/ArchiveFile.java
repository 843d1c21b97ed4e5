package io.sterna.store.archive;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.keys.FileReason;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of rows in a file, as they were stored. The same rows always make the same bytes.
 *
 * <p>A GZIP stream of: the text {@value #FORMAT}; the range; first and last number, count of rows;
 * the hash before the first row and that of the last; then each row: a 1, its number, its format,
 * the length of its bytes, and these; a 0; SHA-256 over all this. Texts as {@link
 * DataOutputStream#writeUTF} writes them, numbers big-endian. Rows are read one by one: memory does
 * not depend on the size of the file.
 */
public final class ArchiveFile {
  static final String FORMAT = "sterna-archive 1";

  /** More than a row of a Cassandra journal can have. */
  private static final int ROW_BYTES_MAX = 32 << 20;

  private static final int BUFFER_BYTES = 64 << 10;

  private ArchiveFile() {}

  /** What became of rows. */
  public record Written(String sha256, long bytes) {}

  /**
   * Writes a file; when this returns it is on disk.
   *
   * @param file is overwritten if it is there
   * @throws ArchiveException if the rows are not those of the stretch, or it cannot be written
   */
  public static Written write(Path file, Stretch stretch, Iterator<StoredRow> rows) {
    MessageDigest outer = sha256();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream counted = new DigestOutputStream(Channels.newOutputStream(channel), outer);
      GZIPOutputStream packed =
          new GZIPOutputStream(new BufferedOutputStream(counted, BUFFER_BYTES), BUFFER_BYTES);
      MessageDigest inner = sha256();
      DataOutputStream out = new DataOutputStream(new DigestOutputStream(packed, inner));
      writeHeader(out, stretch);
      Order order = new Order(name(file), stretch);
      while (rows.hasNext()) {
        StoredRow row = rows.next();
        order.next(row.number());
        out.writeByte(1);
        out.writeLong(row.number());
        out.writeUTF(row.format());
        out.writeInt(row.bytes().length);
        out.write(row.bytes());
      }
      order.end();
      out.writeByte(0);
      out.flush();
      packed.write(inner.digest());
      packed.finish();
      packed.flush();
      channel.force(true);
      return new Written(HexFormat.of().formatHex(outer.digest()), channel.size());
    } catch (IOException e) {
      throw new ArchiveException(name(file), "cannot be written: " + FileReason.why(e), e);
    }
  }

  private static void writeHeader(DataOutputStream out, Stretch stretch) throws IOException {
    out.writeUTF(FORMAT);
    out.writeUTF(stretch.range().toString());
    out.writeLong(stretch.first());
    out.writeLong(stretch.last());
    out.writeLong(stretch.rows());
    out.write(stretch.previous().toBytes());
    out.write(stretch.hash().toBytes());
  }

  /**
   * SHA-256 over the bytes of a file, in hexadecimal.
   *
   * @throws ArchiveException if it cannot be read
   */
  public static String sha256(Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(new ChunkedFile(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Opens a file, and reads what it says of itself.
   *
   * @throws ArchiveException if it is no archive
   */
  public static Reading read(Path file) {
    try {
      return new Reading(file);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(file, e);
    }
  }

  private static ArchiveException unreadable(Path file, Exception e) {
    String reason =
        e instanceof NoSuchFileException
            ? "the file is not there"
            : e instanceof EOFException
                ? "it ends too early"
                : e instanceof ZipException
                    ? "its bytes were changed: " + e.getMessage()
                    : e.toString();
    return new ArchiveException(name(file), reason, e);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether rows are those that a header announces. */
  private static final class Order {
    private final String file;
    private final Stretch stretch;
    private long rows;
    private long last;

    Order(String file, Stretch stretch) {
      this.file = file;
      this.stretch = stretch;
      this.last = stretch.first() - 1;
    }

    void next(long number) {
      if ((number != last && number != last + 1) || number < stretch.first()) {
        throw new ArchiveException(file, "row " + number + " stands behind row " + last);
      }
      last = number;
      rows++;
      if (number > stretch.last() || rows > stretch.rows()) {
        throw new ArchiveException(file, "row " + number + " does not belong to " + stretch);
      }
    }

    void end() {
      if (last != stretch.last() || rows != stretch.rows()) {
        throw new ArchiveException(
            file, "it has %d of %d rows, up to %d".formatted(rows, stretch.rows(), last));
      }
    }
  }

  /** The rows of a file, one by one; no file stays open. Not thread-safe. */
  public static final class Reading implements Iterator<StoredRow> {
    private final Path file;
    private final MessageDigest digest = sha256();
    private final DataInputStream in;
    private final Stretch stretch;
    private final Order order;
    private @Nullable StoredRow next;
    private boolean ended;

    private Reading(Path file) throws IOException {
      this.file = file;
      InputStream unpacked = new GZIPInputStream(new ChunkedFile(file), BUFFER_BYTES);
      in = new DataInputStream(new DigestInputStream(unpacked, digest));
      String format = in.readUTF();
      if (!format.equals(FORMAT)) {
        throw new ArchiveException(name(file), "its format is not '" + FORMAT + "'");
      }
      RangeId range = RangeId.parse(in.readUTF());
      stretch = new Stretch(range, in.readLong(), in.readLong(), in.readLong(), hash(), hash());
      order = new Order(name(file), stretch);
    }

    private ChainHash hash() throws IOException {
      byte[] bytes = new byte[ChainHash.BYTES];
      in.readFully(bytes);
      return ChainHash.ofBytes(bytes);
    }

    /** What the file says of itself. */
    public Stretch stretch() {
      return stretch;
    }

    /**
     * Whether a row follows.
     *
     * @throws ArchiveException if the file is not as it was written
     */
    @Override
    public boolean hasNext() {
      if (next == null && !ended) {
        try {
          advance();
        } catch (IOException e) {
          throw unreadable(file, e);
        }
      }
      return next != null;
    }

    @Override
    public StoredRow next() {
      StoredRow row = hasNext() ? next : null;
      if (row == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return row;
    }

    private void advance() throws IOException {
      int mark = in.readByte();
      if (mark == 0) {
        byte[] computed = digest.digest();
        if (!MessageDigest.isEqual(computed, in.readNBytes(computed.length)) || in.read() >= 0) {
          throw new ArchiveException(name(file), "its bytes were changed");
        }
        order.end();
        ended = true;
        return;
      }
      long number = in.readLong();
      String format = in.readUTF();
      int length = in.readInt();
      if (mark != 1 || length < 0 || length > ROW_BYTES_MAX) {
        throw new ArchiveException(name(file), "its bytes were changed");
      }
      order.next(number);
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      next = new StoredRow(number, format, bytes);
    }
  }
}
