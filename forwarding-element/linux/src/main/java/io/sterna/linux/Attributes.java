package io.sterna.linux;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one message by type, read in place. Of two with the same type the last one
 * counts; types above 63 are not needed here and skipped.
 */
public final class Attributes {
  private static final int MAX_TYPES = 64;
  private static final int TYPE_MASK = 0x3fff;
  private static final int HEADER_BYTES = 4;

  private final ByteBuffer buffer;
  private final int[] starts = new int[MAX_TYPES];
  private final int[] lengths = new int[MAX_TYPES];

  public Attributes(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** Walks the bytes from {@code from} to {@code to}; none if that is no stretch of the buffer. */
  public void index(int from, int to) {
    Arrays.fill(starts, -1);
    int at = from;
    while (at >= 0 && to - at >= HEADER_BYTES) {
      int length = buffer.getShort(at) & 0xffff;
      int type = buffer.getShort(at + 2) & TYPE_MASK;
      if (length < HEADER_BYTES || length > to - at) {
        return;
      }
      if (type < MAX_TYPES) {
        starts[type] = at + HEADER_BYTES;
        lengths[type] = length - HEADER_BYTES;
      }
      at += (length + 3) & ~3;
    }
  }

  public boolean has(int type) {
    return starts[type] >= 0;
  }

  /** The attributes inside this one; none if it is absent. */
  public Attributes nested(int type) {
    Attributes inner = new Attributes(buffer);
    int from = Math.max(starts[type], 0);
    inner.index(from, has(type) ? from + lengths[type] : from);
    return inner;
  }

  /** 0 if absent. */
  public int u8(int type) {
    return holds(type, 1) ? buffer.get(starts[type]) & 0xff : 0;
  }

  /** 0 if absent. */
  public int u16(int type) {
    return holds(type, 2) ? buffer.getShort(starts[type]) & 0xffff : 0;
  }

  /** 0 if absent. */
  public int bigU16(int type) {
    return holds(type, 2) ? Rtnetlink.big(buffer.getShort(starts[type])) & 0xffff : 0;
  }

  /** 0 if absent. */
  public int u32(int type) {
    return holds(type, 4) ? buffer.getInt(starts[type]) : 0;
  }

  /** 0 if absent. */
  public long bigU64(int type) {
    return holds(type, 8) ? Rtnetlink.big(buffer.getLong(starts[type])) : 0;
  }

  /** Null if absent or neither 4 nor 16 bytes long. */
  public @Nullable IpAddress address(int type) {
    if (!has(type)) {
      return null;
    }
    int at = starts[type];
    return switch (lengths[type]) {
      case 4 -> IpAddress.ofV4(Rtnetlink.big(buffer.getInt(at)));
      case 16 ->
          new IpAddress(Rtnetlink.big(buffer.getLong(at)), Rtnetlink.big(buffer.getLong(at + 8)));
      default -> null;
    };
  }

  /** Null if absent or not 6 bytes long. */
  public @Nullable MacAddress mac(int type) {
    if (!has(type) || lengths[type] != MacAddress.BYTES) {
      return null;
    }
    int at = starts[type];
    long upper = Rtnetlink.big(buffer.getInt(at)) & 0xffff_ffffL;
    return new MacAddress((upper << 16) | (Rtnetlink.big(buffer.getShort(at + 4)) & 0xffffL));
  }

  /** Text without its trailing zero byte; null if absent. */
  public @Nullable String text(int type) {
    if (!has(type)) {
      return null;
    }
    byte[] bytes = new byte[lengths[type]];
    buffer.get(starts[type], bytes);
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private boolean holds(int type, int bytes) {
    return has(type) && lengths[type] >= bytes;
  }
}
