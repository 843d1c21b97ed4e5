package io.sterna.bench.peers.etcd;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes fields in Protocol Buffers' wire format: varints and what has a length. Pure. */
final class ProtobufWriter {
  static final int WIRE_VARINT = 0;
  static final int WIRE_LENGTH = 2;

  private static final int SHIFT = 7;
  private static final int MORE = 0x80;

  private byte[] bytes = new byte[64];
  private int length;

  ProtobufWriter varint(int field, long value) {
    rawVarint(((long) field << 3) | WIRE_VARINT);
    rawVarint(value);
    return this;
  }

  ProtobufWriter bytes(int field, byte[] value) {
    return bytes(field, value, value.length);
  }

  /** A message within this one. */
  ProtobufWriter message(int field, ProtobufWriter value) {
    return bytes(field, value.bytes, value.length);
  }

  private ProtobufWriter bytes(int field, byte[] value, int count) {
    rawVarint(((long) field << 3) | WIRE_LENGTH);
    rawVarint(count);
    reserve(count);
    System.arraycopy(value, 0, bytes, length, count);
    length += count;
    return this;
  }

  /** All that was written; a view. */
  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  private void rawVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~(MORE - 1L)) != 0) {
      bytes[length++] = (byte) ((rest & (MORE - 1)) | MORE);
      rest >>>= SHIFT;
    }
    bytes[length++] = (byte) rest;
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }
}
