package io.sterna.agent.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import io.sterna.linux.Libc;
import io.sterna.linux.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;

/**
 * Whole Ethernet frames on one interface (packet(7)).
 *
 * <p>Sending is thread-safe. Receiving is for one thread, which must have ended before {@code
 * close}: the kernel may give the descriptor's number to another file at once.
 */
public final class PacketSocket implements Closeable {
  /** The longest frame sent or received: no announcement is longer. */
  public static final int MAX_FRAME_BYTES = 2048;

  /** What {@link #receive} returns when its time is over. */
  static final int NOTHING = -1;

  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
  private static final int ETH_P_ALL = 3;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_ADD_MEMBERSHIP = 1;
  private static final int PACKET_MR_ALLMULTI = 2;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final int MSG_TRUNC = 0x20;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;

  private final int fd;
  private final String interfaceName;
  private final int interfaceIndex;
  private final Memory received = new Memory(MAX_FRAME_BYTES);
  private final Memory sent = new Memory(MAX_FRAME_BYTES);
  private boolean closed;

  private PacketSocket(int fd, String interfaceName, int interfaceIndex) {
    this.fd = fd;
    this.interfaceName = interfaceName;
    this.interfaceIndex = interfaceIndex;
  }

  /**
   * A socket that only sends.
   *
   * @throws IOException if there is no such namespace or interface, or without CAP_NET_RAW
   */
  public static PacketSocket open(NetworkNamespace namespace, String interfaceName)
      throws IOException {
    return namespace.call(
        () -> {
          PacketSocket socket = create(namespace, interfaceName);
          socket.bindOrClose(0);
          return socket;
        });
  }

  /**
   * A socket that also receives what arrives at the interface and passes the filter, but never what
   * is sent on it.
   *
   * @param timeoutMs how long {@link #receive} waits at most
   * @throws IOException if there is no such namespace or interface, or without CAP_NET_RAW
   */
  static PacketSocket listen(
      NetworkNamespace namespace, String interfaceName, SocketFilter filter, int timeoutMs)
      throws IOException {
    return namespace.call(
        () -> {
          PacketSocket socket = create(namespace, interfaceName);
          try {
            socket.prepareToReceive(filter, timeoutMs);
          } catch (LastErrorException e) {
            socket.close();
            throw socket.failure("cannot listen", e);
          }
          // Bound last: until then nothing is received, so nothing passes by the filter.
          socket.bindOrClose(ETH_P_ALL);
          return socket;
        });
  }

  /** The index of the interface that bears this name in the calling thread's namespace, or 0. */
  static int indexOf(String interfaceName) {
    try {
      return Libc.INSTANCE.if_nametoindex(interfaceName);
    } catch (LastErrorException e) {
      return 0;
    }
  }

  private static PacketSocket create(NetworkNamespace namespace, String interfaceName)
      throws IOException {
    int index = indexOf(interfaceName);
    if (index == 0) {
      throw new IOException(
          "no interface '" + interfaceName + "' in network namespace '" + namespace.name() + "'");
    }
    try {
      int fd = Libc.INSTANCE.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
      return new PacketSocket(fd, interfaceName, index);
    } catch (LastErrorException e) {
      throw new IOException("cannot open a packet socket: errno " + e.getErrorCode(), e);
    }
  }

  private void prepareToReceive(SocketFilter filter, int timeoutMs) {
    Memory timeval = new Memory(16);
    timeval.setLong(0, timeoutMs / 1000);
    timeval.setLong(8, timeoutMs % 1000 * 1000L);
    setOption(SOL_SOCKET, SO_RCVTIMEO, timeval);

    setOption(SOL_SOCKET, SO_ATTACH_FILTER, filter.toSockFprog());

    Memory one = new Memory(4);
    one.setInt(0, 1);
    setOption(SOL_PACKET, PACKET_IGNORE_OUTGOING, one);

    // A snooping bridge keeps solicited-node groups that nobody joined from its own interface,
    // unless that wants all multicast. Not promiscuous: then it would copy every switched frame.
    Memory membership = new Memory(16);
    membership.clear();
    membership.setInt(0, interfaceIndex);
    membership.setShort(4, (short) PACKET_MR_ALLMULTI);
    setOption(SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership);
  }

  private void setOption(int level, int option, Memory value) {
    Libc.INSTANCE.setsockopt(fd, level, option, value, (int) value.size());
  }

  private void bindOrClose(int protocol) throws IOException {
    Memory sockaddrLl = new Memory(20);
    sockaddrLl.clear();
    sockaddrLl.setShort(0, (short) AF_PACKET);
    sockaddrLl.setShort(2, Short.reverseBytes((short) protocol));
    sockaddrLl.setInt(4, interfaceIndex);
    try {
      Libc.INSTANCE.bind(fd, sockaddrLl, (int) sockaddrLl.size());
    } catch (LastErrorException e) {
      close();
      throw failure("cannot bind", e);
    }
  }

  /** The interface's index when the socket was opened: another one later is another interface. */
  int interfaceIndex() {
    return interfaceIndex;
  }

  /**
   * Sends one frame, from its Ethernet header on, without checksum sequence.
   *
   * @throws IOException if the interface is down or gone, or the frame does not fit it
   * @throws IllegalArgumentException if the frame is longer than {@link #MAX_FRAME_BYTES}
   */
  public synchronized void send(byte[] frame) throws IOException {
    if (frame.length > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "frame of " + frame.length + " bytes; at most " + MAX_FRAME_BYTES);
    }
    if (closed) {
      throw new IOException("packet socket on " + interfaceName + " is closed");
    }
    sent.write(0, frame, 0, frame.length);
    try {
      Libc.INSTANCE.send(fd, sent, new NativeLong(frame.length), 0);
    } catch (LastErrorException e) {
      throw failure("cannot send", e);
    }
  }

  /**
   * Waits for the next frame and copies what fits.
   *
   * @param buffer of at most {@link #MAX_FRAME_BYTES}
   * @return the whole length of the frame, also if it did not fit; or {@link #NOTHING} when the
   *     time is over
   * @throws IOException if the interface went down or away; after it comes up again the same socket
   *     goes on
   */
  int receive(byte[] buffer) throws IOException {
    try {
      NativeLong capacity = new NativeLong(buffer.length);
      int length = Libc.INSTANCE.recv(fd, received, capacity, MSG_TRUNC).intValue();
      received.read(0, buffer, 0, Math.min(length, buffer.length));
      return length;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == EAGAIN || e.getErrorCode() == EINTR) {
        return NOTHING;
      }
      throw failure("cannot receive", e);
    }
  }

  private IOException failure(String what, LastErrorException cause) {
    return new IOException(
        what + " on interface " + interfaceName + ": errno " + cause.getErrorCode(), cause);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.INSTANCE.close(fd);
    }
  }
}
