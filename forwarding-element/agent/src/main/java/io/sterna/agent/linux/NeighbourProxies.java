package io.sterna.agent.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import io.sterna.protocol.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The kernel's IPv6 proxy entries on the bridge ({@code ip -6 neigh show proxy}), one an address:
 * for these the kernel answers solicitations by itself, also while no agent runs. They survive the
 * agent; the next one adopts those that carry Sterna's protocol number and leaves others alone.
 *
 * <p>Bounded: the entry that was longest not asked for leaves. Not thread-safe; every call may wait
 * for the kernel.
 */
final class NeighbourProxies implements Closeable {
  /** Marks Sterna's entries, as it marks her routes. */
  static final int PROTOCOL = 157;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int ANSWER_TIMEOUT_SECONDS = 2;

  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int RTM_NEWNEIGH = 28;
  private static final int RTM_DELNEIGH = 29;
  private static final int RTM_GETNEIGH = 30;
  private static final int NLM_F_REQUEST = 1;
  private static final int NLM_F_ACK = 4;
  private static final int NLM_F_DUMP = 0x300;
  private static final int NLM_F_CREATE = 0x400;
  private static final int HEADER_BYTES = 16;
  private static final int NDMSG_BYTES = 12;
  private static final int NTF_PROXY = 8;
  private static final int NUD_PERMANENT = 0x80;
  private static final int NDA_DST = 1;
  private static final int NDA_PROTOCOL = 12;
  private static final int AF_INET6 = 10;
  private static final int ENOENT = 2;

  /** The kernel fills a dump's parts up to 32 KiB. */
  private static final int BUFFER_BYTES = 32 * 1024;

  private final NetworkNamespace namespace;
  private final String bridge;
  private final int capacity;
  private final int fd;
  private final Memory buffer = new Memory(BUFFER_BYTES);
  private final Map<IpAddress, Boolean> known = new LinkedHashMap<>(16, 0.75f, true);
  private int bridgeIndex;
  private int sequence;

  private NeighbourProxies(NetworkNamespace namespace, String bridge, int capacity, int fd) {
    this.namespace = namespace;
    this.bridge = bridge;
    this.capacity = capacity;
    this.fd = fd;
  }

  /**
   * Adopts the entries that stand.
   *
   * @param capacity how many entries at most
   */
  static NeighbourProxies open(NetworkNamespace namespace, String bridge, int capacity)
      throws IOException {
    int fd = namespace.call(NeighbourProxies::socket);
    NeighbourProxies proxies = new NeighbourProxies(namespace, bridge, capacity, fd);
    try {
      proxies.bridgeIndex = proxies.currentIndex();
      for (IpAddress standing : proxies.dump()) {
        proxies.known.put(standing, true);
      }
      return proxies;
    } catch (IOException e) {
      proxies.close();
      throw e;
    }
  }

  private static int socket() {
    int fd = Libc.INSTANCE.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
    Memory timeval = new Memory(16);
    timeval.setLong(0, ANSWER_TIMEOUT_SECONDS);
    timeval.setLong(8, 0);
    Libc.INSTANCE.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval, 16);
    return fd;
  }

  private int currentIndex() throws IOException {
    return namespace.call(() -> PacketSocket.indexOf(bridge));
  }

  /** Lets the kernel answer for this IPv6 address. */
  void add(IpAddress address) throws IOException {
    if (known.get(address) != null) {
      return;
    }
    change(RTM_NEWNEIGH, NLM_F_CREATE, address);
    known.put(address, true);
    if (known.size() > capacity) {
      remove(known.keySet().iterator().next());
    }
  }

  /** Whether the kernel answers for this address because of {@link #add}. */
  boolean contains(IpAddress address) {
    return known.containsKey(address);
  }

  /** Lets the kernel no longer answer; nothing happens if there is no such entry. */
  void remove(IpAddress address) throws IOException {
    if (known.remove(address) != null) {
      change(RTM_DELNEIGH, 0, address);
    }
  }

  /** Removes every entry that does not pass; after the bridge was made anew, forgets them all. */
  void retain(Predicate<IpAddress> wanted) throws IOException {
    int index = currentIndex();
    if (index != bridgeIndex) {
      bridgeIndex = index;
      known.clear();
    }
    for (IpAddress address : List.copyOf(known.keySet())) {
      if (!wanted.test(address)) {
        remove(address);
      }
    }
  }

  private void change(int type, int flags, IpAddress address) throws IOException {
    ByteBuffer message = message(type, NLM_F_REQUEST | NLM_F_ACK | flags, bridgeIndex);
    attribute(message, NDA_DST, address.toBytes());
    attribute(message, NDA_PROTOCOL, new byte[] {(byte) PROTOCOL});
    send(message);
    int error = answers(new ArrayList<>());
    boolean goneAlready = type == RTM_DELNEIGH && error == ENOENT;
    if (error != 0 && !goneAlready) {
      throw new IOException(
          "kernel refused the proxy entry of " + address + " on " + bridge + ": errno " + error);
    }
  }

  private List<IpAddress> dump() throws IOException {
    send(message(RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, 0));
    List<IpAddress> standing = new ArrayList<>();
    int error = answers(standing);
    if (error != 0) {
      throw new IOException("kernel refused to list its proxy entries: errno " + error);
    }
    return standing;
  }

  private ByteBuffer message(int type, int flags, int interfaceIndex) {
    ByteBuffer message = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
    sequence++;
    message.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0);
    message.put((byte) AF_INET6).put((byte) 0).putShort((short) 0).putInt(interfaceIndex);
    message.putShort((short) NUD_PERMANENT).put((byte) NTF_PROXY).put((byte) 0);
    return message;
  }

  private static void attribute(ByteBuffer message, int type, byte[] value) {
    message.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    message.position(aligned(message.position()));
  }

  private void send(ByteBuffer message) throws IOException {
    int length = message.position();
    message.putInt(0, length);
    message.flip();
    buffer.getByteBuffer(0, length).put(message);
    try {
      Libc.INSTANCE.send(fd, buffer, new NativeLong(length), 0);
    } catch (LastErrorException e) {
      throw new IOException("cannot reach the kernel by netlink: errno " + e.getErrorCode(), e);
    }
  }

  /** Reads up to the end of the answer; 0 or the errno in it. Collects Sterna's entries. */
  private int answers(List<IpAddress> entries) throws IOException {
    while (true) {
      ByteBuffer part = receive();
      while (part.remaining() >= HEADER_BYTES) {
        int start = part.position();
        int length = part.getInt(start);
        if (length < HEADER_BYTES || length > part.remaining()) {
          throw new IOException("kernel sent a netlink message of " + length + " bytes");
        }
        int type = part.getShort(start + 4);
        boolean ours = part.getInt(start + 8) == sequence;
        if (ours && (type == NLMSG_ERROR || type == NLMSG_DONE)) {
          return length >= HEADER_BYTES + 4 ? -part.getInt(start + HEADER_BYTES) : 0;
        }
        if (ours && type == RTM_NEWNEIGH) {
          collect(part, start + HEADER_BYTES, start + length, entries);
        }
        part.position(Math.min(part.limit(), start + aligned(length)));
      }
    }
  }

  private void collect(ByteBuffer part, int start, int end, List<IpAddress> entries) {
    if (end - start < NDMSG_BYTES || part.getInt(start + 4) != bridgeIndex) {
      return;
    }
    IpAddress address = null;
    int protocol = 0;
    int offset = start + NDMSG_BYTES;
    while (offset + 4 <= end) {
      int length = part.getShort(offset);
      int type = part.getShort(offset + 2);
      if (length < 4 || offset + length > end) {
        return;
      }
      if (type == NDA_DST && length == 4 + 16) {
        ByteBuffer bigEndian = part.duplicate().order(ByteOrder.BIG_ENDIAN);
        address = new IpAddress(bigEndian.getLong(offset + 4), bigEndian.getLong(offset + 12));
      } else if (type == NDA_PROTOCOL && length == 4 + 1) {
        protocol = part.get(offset + 4) & 0xff;
      }
      offset += aligned(length);
    }
    if (address != null && protocol == PROTOCOL) {
      entries.add(address);
    }
  }

  private ByteBuffer receive() throws IOException {
    try {
      int length = Libc.INSTANCE.recv(fd, buffer, new NativeLong(BUFFER_BYTES), 0).intValue();
      byte[] bytes = buffer.getByteArray(0, length);
      return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    } catch (LastErrorException e) {
      throw new IOException("no answer from the kernel: errno " + e.getErrorCode(), e);
    }
  }

  private static int aligned(int length) {
    return (length + 3) & ~3;
  }

  @Override
  public void close() {
    Libc.INSTANCE.close(fd);
  }
}
