package io.sterna.lab.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import io.sterna.linux.NetworkNamespace;
import java.io.IOException;

/**
 * Sends small UDP datagrams of many address pairs from one link as fast as one core can. A thousand
 * are one system call, so what is measured is the kernel.
 */
public final class FrameFlood implements AutoCloseable {
  /** The bytes of one IP packet. */
  public static final int IP_BYTES = 46;

  /** How many one system call sends at most. */
  public static final int BATCH = 1000;

  private static final int ETHERNET_BYTES = 14;
  private static final int FRAME_BYTES = ETHERNET_BYTES + IP_BYTES;
  private static final int FRAME_STRIDE = 64;
  private static final int MESSAGE_BYTES = 64;
  private static final int VECTOR_BYTES = 16;
  private static final int SOCKADDR_LL_BYTES = 20;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_QDISC_BYPASS = 20;
  private static final int DESTINATIONS = 250;

  private final int fd;
  private final int slots;
  private final Memory frames;
  private final Memory vectors;
  private final Memory messages;
  private int next;

  private FrameFlood(int fd, int pairs, long sourceMac, long destinationMac) {
    this.fd = fd;
    // Few pairs stand several times, so that a system call is as long as with many.
    this.slots = pairs >= BATCH ? pairs : BATCH - BATCH % pairs;
    this.frames = new Memory((long) slots * FRAME_STRIDE);
    this.vectors = new Memory((long) slots * VECTOR_BYTES);
    this.messages = new Memory((long) slots * MESSAGE_BYTES);
    frames.clear();
    messages.clear();
    for (int i = 0; i < slots; i++) {
      byte[] frame = frame(i % pairs, sourceMac, destinationMac);
      frames.write((long) i * FRAME_STRIDE, frame, 0, FRAME_BYTES);
      vectors.setPointer((long) i * VECTOR_BYTES, frames.share((long) i * FRAME_STRIDE));
      vectors.setLong((long) i * VECTOR_BYTES + 8, FRAME_BYTES);
      messages.setPointer((long) i * MESSAGE_BYTES + 16, vectors.share((long) i * VECTOR_BYTES));
      messages.setLong((long) i * MESSAGE_BYTES + 24, 1);
    }
  }

  /**
   * Opens a socket on a link.
   *
   * @param pairs how many pairs take turns
   * @param sourceMac 48 bits
   * @param destinationMac 48 bits
   */
  public static FrameFlood open(
      NetworkNamespace namespace, String link, int pairs, long sourceMac, long destinationMac)
      throws IOException {
    int fd = namespace.call(() -> socket(link));
    return new FrameFlood(fd, pairs, sourceMac, destinationMac);
  }

  private static int socket(String link) throws IOException {
    try (Memory address = new Memory(SOCKADDR_LL_BYTES);
        Memory one = new Memory(4)) {
      int fd = SystemCalls.INSTANCE.socket(SystemCalls.AF_PACKET, SystemCalls.SOCK_RAW_CLOEXEC, 0);
      one.setInt(0, 1);
      SystemCalls.INSTANCE.setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, one, 4);
      address.clear();
      address.setShort(0, (short) SystemCalls.AF_PACKET);
      address.setInt(4, SystemCalls.INSTANCE.if_nametoindex(link));
      SystemCalls.INSTANCE.bind(fd, address, SOCKADDR_LL_BYTES);
      return fd;
    } catch (LastErrorException e) {
      throw new IOException("cannot open a packet socket on " + link + ": " + e.getMessage(), e);
    }
  }

  /** Sends the next frames, at most a thousand; returns how many. */
  public int send() throws IOException {
    int count = Math.min(BATCH, slots - next);
    try {
      int sent =
          SystemCalls.INSTANCE.sendmmsg(fd, messages.share((long) next * MESSAGE_BYTES), count, 0);
      next = (next + sent) % slots;
      return sent;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == SystemCalls.ENOBUFS || e.getErrorCode() == SystemCalls.EAGAIN) {
        return 0;
      }
      throw new IOException("the link does not send: errno " + e.getErrorCode(), e);
    }
  }

  private static byte[] frame(int pair, long sourceMac, long destinationMac) {
    byte[] frame = new byte[FRAME_BYTES];
    put(frame, 0, destinationMac, 6);
    put(frame, 6, sourceMac, 6);
    put(frame, 12, 0x0800, 2);
    put(frame, 14, 0x4500_0000L | IP_BYTES, 4);
    put(frame, 22, 0x4011, 2); // time to live, UDP
    put(frame, 26, 0x0a0a_0000L | pair / DESTINATIONS, 4);
    put(frame, 30, 0x0a0b_0000L | pair % DESTINATIONS, 4);
    put(frame, 34, 0x0009_0009L, 4); // ports: discard
    put(frame, 38, IP_BYTES - 20, 2);
    put(frame, 24, checksum(frame), 2);
    return frame;
  }

  private static int checksum(byte[] frame) {
    int sum = 0;
    for (int i = ETHERNET_BYTES; i < ETHERNET_BYTES + 20; i += 2) {
      sum += ((frame[i] & 0xff) << 8) | (frame[i + 1] & 0xff);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
  }

  private static void put(byte[] frame, int at, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      frame[at + i] = (byte) (value >>> (8 * (bytes - 1 - i)));
    }
  }

  @Override
  public void close() {
    SystemCalls.INSTANCE.close(fd);
    frames.close();
    vectors.close();
    messages.close();
  }
}
