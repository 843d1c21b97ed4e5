package io.sterna.store.codec;

import io.sterna.protocol.FeId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names of elements as they are read: a journal has few, and each a million times, so each is one
 * object. Of names that share a slot the last stays, the others are made anew. Any thread may read:
 * two that come at once cost an object more.
 */
final class KnownElements {
  private static final int SLOT_BITS = 10;
  private static final int SLOTS = 1 << SLOT_BITS;
  private static final int MIX = 0x9e3779b9;

  private static final @Nullable Known[] KNOWN = new Known[SLOTS];

  /** Its fields are final: whoever finds it sees all of it, though nothing orders the threads. */
  private static final class Known {
    private final byte[] ascii;
    private final FeId fe;

    Known(byte[] ascii) {
      this.ascii = ascii;
      this.fe = new FeId(new String(ascii, StandardCharsets.US_ASCII));
    }
  }

  private KnownElements() {}

  /**
   * The element whose name is these bytes.
   *
   * @throws IllegalArgumentException if no name is like that
   */
  static FeId read(byte[] bytes, int offset, int length) {
    int hash = 0;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash * MIX) >>> (Integer.SIZE - SLOT_BITS);
    Known known = KNOWN[slot];
    if (known == null
        || !Arrays.equals(known.ascii, 0, known.ascii.length, bytes, offset, offset + length)) {
      known = new Known(Arrays.copyOfRange(bytes, offset, offset + length));
      KNOWN[slot] = known;
    }
    return known.fe;
  }
}
