package io.sterna.lab.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import io.sterna.linux.NetworkNamespace;
import java.io.IOException;

/** Sends whole Ethernet frames from one link of a namespace (packet(7)). */
public final class FrameSender implements AutoCloseable {
  private static final int SOCKADDR_LL_BYTES = 20;

  private final String link;
  private int fd;

  private FrameSender(String link, int fd) {
    this.link = link;
    this.fd = fd;
  }

  /** Opens a socket on the link. It hears nothing: it is bound to no protocol. */
  public static FrameSender open(NetworkNamespace namespace, String link) throws IOException {
    return namespace.call(() -> new FrameSender(link, socket(link)));
  }

  private static int socket(String link) throws IOException {
    int fd = -1;
    try (Memory address = new Memory(SOCKADDR_LL_BYTES)) {
      fd = SystemCalls.INSTANCE.socket(SystemCalls.AF_PACKET, SystemCalls.SOCK_RAW_CLOEXEC, 0);
      address.clear();
      address.setShort(0, (short) SystemCalls.AF_PACKET);
      address.setInt(4, SystemCalls.INSTANCE.if_nametoindex(link));
      SystemCalls.INSTANCE.bind(fd, address, SOCKADDR_LL_BYTES);
      return fd;
    } catch (LastErrorException e) {
      if (fd >= 0) {
        SystemCalls.INSTANCE.close(fd);
      }
      throw new IOException("cannot open a packet socket on " + link + ": " + e.getMessage(), e);
    }
  }

  /**
   * @throws IOException if the link does not take the frame
   */
  public void send(byte[] frame) throws IOException {
    try {
      SystemCalls.INSTANCE.send(fd, frame, new NativeLong(frame.length), 0);
    } catch (LastErrorException e) {
      throw new IOException("link " + link + " does not send: errno " + e.getErrorCode(), e);
    }
  }

  @Override
  public void close() {
    if (fd >= 0) {
      SystemCalls.INSTANCE.close(fd);
      fd = -1;
    }
  }
}
