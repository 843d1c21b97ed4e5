package io.sterna.loadgen.link;

import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes frames, the same bytes only once: a change comes to every element in the same bytes, and
 * here all elements share a process, which elements of their own would not. Each element has still
 * received and decrypted its own copy, and it is compared to the last byte. Messages cannot be
 * changed, so they can be shared. Not thread-safe.
 */
final class DecodedFrames {
  /** Elements are some frames apart from each other; what is older is decoded again. */
  private static final int SLOTS = 1 << 10;

  /** Below are answers to one element; above, nothing is worth its memory. */
  private static final int BYTES_MIN = 64;

  private static final int BYTES_MAX = 64 << 10;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final @Nullable Decoded[] slots = new Decoded[SLOTS];

  private static final class Decoded {
    final byte[] body;
    final FromController message;

    Decoded(byte[] body, FromController message) {
      this.body = body;
      this.message = message;
    }
  }

  /** The message of a body. */
  FromController decode(byte[] bytes, int offset, int length) throws IOException {
    if (length < BYTES_MIN || length > BYTES_MAX) {
      return decodeAfresh(bytes, offset, length);
    }
    int slot = slot(bytes, offset, length);
    Decoded known = slots[slot];
    if (known != null
        && Arrays.equals(known.body, 0, known.body.length, bytes, offset, offset + length)) {
      return known.message;
    }
    FromController message = decodeAfresh(bytes, offset, length);
    slots[slot] = new Decoded(Arrays.copyOfRange(bytes, offset, offset + length), message);
    return message;
  }

  /** The first bytes of a delta and of a snapshot hold hashes: they tell it apart. */
  private static int slot(byte[] bytes, int offset, int length) {
    long hash = length;
    for (int at = 0; at + Long.BYTES <= BYTES_MIN; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(bytes, offset + at)) * MIX;
    }
    return (int) (hash >>> (Long.SIZE - Integer.numberOfTrailingZeros(SLOTS)));
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
