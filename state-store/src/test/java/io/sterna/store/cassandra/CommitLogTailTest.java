package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments made by hand: what a replay would read of them is what lies between valid markers. */
class CommitLogTailTest {
  private static final long ID = 1_700_000_000_001L;
  private static final int SEGMENT_BYTES = 4096;
  private static final String NAME = "CommitLog-8-" + ID + ".log";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  private final ByteBuffer segment = ByteBuffer.allocate(SEGMENT_BYTES);

  private static int checksum(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  private CommitLogTailTest() {
    segment.putInt(8).putLong(ID).putShort((short) 2).put("{}".getBytes(StandardCharsets.US_ASCII));
    segment.putInt(0); // its checksum is not looked at
  }

  private int leaveRoomForMarker() {
    int at = segment.position();
    segment.putLong(0);
    return at;
  }

  private int markerChecksum(int at) {
    return checksum(
        ByteBuffer.allocate(12).putInt((int) ID).putInt((int) (ID >>> 32)).putInt(at).array());
  }

  private void mark(int at) {
    segment.putInt(at, segment.position()).putInt(at + 4, markerChecksum(at));
  }

  private static byte[] entry(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    byte[] size = ByteBuffer.allocate(4).putInt(bytes.length).array();
    byte[] both = ByteBuffer.allocate(4 + bytes.length).put(size).put(bytes).array();
    return ByteBuffer.allocate(12 + bytes.length)
        .put(size)
        .putInt(checksum(size))
        .put(bytes)
        .putInt(checksum(both))
        .array();
  }

  private ByteBuffer closed(long saved) throws IOException {
    Path file = Files.write(folder.resolve(NAME), segment.array());
    assertEquals(saved, CommitLogTail.closeAll(folder));
    byte[] once = Files.readAllBytes(file);
    assertEquals(0, CommitLogTail.closeAll(folder), "closed twice");
    assertArrayEquals(once, Files.readAllBytes(file));
    return ByteBuffer.wrap(once);
  }

  private void assertMarked(ByteBuffer file, int at, int end) {
    assertEquals(end, file.getInt(at));
    assertEquals(markerChecksum(at), file.getInt(at + 4));
    assertEquals(0, file.getLong(end), "a marker that is not there must be zero");
  }

  @Test
  void marksTheEndOfWhatIsBehindTheLastMarker() throws IOException {
    int first = leaveRoomForMarker();
    segment.put(entry("already marked"));
    mark(first);
    int second = leaveRoomForMarker();
    byte[] behind = entry("acknowledged, not marked");
    segment.put(behind);
    int end = segment.position();
    ByteBuffer file = closed(behind.length);
    assertMarked(file, second, end);
    assertEquals(second, file.getInt(first));
  }

  @Test
  void findsEntriesOfASegmentThatWasNeverMarked() throws IOException {
    int first = leaveRoomForMarker();
    byte[] one = entry("the very first");
    byte[] two = entry("the very second");
    segment.put(one).put(two);
    int end = segment.position();
    assertMarked(closed(one.length + two.length), first, end);
  }

  @Test
  void movesEntriesTogetherBehindOneThatWasCutOff() throws IOException {
    int first = leaveRoomForMarker();
    byte[] before = entry("written before it");
    byte[] cut = entry("cut off in the middle");
    byte[] after = entry("written after it");
    segment.put(before).put(Arrays.copyOf(cut, cut.length / 2));
    segment.position(segment.position() + cut.length - cut.length / 2).put(after);
    ByteBuffer file = closed(before.length + after.length);
    int end = first + 8 + before.length + after.length;
    assertMarked(file, first, end);
    byte[] read = new byte[before.length + after.length];
    file.get(first + 8, read);
    assertArrayEquals(ByteBuffer.allocate(read.length).put(before).put(after).array(), read);
  }

  @Test
  void leavesAClosedSegmentAndStrangeFilesAsTheyAre() throws IOException {
    int first = leaveRoomForMarker();
    segment.put(entry("already marked"));
    mark(first);
    closed(0);
    Path strange = Files.writeString(folder.resolve("CommitLog-9-1.log"), "of another version");
    Files.writeString(folder.resolve("CommitLog-8-1.log"), "short");
    assertEquals(0, CommitLogTail.closeAll(folder));
    assertEquals("of another version", Files.readString(strange));
    assertEquals(0, CommitLogTail.closeAll(folder.resolve("missing")));
  }
}
