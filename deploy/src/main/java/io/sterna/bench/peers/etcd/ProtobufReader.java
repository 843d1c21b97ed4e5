package io.sterna.bench.peers.etcd;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads fields in Protocol Buffers' wire format, one after the other. Pure. */
final class ProtobufReader {
  private static final int SHIFT = 7;
  private static final int MORE = 0x80;
  private static final int VARINT_BITS_MAX = 64;

  private final ByteBuffer in;
  private int field;
  private long number;
  private ByteBuffer value = ByteBuffer.allocate(0);

  /** Reads what remains in the buffer. */
  ProtobufReader(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Goes to the next field that is a varint or has a length; others are passed over.
   *
   * @return whether there is one
   * @throws IOException if the bytes are no message
   */
  boolean next() throws IOException {
    while (in.hasRemaining()) {
      long tag = varint();
      field = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case ProtobufWriter.WIRE_VARINT -> {
          number = varint();
          return true;
        }
        case ProtobufWriter.WIRE_LENGTH -> {
          int length = (int) varint();
          value = slice(length);
          return true;
        }
        case 1 -> slice(Long.BYTES);
        case 5 -> slice(Integer.BYTES);
        default -> throw new IOException("no protobuf: wire type " + (tag & 7));
      }
    }
    return false;
  }

  int field() {
    return field;
  }

  /** The value of a varint. */
  long number() {
    return number;
  }

  /** The value of what has a length; a view. */
  ByteBuffer value() {
    return value;
  }

  private ByteBuffer slice(int length) throws IOException {
    if (length < 0 || length > in.remaining()) {
      throw new IOException("no protobuf: a field of " + length + " bytes beyond its message");
    }
    ByteBuffer slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    return slice;
  }

  private long varint() throws IOException {
    long result = 0;
    for (int shift = 0; shift < VARINT_BITS_MAX && in.hasRemaining(); shift += SHIFT) {
      byte next = in.get();
      result |= (long) (next & (MORE - 1)) << shift;
      if ((next & MORE) == 0) {
        return result;
      }
    }
    throw new IOException("no protobuf: a number that does not end");
  }
}
