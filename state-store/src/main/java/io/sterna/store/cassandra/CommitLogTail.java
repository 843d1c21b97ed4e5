package io.sterna.store.cassandra;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * What a killed Cassandra node left at the end of its commit log, made readable for its next start.
 *
 * <p>A node writes entries into mapped memory, which survives its death, but a replay reads only
 * what lies before the last marker. With periodic sync a marker is written ten times a second: a
 * node that was killed forgot what it had acknowledged in the last 100 ms. Here the entries behind
 * the last marker are found by their checksums, moved together where one was cut off in the middle,
 * and a marker is set behind them.
 *
 * <pre>
 * segment  = version (4), id (8), length (2), parameters (length), checksum (4), section ...
 * section  = marker, entry ...
 * marker   = where the next marker is (4), checksum of id and of where this one is (4)
 * entry    = size (4), checksum (4), size bytes, checksum of size and bytes (4)
 * </pre>
 *
 * All checksums are CRC-32; numbers are big-endian. Versions 7 and 8 (Cassandra 4 and 5); others,
 * and compressed segments, are left alone.
 */
final class CommitLogTail {
  private static final Pattern NAME = Pattern.compile("CommitLog-[78]-\\d+\\.log");
  private static final String NO_PARAMETERS = "{}";
  private static final int MARKER_BYTES = 8;
  private static final int ENTRY_OVERHEAD_BYTES = 12;

  /** Cassandra refuses smaller ones. */
  private static final int ENTRY_BYTES_MIN = 10;

  private static final int PARAMETERS_AT = 14;

  private final ByteBuffer segment;
  private final long id;

  private CommitLogTail(ByteBuffer segment) {
    this.segment = segment;
    this.id = segment.getLong(Integer.BYTES);
  }

  /**
   * Closes every segment in a folder. Nobody may use it meanwhile. Does nothing if there is none.
   *
   * @return how many bytes of entries would not have been read otherwise
   */
  static long closeAll(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    long saved = 0;
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> segments =
          files.filter(file -> NAME.matcher(file.getFileName().toString()).matches()).toList();
      for (Path file : segments) {
        saved += close(file);
      }
    }
    return saved;
  }

  private static int close(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      int sections = sectionsAt(mapped);
      return sections < 0 ? 0 : new CommitLogTail(mapped).close(sections, channel);
    }
  }

  /** Where the first marker is; below 0 if this is no segment that can be read here. */
  private static int sectionsAt(ByteBuffer segment) {
    if (segment.limit() < PARAMETERS_AT) {
      return -1;
    }
    int length = Short.toUnsignedInt(segment.getShort(PARAMETERS_AT - Short.BYTES));
    int end = PARAMETERS_AT + length + Integer.BYTES;
    if (length != NO_PARAMETERS.length() || end + MARKER_BYTES > segment.limit()) {
      return -1;
    }
    return segment.get(PARAMETERS_AT) == '{' && segment.get(PARAMETERS_AT + 1) == '}' ? end : -1;
  }

  private int close(int sectionsAt, FileChannel channel) throws IOException {
    int marker = lastMarker(sectionsAt);
    if (marker + MARKER_BYTES > segment.limit()) {
      return 0;
    }
    int written = lastWritten(marker + MARKER_BYTES);
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    int at = marker + MARKER_BYTES;
    while (at < written) {
      int length = entryAt(at);
      if (length > 0) {
        byte[] entry = new byte[length];
        segment.get(at, entry);
        entries.write(entry);
      }
      at += Math.max(length, 1);
    }
    if (entries.size() == 0) {
      return 0;
    }
    int end = marker + MARKER_BYTES + entries.size();
    // What was cut off in the middle would be taken for a broken marker.
    byte[] rest = new byte[Math.min(segment.limit(), Math.max(end + MARKER_BYTES, written)) - end];
    write(channel, ByteBuffer.wrap(rest), end);
    write(channel, ByteBuffer.wrap(entries.toByteArray()), marker + MARKER_BYTES);
    // Last: until then the segment is what it was, should this process die.
    ByteBuffer header = ByteBuffer.allocate(MARKER_BYTES);
    header.putInt(end).putInt(markerChecksum(marker)).flip();
    write(channel, header, marker);
    channel.force(false);
    return entries.size();
  }

  private static void write(FileChannel channel, ByteBuffer bytes, int at) throws IOException {
    int next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  /** The marker behind which none follows. */
  private int lastMarker(int first) {
    int marker = first;
    while (marker + MARKER_BYTES <= segment.limit()) {
      int next = segment.getInt(marker);
      boolean valid = segment.getInt(marker + Integer.BYTES) == markerChecksum(marker);
      if (!valid || next < marker + MARKER_BYTES) {
        return marker;
      }
      marker = next;
    }
    return marker;
  }

  private int markerChecksum(int marker) {
    ByteBuffer bytes = ByteBuffer.allocate(3 * Integer.BYTES);
    bytes.putInt((int) id).putInt((int) (id >>> Integer.SIZE)).putInt(marker).flip();
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  /** Behind the last byte that is not zero, or {@code from}. */
  private int lastWritten(int from) {
    int end = segment.limit();
    while (end > from && segment.get(end - 1) == 0) {
      end--;
    }
    // An entry may well end with zeros, those of its checksum among them.
    return Math.min(segment.limit(), end + ENTRY_OVERHEAD_BYTES);
  }

  /** The length of the whole entry here; 0 if there is none. */
  private int entryAt(int at) {
    if (at + ENTRY_OVERHEAD_BYTES + ENTRY_BYTES_MIN > segment.limit()) {
      return 0;
    }
    int size = segment.getInt(at);
    if (size < ENTRY_BYTES_MIN || size > segment.limit() - at - ENTRY_OVERHEAD_BYTES) {
      return 0;
    }
    CRC32 checksum = new CRC32();
    checksum.update(segment.slice(at, Integer.BYTES));
    if (segment.getInt(at + Integer.BYTES) != (int) checksum.getValue()) {
      return 0;
    }
    int bytesAt = at + 2 * Integer.BYTES;
    checksum.update(segment.slice(bytesAt, size));
    boolean whole = segment.getInt(bytesAt + size) == (int) checksum.getValue();
    return whole ? size + ENTRY_OVERHEAD_BYTES : 0;
  }
}
