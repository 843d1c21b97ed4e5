package io.sterna.protocol.wire;

import static io.sterna.protocol.wire.WireCodec.LENGTH_BYTES;
import static io.sterna.protocol.wire.WireCodec.MAX_BINDINGS_PER_MESSAGE;
import static io.sterna.protocol.wire.WireCodec.MAX_FRAME_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames are bounded, and so is what decoding one may allocate. */
class FrameLimitsTest {
  private static final RangePosition POSITION =
      new RangePosition(
          RangeId.parse("fd0a:10::/112"), Long.MAX_VALUE, Long.MAX_VALUE, ChainHash.GENESIS);

  @Test
  void theMostBindingsFitWhateverTheyHold() throws Exception {
    Delta delta = delta(MAX_BINDINGS_PER_MESSAGE);
    byte[] frame = WireCodec.encodeFrame(delta);
    assertTrue(frame.length > 0.9 * MAX_FRAME_BYTES, "the worst case has " + frame.length);
    assertEquals(delta, WireCodec.decodeBody(frame, LENGTH_BYTES, frame.length - LENGTH_BYTES));
  }

  @Test
  void theMostTrafficEntriesFitWhateverTheyHold() throws Exception {
    IpPrefix host = IpPrefix.parse("fd0a:10::1/128");
    List<TrafficEntry> largest =
        IntStream.range(0, TrafficReport.ENTRIES_MAX)
            .mapToObj(i -> new FeId("f".repeat(59) + (1000 + i)))
            .map(
                fe -> new TrafficEntry(host, host, Optional.of(fe), Long.MAX_VALUE, Long.MAX_VALUE))
            .toList();
    TrafficReport report =
        new TrafficReport(-1, Long.MAX_VALUE, Integer.MAX_VALUE, true, Long.MAX_VALUE, largest);
    byte[] frame = WireCodec.encodeFrame(report);
    assertEquals(report, WireCodec.decodeBody(frame, LENGTH_BYTES, frame.length - LENGTH_BYTES));
  }

  @Test
  void tooLargeIsRefusedAndTheNextMessageIsNot() throws Exception {
    Delta large = delta(11_000);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> WireCodec.encodeFrame(large));
    assertEquals("Delta exceeds 1048576 bytes", refused.getMessage());
    assertEquals(
        "00000003010f07", HexFormat.of().formatHex(WireCodec.encodeFrame(new Heartbeat(7))));
  }

  @Test
  void aBodyOfExactlyTheLimitIsSent() throws Exception {
    // Version, type, name "f", text of t characters, count of 3 bytes, positions of 40 bytes each.
    RangePosition small = RangePosition.unknown(RangeId.parse("10.0.0.0/8"));
    int positions = (MAX_FRAME_BYTES - 8) / 40;
    int spare = MAX_FRAME_BYTES - 8 - 40 * positions;
    List<RangePosition> list = Collections.nCopies(positions, small);
    Hello fits = new Hello(new FeId("f"), "s".repeat(spare), list);
    byte[] frame = WireCodec.encodeFrame(fits);
    assertEquals(MAX_FRAME_BYTES, frame.length - LENGTH_BYTES);
    assertEquals(fits, WireCodec.decodeBody(frame, LENGTH_BYTES, MAX_FRAME_BYTES));
    Hello exceeds = new Hello(new FeId("f"), "s".repeat(spare + 1), list);
    assertThrows(IllegalArgumentException.class, () -> WireCodec.encodeFrame(exceeds));
  }

  @Test
  void emptyAndOversizedBodiesAreRefused() {
    assertThrows(MalformedFrameException.class, () -> WireCodec.decodeBody(new byte[0]));
    assertThrows(
        MalformedFrameException.class, () -> WireCodec.decodeBody(new byte[MAX_FRAME_BYTES + 1]));
    assertThrows(IndexOutOfBoundsException.class, () -> WireCodec.decodeBody(new byte[4], 2, 3));
  }

  @Test
  void textsThatCannotBeSentAreRefused() {
    for (String text : List.of("x".repeat(256), "é".repeat(128), "line\nbreak", "\ud800")) {
      Hello hello = new Hello(new FeId("fe1"), text, List.of());
      assertThrows(IllegalArgumentException.class, () -> WireCodec.encodeFrame(hello));
    }
  }

  /** Each kind of list, filled with the smallest elements that a peer could send. */
  @ParameterizedTest
  @CsvSource({
    "01 13, 04 00000000 00 00 00 HASH, 40",
    "01 0e, 01 61 01 61 0001, 6",
    "01 0d 01 61 00, 01 61 01 61 04 00000000, 9",
    "01 0d 01 61 00 00, 04 00000000 00, 6",
    "01 16 04 00000000 00 00 00 HASH 00 01, 04 00000000 00 01 61 000000000000 01, 15",
    "01 16 04 00000000 00 00 00 HASH 00 01, 04 00000000 01 000000000000 01, 13",
    "01 17 00 00 00 01 01, 04 00000000 00 04 00000000 00 00 00, 14",
  })
  void decodingAllocatesASmallMultipleOfTheFrame(String head, String element, int elementBytes)
      throws Exception {
    byte[] body = fill(head, element, elementBytes);
    long allocated = allocatedBy(body);
    assertTrue(
        allocated < 40L * body.length + 65_536, allocated + " bytes for a body of " + body.length);
  }

  /** Each like the first one, by a known element or by one that is named anew. */
  @ParameterizedTest
  @CsvSource({
    "02, 8400000000 000161 020000000001 01, 63 01 01 01, 4",
    "02, 8400000000 000161 020000000001 01, 63 01 00 01 61 01, 6",
    "03, c00400000000 000161 020000000001 02, e1 01 00, 3",
    "03, c00400000000 000161 020000000001 02, e1 00 01 61 00, 5"
  })
  void bindingsThatShareAllTheyCanAllocateASmallMultiple(
      String version, String firstElement, String element, int elementBytes) throws Exception {
    byte[] first = HexFormat.of().parseHex(firstElement.replace(" ", ""));
    String head = version + " 16 04 00000000 00 00 00 HASH 00 01";
    byte[] body = fill(head, first, element, elementBytes);
    long allocated = allocatedBy(body);
    assertTrue(
        allocated < 40L * body.length + 65_536, allocated + " bytes for a body of " + body.length);
    assertTrue(WireCodec.decodeBody(body) instanceof Snapshot);
  }

  @Test
  void aCountWithoutElementsAllocatesNothing() {
    byte[] body = new byte[100];
    // Applied, and a count that fits an int but not the frame.
    System.arraycopy(HexFormat.of().parseHex("0113ffffffff07"), 0, body, 0, 7);
    assertTrue(allocatedBy(body) < 65_536);
  }

  @Test
  void manyThreadsDoNotDisturbEachOther() throws Exception {
    int threads = 8;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int size = 1 + 7 * thread;
        work.add(() -> roundTrips(delta(size), 300));
      }
      for (Future<Void> result : executor.invokeAll(work)) {
        result.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static Void roundTrips(SouthboundMessage message, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      byte[] frame = WireCodec.encodeFrame(message);
      byte[] body = Arrays.copyOfRange(frame, LENGTH_BYTES, frame.length);
      assertEquals(message, WireCodec.decodeBody(body));
      byte[] truncated = Arrays.copyOf(body, body.length - 1);
      assertThrows(MalformedFrameException.class, () -> WireCodec.decodeBody(truncated));
    }
    return null;
  }

  /** Every binding takes the most bytes that one can. */
  private static Delta delta(int size) {
    List<Binding> changes =
        IntStream.range(0, size)
            .mapToObj(
                i ->
                    // None shares its first byte with the one before, nor is its version near.
                    new Binding(
                        new IpAddress((i % 2 == 0 ? 0xfd0aL : 0x200aL) << 48, i),
                        new FeId("f".repeat(53) + (1_000_000_000 + i)),
                        new MacAddress((i % 2 == 0 ? 0x02L : 0x06L) << 40),
                        i % 2 == 0 ? Long.MAX_VALUE : 1))
            .toList();
    return new Delta(Long.MAX_VALUE, ChainHash.GENESIS, POSITION, changes);
  }

  private static byte[] fill(String head, String element, int elementBytes) {
    return fill(head, new byte[0], element, elementBytes);
  }

  /**
   * @param first an element in front of the others; empty = none
   */
  private static byte[] fill(String head, byte[] first, String element, int elementBytes) {
    String hash = "00".repeat(ChainHash.BYTES);
    byte[] headBytes = HexFormat.of().parseHex(head.replace("HASH", hash).replace(" ", ""));
    byte[] one = HexFormat.of().parseHex(element.replace("HASH", hash).replace(" ", ""));
    assertEquals(elementBytes, one.length);
    int more = (MAX_FRAME_BYTES - 100) / one.length;
    int count = more + (first.length > 0 ? 1 : 0);
    byte[] body = Arrays.copyOf(headBytes, headBytes.length + 3 + first.length + more * one.length);
    int at = headBytes.length;
    // A count as a varint of 3 bytes.
    body[at++] = (byte) (count | 0x80);
    body[at++] = (byte) (count >>> 7 | 0x80);
    body[at++] = (byte) (count >>> 14);
    System.arraycopy(first, 0, body, at, first.length);
    at += first.length;
    for (int i = 0; i < more; i++, at += one.length) {
      System.arraycopy(one, 0, body, at, one.length);
    }
    return body;
  }

  private static long allocatedBy(byte[] body) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    decodeAnyway(new byte[] {1});
    long before = threads.getCurrentThreadAllocatedBytes();
    decodeAnyway(body);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Whether it ends as a message or as an exception does not matter for what it allocates. */
  private static void decodeAnyway(byte[] body) {
    try {
      WireCodec.decodeBody(body);
    } catch (MalformedFrameException refused) {
      assertTrue(refused.getMessage() != null);
    }
  }
}
