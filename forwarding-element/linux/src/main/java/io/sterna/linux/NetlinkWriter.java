package io.sterna.linux;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one behind the other into one buffer that is used again and again, and
 * allocates nothing.
 *
 * <p>A message is a 16 byte header, a fixed body and attributes, each padded to 4 bytes (RFC 3549
 * section 2.3.2). Numbers are in the machine's order unless a name says {@code big}.
 */
public final class NetlinkWriter {
  private static final int FLAGS_OFFSET = 6;
  private static final int NESTED = 0x8000;

  private final ByteBuffer buffer;
  private int messageStart;
  private int sequence;

  public NetlinkWriter(ByteBuffer buffer) {
    this.buffer = buffer.order(ByteOrder.nativeOrder());
  }

  /** Forgets what was written; sequence numbers go on. */
  public void clear() {
    buffer.clear();
    messageStart = 0;
  }

  /** Begins a message and returns its sequence number: one more than that of the one before. */
  public int begin(int type, int flags) {
    messageStart = buffer.position();
    sequence++;
    buffer.putInt(0).putShort((short) type).putShort((short) (flags | Rtnetlink.NLM_F_REQUEST));
    buffer.putInt(sequence).putInt(0);
    return sequence;
  }

  /** Ends the message that was begun. */
  public void end() {
    buffer.putInt(messageStart, buffer.position() - messageStart);
  }

  /** Adds flags to the message that was begun last. */
  public void flagLast(int flags) {
    int at = messageStart + FLAGS_OFFSET;
    buffer.putShort(at, (short) (buffer.getShort(at) | flags));
  }

  public NetlinkWriter u8(int value) {
    buffer.put((byte) value);
    return this;
  }

  public NetlinkWriter u16(int value) {
    buffer.putShort((short) value);
    return this;
  }

  public NetlinkWriter u32(int value) {
    buffer.putInt(value);
    return this;
  }

  public NetlinkWriter attributeU8(int type, int value) {
    header(4 + 1, type);
    buffer.putInt(0);
    buffer.put(buffer.position() - 4, (byte) value);
    return this;
  }

  public NetlinkWriter attributeU16(int type, int value) {
    header(4 + 2, type);
    buffer.putShort((short) value).putShort((short) 0);
    return this;
  }

  public NetlinkWriter attributeU32(int type, int value) {
    header(4 + 4, type);
    buffer.putInt(value);
    return this;
  }

  public NetlinkWriter attributeBigU64(int type, long value) {
    header(4 + 8, type);
    buffer.putLong(Rtnetlink.big(value));
    return this;
  }

  /** 4 or 16 bytes in network order. */
  public NetlinkWriter attribute(int type, IpAddress address) {
    if (address.isV4()) {
      header(4 + 4, type);
      buffer.putInt(Rtnetlink.big(address.v4Bits()));
    } else {
      header(4 + 16, type);
      buffer.putLong(Rtnetlink.big(address.high())).putLong(Rtnetlink.big(address.low()));
    }
    return this;
  }

  /** 6 bytes in wire order. */
  public NetlinkWriter attribute(int type, MacAddress mac) {
    header(4 + MacAddress.BYTES, type);
    long shifted = mac.bits() << 16;
    buffer.putLong(Rtnetlink.big(shifted));
    return this;
  }

  /** Text with the trailing zero byte that the kernel expects. */
  public NetlinkWriter attribute(int type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    header(4 + bytes.length + 1, type);
    buffer.put(bytes);
    for (int i = bytes.length; i == bytes.length || i % 4 != 0; i++) {
      buffer.put((byte) 0);
    }
    return this;
  }

  /** Begins an attribute that holds attributes, and returns what {@link #endNested} wants. */
  public int beginNested(int type) {
    int start = buffer.position();
    header(0, type | NESTED);
    return start;
  }

  public void endNested(int start) {
    buffer.putShort(start, (short) (buffer.position() - start));
  }

  /** How many bytes are written. */
  public int length() {
    return buffer.position();
  }

  /** The sequence number of the message that was begun last. */
  public int sequence() {
    return sequence;
  }

  private void header(int length, int type) {
    buffer.putShort((short) length).putShort((short) type);
  }
}
