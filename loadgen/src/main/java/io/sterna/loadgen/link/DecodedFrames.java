package io.sterna.loadgen.link;

import io.sterna.loadgen.table.Recent;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes frames, the same bytes only once: a change comes to every element in the same bytes, and
 * here all elements share a process, which elements of their own would not. Each element has still
 * received and decrypted its own copy, and it is compared to the last byte. Messages cannot be
 * changed, so they can be shared. Not thread-safe.
 */
final class DecodedFrames {
  /**
   * Elements are some frames apart from each other; what is older is decoded again. Frames that
   * share a place do not take it from each other: with one frame a place, two that are under way at
   * once would be decoded for every element in turn.
   */
  private static final int PLACES = 1 << 5;

  private static final int FRAMES_A_PLACE = 16;

  /** Below are answers to one element; above, nothing is worth its memory. */
  private static final int BYTES_MIN = 64;

  private static final int BYTES_MAX = 64 << 10;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final Recent<Decoded> recent = new Recent<>(PLACES, FRAMES_A_PLACE);

  private static final class Decoded {
    final byte[] body;
    final FromController message;

    Decoded(byte[] body, FromController message) {
      this.body = body;
      this.message = message;
    }

    boolean has(byte[] bytes, int offset, int length) {
      return Arrays.equals(body, 0, body.length, bytes, offset, offset + length);
    }
  }

  /** The message of a body. */
  FromController decode(byte[] bytes, int offset, int length) throws IOException {
    if (length < BYTES_MIN || length > BYTES_MAX) {
      return decodeAfresh(bytes, offset, length);
    }
    long hash = hash(bytes, offset, length);
    Decoded known = recent.find(hash, frame -> frame.has(bytes, offset, length));
    if (known == null) {
      byte[] body = Arrays.copyOfRange(bytes, offset, offset + length);
      known = new Decoded(body, decodeAfresh(bytes, offset, length));
      recent.put(hash, known);
    }
    return known.message;
  }

  /** The first bytes of a delta and of a snapshot hold hashes: they tell it apart. */
  private static long hash(byte[] bytes, int offset, int length) {
    long hash = length;
    for (int at = 0; at + Long.BYTES <= BYTES_MIN; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(bytes, offset + at)) * MIX;
    }
    return hash;
  }

  private static FromController decodeAfresh(byte[] bytes, int offset, int length)
      throws IOException {
    try {
      SouthboundMessage message = WireCodec.decodeBody(bytes, offset, length);
      if (message instanceof FromController said) {
        return said;
      }
      throw new IOException("a controller never says " + message.getClass().getSimpleName());
    } catch (MalformedFrameException e) {
      throw new IOException("malformed: " + e.getMessage(), e);
    }
  }
}
