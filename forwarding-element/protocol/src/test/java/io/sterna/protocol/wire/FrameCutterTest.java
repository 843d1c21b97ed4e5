package io.sterna.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Members;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCutterTest {
  private static final List<SouthboundMessage> SAID =
      List.of(
          new Heartbeat(1),
          new Members(List.of(new ControllerEndpoint(new ControllerId("c1"), "127.0.0.1", 4780))),
          new Heartbeat(Long.MAX_VALUE));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 1000})
  void messagesDoNotDependOnHowTheirBytesArrive(int step) throws MalformedFrameException {
    byte[] bytes = WireCodec.encodeFrames(SAID);
    FrameCutter cutter = new FrameCutter();
    List<SouthboundMessage> heard = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += step) {
      heard.addAll(cutter.take(bytes, from, Math.min(step, bytes.length - from)));
    }
    assertEquals(SAID, heard);
  }

  @Test
  @Timeout(15)
  void aLongFrameInSingleBytesIsCopiedOnce() throws MalformedFrameException {
    byte[] frame = ByteBuffer.allocate(1 << 20).putInt(WireCodec.MAX_FRAME_BYTES).array();
    for (int times = 0; times < 8; times++) {
      FrameCutter cutter = new FrameCutter();
      for (int at = 0; at < frame.length; at++) {
        assertEquals(List.of(), cutter.take(frame, at, 1));
      }
    }
  }

  @Test
  void framesTogetherAreTheFramesOneByOne() {
    ByteArrayOutputStream oneByOne = new ByteArrayOutputStream();
    SAID.forEach(message -> oneByOne.writeBytes(WireCodec.encodeFrame(message)));
    assertArrayEquals(oneByOne.toByteArray(), WireCodec.encodeFrames(SAID));
    assertArrayEquals(new byte[0], WireCodec.encodeFrames(List.of()));
  }

  @Test
  void whatIsNoFrameIsRefused() {
    byte[] tooLong = {0x7f, 0, 0, 0, 1};
    byte[] negative = {-1, -1, -1, -1, 1};
    byte[] empty = {0, 0, 0, 0, 1};
    byte[] malformed = {0, 0, 0, 1, 9};
    for (byte[] bad : new byte[][] {tooLong, negative, empty, malformed}) {
      FrameCutter cutter = new FrameCutter();
      assertThrows(MalformedFrameException.class, () -> cutter.take(bad, 0, bad.length));
    }
  }
}
