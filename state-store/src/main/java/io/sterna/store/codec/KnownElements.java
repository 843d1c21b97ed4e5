package io.sterna.store.codec;

import io.sterna.protocol.FeId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names of elements as they are read: a journal has few, and each a million times, so each is one
 * object. What falls into a slot last stays there. Any thread may read: two that come at once cost
 * an object more.
 */
final class KnownElements {
  private static final int SLOTS = 1 << 10;

  private static final @Nullable Known[] SLOT = new Known[SLOTS];

  /** Never changed, so whoever sees it sees all of it. */
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
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    Known known = SLOT[slot];
    if (known == null
        || !Arrays.equals(known.ascii, 0, known.ascii.length, bytes, offset, offset + length)) {
      known = new Known(Arrays.copyOfRange(bytes, offset, offset + length));
      SLOT[slot] = known;
    }
    return known.fe;
  }
}
