package io.sterna.lab.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A NETLINK_ROUTE socket of one network namespace (rtnetlink(7)).
 *
 * <p>Used by one thread at a time.
 */
final class RouteNetlink implements AutoCloseable {
  /** The length of {@code nlmsghdr}. */
  static final int HEADER_BYTES = 16;

  static final int NLMSG_ERROR = 2;
  static final int NLM_F_REQUEST = 1;
  static final int NLM_F_ACK = 4;

  private static final int NETLINK_ROUTE = 0;
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
  private static final int MESSAGE_BYTES_MAX = 64 << 10;

  private final String where;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(MESSAGE_BYTES_MAX).order(ByteOrder.nativeOrder());
  private int fd;
  private int sequence;

  private RouteNetlink(String where, int fd) {
    this.where = where;
    this.fd = fd;
  }

  /**
   * Opens a socket.
   *
   * @param groups the multicast groups to join, as a bit mask of the old style groups; 0 = none
   * @param receiveTimeoutMs how long {@link #receive} waits; 0 = for ever
   */
  static RouteNetlink open(NetworkNamespace namespace, int groups, int receiveTimeoutMs)
      throws IOException {
    return namespace.call(
        () -> new RouteNetlink(namespace.name(), socket(groups, receiveTimeoutMs)));
  }

  private static int socket(int groups, int receiveTimeoutMs) throws IOException {
    int fd = -1;
    try {
      fd =
          SystemCalls.INSTANCE.socket(
              SystemCalls.AF_NETLINK, SystemCalls.SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
      setReceiveTimeout(fd, receiveTimeoutMs);
      setReceiveBuffer(fd);
      try (Memory address = new Memory(12)) {
        address.clear();
        address.setShort(0, (short) SystemCalls.AF_NETLINK);
        address.setInt(8, groups);
        SystemCalls.INSTANCE.bind(fd, address, (int) address.size());
      }
      return fd;
    } catch (LastErrorException e) {
      if (fd >= 0) {
        SystemCalls.INSTANCE.close(fd);
      }
      throw new IOException("cannot open a netlink socket: errno " + e.getErrorCode(), e);
    }
  }

  private static void setReceiveTimeout(int fd, int timeoutMs) {
    try (Memory time = new Memory(16)) {
      time.setLong(0, TimeUnit.MILLISECONDS.toSeconds(timeoutMs));
      time.setLong(8, timeoutMs % 1000 * 1000L);
      SystemCalls.INSTANCE.setsockopt(
          fd, SystemCalls.SOL_SOCKET, SystemCalls.SO_RCVTIMEO, time, (int) time.size());
    }
  }

  private static void setReceiveBuffer(int fd) {
    try (Memory size = new Memory(4)) {
      size.setInt(0, RECEIVE_BUFFER_BYTES);
      SystemCalls.INSTANCE.setsockopt(
          fd, SystemCalls.SOL_SOCKET, SystemCalls.SO_RCVBUFFORCE, size, 4);
    }
  }

  /** From now on only what a sample holds is received. */
  void receiveOnly(RouteSample sample) throws IOException {
    // struct sock_fprog: how many instructions, and where.
    try (Memory instructions = sample.instructions();
        Memory program = new Memory(16)) {
      program.clear();
      program.setShort(0, (short) RouteSample.count(instructions));
      program.setPointer(8, instructions);
      SystemCalls.INSTANCE.setsockopt(
          fd, SystemCalls.SOL_SOCKET, SystemCalls.SO_ATTACH_FILTER, program, (int) program.size());
    } catch (LastErrorException e) {
      throw new IOException("no filter for netlink in " + where + ": errno " + e.getErrorCode(), e);
    }
  }

  /**
   * Sends one request and waits for its acknowledgement.
   *
   * @param message a whole message in host byte order whose header this fills in
   * @throws IOException with the kernel's errno if it refused
   */
  void request(int type, ByteBuffer message) throws IOException {
    sequence++;
    message
        .putInt(0, message.limit())
        .putShort(4, (short) type)
        .putShort(6, (short) (NLM_F_REQUEST | NLM_F_ACK))
        .putInt(8, sequence)
        .putInt(12, 0);
    byte[] bytes = new byte[message.limit()];
    message.get(0, bytes);
    try {
      SystemCalls.INSTANCE.send(fd, bytes, new NativeLong(bytes.length), 0);
    } catch (LastErrorException e) {
      throw new IOException("netlink in " + where + ": errno " + e.getErrorCode(), e);
    }
    awaitAcknowledgement(sequence);
  }

  /**
   * Sends many requests at once and waits until the kernel has carried out all of them.
   *
   * @param messages whole messages in host byte order, of which only the last asks to be
   *     acknowledged
   * @param length their bytes
   * @param lastSequence the sequence number of the last
   * @throws IOException with the kernel's errno if it refused one
   */
  void requestAll(byte[] messages, int length, int lastSequence) throws IOException {
    try {
      SystemCalls.INSTANCE.send(fd, messages, new NativeLong(length), 0);
    } catch (LastErrorException e) {
      throw new IOException("netlink in " + where + ": errno " + e.getErrorCode(), e);
    }
    awaitAcknowledgement(lastSequence);
  }

  /** Whatever the kernel refuses is an error; others it acknowledges only if they ask for it. */
  private void awaitAcknowledgement(int last) throws IOException {
    while (true) {
      ByteBuffer reply = receive();
      if (!reply.hasRemaining()) {
        throw new IOException("netlink in " + where + " did not answer");
      }
      while (reply.remaining() >= HEADER_BYTES + 4) {
        int start = reply.position();
        if (reply.getShort(start + 4) == NLMSG_ERROR) {
          int errno = -reply.getInt(start + HEADER_BYTES);
          if (errno != 0) {
            throw new IOException("netlink in " + where + " refused: errno " + errno);
          }
          if (reply.getInt(start + 8) == last) {
            return;
          }
        }
        reply.position(Math.min(reply.limit(), start + align(reply.getInt(start))));
      }
    }
  }

  /**
   * Waits for one datagram: a run of messages. Empty after the timeout, or if the kernel had to
   * drop some.
   *
   * @return a view of this socket's own buffer, in host byte order, valid until the next call
   */
  ByteBuffer receive() throws IOException {
    buffer.clear();
    try {
      NativeLong capacity = new NativeLong(buffer.capacity());
      return buffer.limit(SystemCalls.INSTANCE.recv(fd, buffer, capacity, 0).intValue());
    } catch (LastErrorException e) {
      return switch (e.getErrorCode()) {
        case SystemCalls.EAGAIN, SystemCalls.EINTR, SystemCalls.ENOBUFS -> buffer.limit(0);
        default -> throw new IOException("netlink in " + where + ": errno " + e.getErrorCode(), e);
      };
    }
  }

  static int align(int length) {
    return (Math.max(length, 4) + 3) & ~3;
  }

  /** The value of an attribute of a message, or null. Positions of the message do not change. */
  static @Nullable ByteBuffer attribute(ByteBuffer message, int from, int end, int type) {
    int at = from;
    while (at + 4 <= end) {
      int length = message.getShort(at) & 0xffff;
      if (length < 4 || at + length > end) {
        return null;
      }
      if ((message.getShort(at + 2) & 0x3fff) == type) {
        return message.slice(at + 4, length - 4).order(ByteOrder.nativeOrder());
      }
      at += align(length);
    }
    return null;
  }

  @Override
  public void close() {
    if (fd >= 0) {
      SystemCalls.INSTANCE.close(fd);
      fd = -1;
    }
  }
}
