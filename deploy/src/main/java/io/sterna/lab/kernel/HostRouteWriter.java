package io.sterna.lab.kernel;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes IPv4 host routes into a namespace's main table, many with one system call: what a user
 * would write as the agent of a store. Used by one thread.
 */
public final class HostRouteWriter implements AutoCloseable {
  /** Routes that are written at a time at most. */
  public static final int BATCH_MAX = 1000;

  private static final int RTM_NEWROUTE = 24;
  private static final int NLM_F_REPLACE = 0x100;
  private static final int NLM_F_CREATE = 0x400;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int MESSAGE_BYTES = RouteNetlink.HEADER_BYTES + 12 + 3 * 8;
  private static final int TIMEOUT_MS = 10_000;

  private final RouteNetlink netlink;
  private final int device;
  private final byte[] bytes = new byte[BATCH_MAX * MESSAGE_BYTES];
  private final ByteBuffer batch = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  private int sequence;

  private HostRouteWriter(RouteNetlink netlink, int device) {
    this.netlink = netlink;
    this.device = device;
  }

  /** Opens a writer of routes through a link. */
  public static HostRouteWriter open(NetworkNamespace namespace, String link) throws IOException {
    int device = namespace.call(() -> SystemCalls.INSTANCE.if_nametoindex(link));
    return new HostRouteWriter(RouteNetlink.open(namespace, 0, TIMEOUT_MS), device);
  }

  /**
   * Adds a route to those that will be written, or replaces one; writes if there are many.
   *
   * @param host the bits of its destination
   * @param gateway the bits of its gateway
   */
  public void put(int host, int gateway) throws IOException {
    int start = batch.position();
    batch.putInt(MESSAGE_BYTES).putShort((short) RTM_NEWROUTE);
    batch.putShort((short) (RouteNetlink.NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE));
    batch.putInt(++sequence).putInt(0);
    // rtmsg: AF_INET, 32 bits, main table, RTPROT_STATIC, universe, unicast.
    batch.put((byte) 2).put((byte) 32).putShort((short) 0);
    batch.put((byte) 254).put((byte) 4).put((byte) 0).put((byte) 1).putInt(0);
    attribute(RTA_DST, host, ByteOrder.BIG_ENDIAN);
    attribute(RTA_GATEWAY, gateway, ByteOrder.BIG_ENDIAN);
    attribute(RTA_OIF, device, ByteOrder.nativeOrder());
    assert batch.position() - start == MESSAGE_BYTES : "as long as it says";
    if (!batch.hasRemaining()) {
      write();
    }
  }

  private void attribute(int type, int value, ByteOrder order) {
    batch.putShort((short) 8).putShort((short) type);
    batch.order(order).putInt(value).order(ByteOrder.nativeOrder());
  }

  /**
   * Writes all that was put, and waits until the kernel has it.
   *
   * @throws IOException with the kernel's errno if it refused one
   */
  public void write() throws IOException {
    if (batch.position() == 0) {
      return;
    }
    int last = batch.position() - MESSAGE_BYTES;
    batch.putShort(last + 6, (short) (batch.getShort(last + 6) | RouteNetlink.NLM_F_ACK));
    netlink.requestAll(bytes, batch.position(), sequence);
    batch.clear();
  }

  @Override
  public void close() {
    netlink.close();
  }
}
