package io.sterna.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the netlink messages in one received buffer. What does not fit in the buffer is
 * left out, so that a short or malformed buffer ends the walk and reads nothing beyond it.
 */
public final class NetlinkReader {
  private final ByteBuffer buffer;
  private final Attributes attributes;
  private int limit;
  private int start;
  private int end;

  public NetlinkReader(ByteBuffer buffer) {
    this.buffer = buffer.order(ByteOrder.nativeOrder());
    this.attributes = new Attributes(this.buffer);
  }

  /** Stands before the first message of the first {@code length} bytes. */
  public void reset(int length) {
    limit = length;
    start = 0;
    end = 0;
  }

  /** Goes to the next message; false if there is none. */
  public boolean next() {
    start = (end + 3) & ~3;
    if (start + Rtnetlink.NETLINK_HEADER_BYTES > limit) {
      return false;
    }
    int length = buffer.getInt(start);
    if (length < Rtnetlink.NETLINK_HEADER_BYTES || length > limit - start) {
      return false;
    }
    end = start + length;
    return true;
  }

  public int type() {
    return buffer.getShort(start + 4) & 0xffff;
  }

  public int flags() {
    return buffer.getShort(start + 6) & 0xffff;
  }

  public int sequence() {
    return buffer.getInt(start + 8);
  }

  /** The byte of the body at this offset behind the netlink header; 0 if the body is shorter. */
  public int u8(int offset) {
    int at = start + Rtnetlink.NETLINK_HEADER_BYTES + offset;
    return at < end ? buffer.get(at) & 0xff : 0;
  }

  /** Two bytes of the body; 0 if the body is shorter. */
  public int u16(int offset) {
    int at = start + Rtnetlink.NETLINK_HEADER_BYTES + offset;
    return at + 2 <= end ? buffer.getShort(at) & 0xffff : 0;
  }

  /** Four bytes of the body; 0 if the body is shorter. */
  public int u32(int offset) {
    int at = start + Rtnetlink.NETLINK_HEADER_BYTES + offset;
    return at + 4 <= end ? buffer.getInt(at) : 0;
  }

  /**
   * The attributes behind a fixed body of this size. One object for all messages: it is valid until
   * the next call.
   */
  public Attributes attributes(int bodyBytes) {
    attributes.index(start + Rtnetlink.NETLINK_HEADER_BYTES + bodyBytes, end);
    return attributes;
  }

  /** Of an NLMSG_ERROR or NLMSG_DONE: 0, or the errno as a positive number. */
  public int errno() {
    return -u32(0);
  }

  /** Of an NLMSG_ERROR or NLMSG_DONE: the kernel's words, if it said any. */
  public @Nullable String errorText() {
    if ((flags() & Rtnetlink.NLM_F_ACK_TLVS) == 0) {
      return null;
    }
    int echoed = 0;
    if (type() == Rtnetlink.NLMSG_ERROR) {
      boolean capped = errno() == 0 || (flags() & Rtnetlink.NLM_F_CAPPED) != 0;
      echoed = capped ? Rtnetlink.NETLINK_HEADER_BYTES : (u32(4) + 3) & ~3;
    }
    return attributes(4 + echoed).text(Rtnetlink.NLMSGERR_ATTR_MSG);
  }
}
