package io.sterna.lab.kernel;

import com.sun.jna.LastErrorException;
import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Moves a VM's port from one site to another: out of its bridge and namespace, into the other
 * namespace and bridge, and up, all by one RTM_NEWLINK request, so that the time without a link is
 * only what the kernel needs.
 */
public final class PortMover {
  private static final int RTM_NEWLINK = 16;
  private static final int IFF_UP = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int O_RDONLY_CLOEXEC = 0x8_0000;
  private static final int ANSWER_TIMEOUT_MS = 5_000;

  private PortMover() {}

  /**
   * Moves the port; when this returns, it is up at the target.
   *
   * @param port the name of the link, the same in both namespaces
   * @param bridgeIndex the interface index of the target's bridge in the target's namespace
   * @throws IOException if the kernel refuses
   */
  public static Moved move(NetworkNamespace from, String port, NetworkNamespace to, int bridgeIndex)
      throws IOException {
    int target = openNamespace(to.name());
    try (RouteNetlink netlink = RouteNetlink.open(from, 0, ANSWER_TIMEOUT_MS)) {
      ByteBuffer request = request(port, target, bridgeIndex);
      long unpluggedNanos = System.nanoTime();
      netlink.request(RTM_NEWLINK, request);
      return new Moved(unpluggedNanos, System.nanoTime());
    } finally {
      SystemCalls.INSTANCE.close(target);
    }
  }

  /**
   * When the kernel was asked to take the port away, and when it had plugged it in again.
   *
   * @param askedNanos {@link System#nanoTime()} just before the request
   * @param doneNanos {@link System#nanoTime()} when it was acknowledged
   */
  public record Moved(long askedNanos, long doneNanos) {}

  private static int openNamespace(String name) throws IOException {
    try {
      return SystemCalls.INSTANCE.open("/run/netns/" + name, O_RDONLY_CLOEXEC);
    } catch (LastErrorException e) {
      throw new IOException("no network namespace '" + name + "': errno " + e.getErrorCode(), e);
    }
  }

  static ByteBuffer request(String port, int targetNamespaceFd, int bridgeIndex) {
    byte[] name = (port + "\0").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer message = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
    message.position(RouteNetlink.HEADER_BYTES);
    // ifinfomsg: family, padding, type, index 0 = found by name, flags, which flags change.
    message.put((byte) 0).put((byte) 0).putShort((short) 0).putInt(0).putInt(IFF_UP).putInt(IFF_UP);
    message.putShort((short) (4 + name.length)).putShort((short) IFLA_IFNAME).put(name);
    message.position(RouteNetlink.align(message.position()));
    message.putShort((short) 8).putShort((short) IFLA_NET_NS_FD).putInt(targetNamespaceFd);
    message.putShort((short) 8).putShort((short) IFLA_MASTER).putInt(bridgeIndex);
    return message.flip();
  }
}
