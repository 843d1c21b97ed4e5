package io.sterna.protocol.wire;

import io.sterna.protocol.SouthboundMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a stream of bytes into messages, however the bytes arrive. Not thread-safe. */
public final class FrameCutter {
  private static final byte[] NOTHING = {};

  private byte[] rest = NOTHING;
  private int restBytes;

  /**
   * Takes some bytes; the array is not kept.
   *
   * @return the messages that are complete now, in order
   * @throws MalformedFrameException with a one-line reason; nothing after it can be read
   */
  public List<SouthboundMessage> take(byte[] bytes, int offset, int length)
      throws MalformedFrameException {
    List<SouthboundMessage> messages = new ArrayList<>();
    if (restBytes == 0) {
      int used = cut(bytes, offset, length, messages);
      keep(bytes, offset + used, length - used);
    } else {
      keep(bytes, offset, length);
      int used = cut(rest, 0, restBytes, messages);
      if (used > 0) {
        // Not for each byte of a long frame that comes in single bytes.
        System.arraycopy(rest, used, rest, 0, restBytes - used);
        restBytes -= used;
      }
      if (restBytes == 0) {
        // Of a thousand streams few are within a frame at a time.
        rest = NOTHING;
      }
    }
    return messages;
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

  private static int cut(byte[] bytes, int offset, int length, List<SouthboundMessage> messages)
      throws MalformedFrameException {
    int used = 0;
    while (length - used >= WireCodec.LENGTH_BYTES) {
      int body = bodyBytes(bytes, offset + used);
      if (body < 1 || body > WireCodec.MAX_FRAME_BYTES) {
        throw new MalformedFrameException(
            "a body has 1 to "
                + WireCodec.MAX_FRAME_BYTES
                + " bytes, not "
                + Integer.toUnsignedString(body));
      }
      if (length - used < WireCodec.LENGTH_BYTES + body) {
        break;
      }
      messages.add(WireCodec.decodeBody(bytes, offset + used + WireCodec.LENGTH_BYTES, body));
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
