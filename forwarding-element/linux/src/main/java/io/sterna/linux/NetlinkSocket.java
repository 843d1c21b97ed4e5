package io.sterna.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A NETLINK_ROUTE socket inside a network namespace.
 *
 * <p>Requests are written behind each other with {@link #begin}, sent with one system call and
 * answered together: the kernel works through them in order, answers every refused one and, because
 * the last one asks for it, also the last. So silence about a request means that it was done.
 *
 * <p>Not thread-safe; {@link #close} may be called from any thread once nobody uses it.
 */
public final class NetlinkSocket implements AutoCloseable {
  /** What one {@link #exchange} can carry. */
  public static final int REQUEST_BYTES = 1 << 20;

  private static final int RECEIVE_BYTES = 1 << 18;

  /** One answer takes about a KiB of this; a batch gets at most some thousand. */
  private static final int SOCKET_BUFFER_BYTES = 16 << 20;

  private static final int MAX_DUMP_ATTEMPTS = 10;

  private static final int SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;

  private final int fd;
  private final Memory request = new Memory(REQUEST_BYTES);
  private final Memory received = new Memory(RECEIVE_BYTES);
  private final NetlinkWriter writer = new NetlinkWriter(view(request));
  private final NetlinkReader reader = new NetlinkReader(view(received));
  private int firstSequence;

  private NetlinkSocket(int fd) {
    this.fd = fd;
  }

  /** Gets each message that is not an acknowledgement. */
  public interface Messages {
    void onMessage(NetlinkReader message) throws IOException;
  }

  /** Gets each refused request. */
  public interface Refusals {
    void onRefused(int sequence, int errno, @Nullable String text) throws IOException;
  }

  /**
   * Opens a socket.
   *
   * @param receiveTimeoutMs how long {@link #exchange}, {@link #dump} and {@link #receive} wait
   * @param groups the multicast groups to join
   * @throws IOException if the namespace or the socket cannot be had
   */
  public static NetlinkSocket open(NetworkNamespace namespace, int receiveTimeoutMs, int... groups)
      throws IOException {
    try {
      int fd =
          namespace.call(() -> Libc.INSTANCE.socket(Rtnetlink.AF_NETLINK, SOCK_RAW_CLOEXEC, 0));
      NetlinkSocket socket = new NetlinkSocket(fd);
      try {
        socket.configure(receiveTimeoutMs, groups);
      } catch (LastErrorException e) {
        socket.close();
        throw e;
      }
      return socket;
    } catch (LastErrorException e) {
      throw failed("opening a netlink socket", e);
    }
  }

  /**
   * Only messages that the filter passes arrive from now on.
   *
   * @param sockFprog a struct sock_fprog, and with it the classic BPF program
   * @throws IOException if the kernel refuses the filter
   */
  public void attach(Memory sockFprog) throws IOException {
    try {
      Libc.INSTANCE.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, sockFprog, 16);
    } catch (LastErrorException e) {
      throw failed("attaching a filter", e);
    }
  }

  /** Empties the request buffer and returns its writer. */
  public NetlinkWriter begin() {
    writer.clear();
    firstSequence = writer.sequence() + 1;
    return writer;
  }

  /**
   * Sends what was written since {@link #begin} and waits until the kernel has worked it off.
   *
   * @throws IOException if the kernel did not answer in time or answers were lost: nothing is known
   *     about the requests
   */
  public void exchange(Messages messages, Refusals refusals) throws IOException {
    if (writer.length() == 0) {
      return;
    }
    writer.flagLast(Rtnetlink.NLM_F_ACK);
    send();
    int last = writer.sequence();
    while (true) {
      reader.reset(receiveAnswer());
      while (reader.next()) {
        int sequence = reader.sequence();
        if (sequence - firstSequence < 0) {
          continue; // an answer to requests whose exchange was given up
        }
        if (reader.type() != Rtnetlink.NLMSG_ERROR) {
          messages.onMessage(reader);
          continue;
        }
        int errno = reader.errno();
        if (errno != 0) {
          refusals.onRefused(sequence, errno, reader.errorText());
        }
        if (sequence == last) {
          return;
        }
      }
    }
  }

  /** Sends one written request whose refusal is an error. */
  public void exchange(String what, Messages messages) throws IOException {
    exchange(
        messages,
        (sequence, errno, text) -> {
          throw new NetlinkException(what, errno, text);
        });
  }

  /** Writes a dump request and nothing else. */
  public interface DumpRequest {
    void write(NetlinkWriter writer);
  }

  /**
   * Sends a dump request and hands on each message of its answer. If the table changed meanwhile,
   * the dump is asked for again.
   *
   * @param restart called before each attempt: forget what was heard
   * @throws IOException if it was refused, unanswered, or inconsistent at every attempt
   */
  public void dump(DumpRequest written, Runnable restart, Messages messages) throws IOException {
    for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
      restart.run();
      written.write(begin());
      writer.flagLast(Rtnetlink.NLM_F_DUMP);
      send();
      if (readDump(messages)) {
        return;
      }
    }
    throw new IOException(
        "the kernel's table changed during each of " + MAX_DUMP_ATTEMPTS + " dumps");
  }

  /**
   * Waits for notifications of the joined groups and hands them on; returns without any if the time
   * ran out or notifications were lost.
   */
  public void receive(Messages messages) throws IOException {
    try {
      int length = receiveOnce();
      if (length < 0) {
        return;
      }
      reader.reset(length);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Rtnetlink.ENOBUFS) {
        return;
      }
      throw failed("receiving netlink notifications", e);
    }
    while (reader.next()) {
      messages.onMessage(reader);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Libc.INSTANCE.close(fd);
    } catch (LastErrorException e) {
      throw failed("closing a netlink socket", e);
    }
  }

  private void configure(int receiveTimeoutMs, int[] groups) {
    option(SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BUFFER_BYTES);
    option(SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER_BYTES);
    option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
    option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
    option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    try (Memory timeout = new Memory(16)) {
      timeout.setLong(0, receiveTimeoutMs / 1000);
      timeout.setLong(8, receiveTimeoutMs % 1000 * 1000L);
      Libc.INSTANCE.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, 16);
    }
    try (Memory address = new Memory(12)) {
      address.clear();
      address.setShort(0, (short) Rtnetlink.AF_NETLINK);
      Libc.INSTANCE.bind(fd, address, 12);
    }
    for (int group : groups) {
      option(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    }
  }

  private void option(int level, int name, int value) {
    try (Memory memory = new Memory(4)) {
      memory.setInt(0, value);
      Libc.INSTANCE.setsockopt(fd, level, name, memory, 4);
    }
  }

  private boolean readDump(Messages messages) throws IOException {
    boolean consistent = true;
    while (true) {
      reader.reset(receiveAnswer());
      while (reader.next()) {
        if (reader.sequence() != writer.sequence()) {
          continue;
        }
        consistent &= (reader.flags() & Rtnetlink.NLM_F_DUMP_INTR) == 0;
        int type = reader.type();
        if (type != Rtnetlink.NLMSG_DONE && type != Rtnetlink.NLMSG_ERROR) {
          messages.onMessage(reader);
        } else if (reader.errno() != 0) {
          throw new NetlinkException("dump", reader.errno(), reader.errorText());
        } else {
          return consistent;
        }
      }
    }
  }

  private void send() throws IOException {
    try {
      Libc.INSTANCE.send(fd, request, new NativeLong(writer.length()), 0);
    } catch (LastErrorException e) {
      throw failed("sending " + writer.length() + " bytes to the kernel", e);
    }
  }

  private int receiveAnswer() throws IOException {
    try {
      int length = receiveOnce();
      if (length < 0) {
        throw new IOException("the kernel did not answer a netlink request in time");
      }
      return length;
    } catch (LastErrorException e) {
      throw failed("receiving the kernel's answers", e);
    }
  }

  /** The number of bytes received; -1 if the time ran out. */
  private int receiveOnce() {
    while (true) {
      try {
        return Libc.INSTANCE.recv(fd, received, new NativeLong(RECEIVE_BYTES), 0).intValue();
      } catch (LastErrorException e) {
        if (e.getErrorCode() == Rtnetlink.EAGAIN) {
          return -1;
        }
        if (e.getErrorCode() != Rtnetlink.EINTR) {
          throw e;
        }
      }
    }
  }

  private static ByteBuffer view(Memory memory) {
    return memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());
  }

  private static IOException failed(String what, LastErrorException e) {
    return new IOException(what + ": " + NetlinkException.reason(e.getErrorCode(), null), e);
  }
}
