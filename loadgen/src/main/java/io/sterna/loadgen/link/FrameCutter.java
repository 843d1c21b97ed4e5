package io.sterna.loadgen.link;

import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.wire.WireCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts a stream of bytes into messages. Not thread-safe. */
final class FrameCutter {
  private static final byte[] NOTHING = {};

  private final DecodedFrames decoded;
  private byte[] rest = NOTHING;
  private int restBytes;

  /**
   * @param decoded what all cutters of a loop have decoded
   */
  FrameCutter(DecodedFrames decoded) {
    this.decoded = decoded;
  }

  /** Takes some bytes and hands out the messages that are complete. */
  void take(byte[] bytes, int offset, int length, Consumer<FromController> messages)
      throws IOException {
    if (restBytes == 0) {
      int used = cut(bytes, offset, length, messages);
      keep(bytes, offset + used, length - used);
    } else {
      keep(bytes, offset, length);
      int used = cut(rest, 0, restBytes, messages);
      System.arraycopy(rest, used, rest, 0, restBytes - used);
      restBytes -= used;
      if (restBytes == 0) {
        rest = NOTHING;
      }
    }
  }

  private void keep(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return;
    }
    if (restBytes + length > rest.length) {
      rest = Arrays.copyOf(rest, Math.max(2 * rest.length, restBytes + length));
    }
    System.arraycopy(bytes, offset, rest, restBytes, length);
    restBytes += length;
  }

  private int cut(byte[] bytes, int offset, int length, Consumer<FromController> messages)
      throws IOException {
    int used = 0;
    while (length - used >= WireCodec.LENGTH_BYTES) {
      int body = bodyBytes(bytes, offset + used);
      if (body < 1 || body > WireCodec.MAX_FRAME_BYTES) {
        throw new IOException("a frame of " + body + " bytes");
      }
      if (length - used < WireCodec.LENGTH_BYTES + body) {
        break;
      }
      int from = offset + used + WireCodec.LENGTH_BYTES;
      messages.accept(decoded.decode(bytes, from, body));
      used += WireCodec.LENGTH_BYTES + body;
    }
    return used;
  }

  private static int bodyBytes(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
