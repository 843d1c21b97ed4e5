package io.sterna.monitoring.lab;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import io.sterna.linux.Libc;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what arrives at the eth0 of a machine, by a packet socket and by what the IP headers say:
 * it shares nothing with the counters that it judges.
 */
public final class WireCapture implements AutoCloseable {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final int EVERYTHING = 0x0300;
  private static final int EAGAIN = 11;
  private static final int BUFFER_BYTES = 512 << 20;
  private static final int HEAD_BYTES = 14 + 40;
  private static final int IDLE_MS = 300;

  private final int fd;
  private final Memory head = new Memory(HEAD_BYTES);

  /** Who sent to whom. */
  public record Pair(IpAddress source, IpAddress destination) {}

  /** What one pair sent; {@code bytes} as the IP headers say. */
  public record Sum(long bytes, long packets) {
    /** Both together. */
    public Sum plus(Sum other) {
      return new Sum(bytes + other.bytes, packets + other.packets);
    }
  }

  private WireCapture(int fd) {
    this.fd = fd;
  }

  /** Begins to capture; the kernel keeps frames until {@link #sums}. */
  public static WireCapture open(NetworkNamespace machine) throws IOException {
    int fd =
        machine.call(
            () -> {
              int socket = Libc.INSTANCE.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
              option(socket, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES);
              option(socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
              Memory timeout = new Memory(16);
              timeout.setLong(0, 0);
              timeout.setLong(8, IDLE_MS * 1000L);
              Libc.INSTANCE.setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, timeout, 16);
              Memory address = new Memory(20);
              address.clear();
              address.setShort(0, (short) AF_PACKET);
              address.setShort(2, (short) EVERYTHING);
              address.setInt(4, Libc.INSTANCE.if_nametoindex("eth0"));
              Libc.INSTANCE.bind(socket, address, 20);
              return socket;
            });
    return new WireCapture(fd);
  }

  /** Everything captured until nothing came for a moment. */
  public Map<Pair, Sum> sums() {
    Map<Pair, Sum> sums = new HashMap<>();
    while (receive()) {
      int type = big16(12);
      if (type == 0x0800) {
        merge(sums, 14 + 12, 4, big16(14 + 2));
      } else if (type == 0x86dd) {
        merge(sums, 14 + 8, 16, 40 + big16(14 + 4));
      }
    }
    return sums;
  }

  private void merge(Map<Pair, Sum> sums, int at, int addressBytes, int bytes) {
    byte[] addresses = head.getByteArray(at, 2 * addressBytes);
    Pair pair =
        new Pair(
            IpAddress.ofBytes(addresses, 0, addressBytes),
            IpAddress.ofBytes(addresses, addressBytes, addressBytes));
    sums.merge(pair, new Sum(bytes, 1), Sum::plus);
  }

  private int big16(int at) {
    return Short.toUnsignedInt(Short.reverseBytes(head.getShort(at)));
  }

  private boolean receive() {
    try {
      Libc.INSTANCE.recv(fd, head, new NativeLong(HEAD_BYTES), 0);
      return true;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == EAGAIN) {
        return false;
      }
      throw e;
    }
  }

  private static void option(int fd, int level, int name, int value) {
    Memory memory = new Memory(4);
    memory.setInt(0, value);
    Libc.INSTANCE.setsockopt(fd, level, name, memory, 4);
  }

  @Override
  public void close() {
    Libc.INSTANCE.close(fd);
  }
}
