package io.sterna.lab.kernel;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Watches one link of a namespace: a VM notices that its cable is plugged in again. */
public final class LinkWatch implements AutoCloseable {
  private static final int RTMGRP_LINK = 1;
  private static final int RTM_NEWLINK = 16;
  private static final int IFINFO_BYTES = 16;
  private static final int IFLA_IFNAME = 3;
  private static final int IFF_RUNNING = 0x40;
  private static final int IFF_LOWER_UP = 0x1_0000;
  private static final int RECEIVE_TIMEOUT_MS = 100;

  private final RouteNetlink netlink;
  private final String link;

  private LinkWatch(RouteNetlink netlink, String link) {
    this.netlink = netlink;
    this.link = link;
  }

  /** Starts to watch: reports what happens from now on. */
  public static LinkWatch open(NetworkNamespace namespace, String link) throws IOException {
    return new LinkWatch(RouteNetlink.open(namespace, RTMGRP_LINK, RECEIVE_TIMEOUT_MS), link);
  }

  /**
   * Waits until the kernel says that the link has carrier and can send.
   *
   * @param deadlineNanos by {@link System#nanoTime()}
   * @return when that was heard, by {@link System#nanoTime()}
   * @throws IOException if it was not heard by the deadline
   */
  public long awaitCarrier(long deadlineNanos) throws IOException {
    while (System.nanoTime() < deadlineNanos) {
      ByteBuffer messages = netlink.receive();
      long heardNanos = System.nanoTime();
      while (messages.remaining() >= RouteNetlink.HEADER_BYTES + IFINFO_BYTES) {
        int start = messages.position();
        int length = messages.getInt(start);
        if (saysCarrier(messages, start, length)) {
          return heardNanos;
        }
        messages.position(Math.min(messages.limit(), start + RouteNetlink.align(length)));
      }
    }
    throw new IOException("link " + link + " has no carrier");
  }

  private boolean saysCarrier(ByteBuffer messages, int start, int length) {
    int end = Math.min(messages.limit(), start + length);
    int info = start + RouteNetlink.HEADER_BYTES;
    if (messages.getShort(start + 4) != RTM_NEWLINK) {
      return false;
    }
    int wanted = IFF_RUNNING | IFF_LOWER_UP;
    if ((messages.getInt(info + 8) & wanted) != wanted) {
      return false;
    }
    ByteBuffer name = RouteNetlink.attribute(messages, info + IFINFO_BYTES, end, IFLA_IFNAME);
    return name != null && (link + "\0").equals(StandardCharsets.US_ASCII.decode(name).toString());
  }

  @Override
  public void close() {
    netlink.close();
  }
}
