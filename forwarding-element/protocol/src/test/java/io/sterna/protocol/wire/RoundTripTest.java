package io.sterna.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.SouthboundMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever is sent is what arrives. */
class RoundTripTest {
  @Property(tries = 2000)
  void decodedIsEncoded(@ForAll("messages") SouthboundMessage message) throws Exception {
    byte[] frame = WireCodec.encodeFrame(message);
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    assertEquals(frame.length - WireCodec.LENGTH_BYTES, buffer.getInt());
    assertEquals(
        message,
        WireCodec.decodeBody(frame, WireCodec.LENGTH_BYTES, frame.length - WireCodec.LENGTH_BYTES));
  }

  @Property(tries = 300)
  void aBodyInsideALargerBufferIsReadAlone(
      @ForAll("messages") SouthboundMessage message,
      @ForAll @IntRange(max = 20) int before,
      @ForAll @IntRange(max = 20) int after)
      throws Exception {
    byte[] body = body(message);
    byte[] buffer = new byte[before + body.length + after];
    Arrays.fill(buffer, (byte) 1);
    System.arraycopy(body, 0, buffer, before, body.length);
    byte[] copy = buffer.clone();
    assertEquals(message, WireCodec.decodeBody(buffer, before, body.length));
    assertTrue(Arrays.equals(copy, buffer), "the buffer was changed");
    for (int length = 0; length < body.length; length++) {
      int truncated = length;
      assertThrows(
          MalformedFrameException.class, () -> WireCodec.decodeBody(buffer, before, truncated));
    }
  }

  @Provide
  Arbitrary<SouthboundMessage> messages() {
    return ArbitraryMessages.any();
  }

  private static byte[] body(SouthboundMessage message) {
    byte[] frame = WireCodec.encodeFrame(message);
    return Arrays.copyOfRange(frame, WireCodec.LENGTH_BYTES, frame.length);
  }
}
