package io.sterna.lab.kernel;

import io.sterna.linux.NetworkNamespace;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears where one in {@link #STEP} IPv4 host routes of a namespace leads, whoever writes them: so
 * few that watching takes next to nothing from what is watched.
 */
public final class NextHopMonitor implements AutoCloseable {
  /** Addresses that are a multiple of this are heard of. */
  public static final int STEP = 64;

  private static final int RTMGRP_IPV4_ROUTE = 0x40;
  private static final int RTM_NEWROUTE = 24;
  private static final int RTMSG_BYTES = 12;
  private static final int RTA_DST = 1;
  private static final int RTA_GATEWAY = 5;
  private static final int HOST_BITS = 32;
  private static final int RECEIVE_TIMEOUT_MS = 100;

  /** Told of each route. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A host route stands.
     *
     * @param host the bits of its destination
     * @param nextHop the bits of its gateway
     * @param nanos when it was heard, by {@link System#nanoTime()}
     */
    void heard(int host, int nextHop, long nanos);
  }

  private final RouteNetlink netlink;
  private final Listener listener;
  private final Consumer<String> failure;
  private final Thread thread;
  private volatile boolean closed;

  private NextHopMonitor(
      String name, RouteNetlink netlink, Listener listener, Consumer<String> failure) {
    this.netlink = netlink;
    this.listener = listener;
    this.failure = failure;
    this.thread = new Thread(this::run, "next-hops-" + name);
    thread.setDaemon(true);
  }

  /**
   * Starts to listen; listener and failure are called on a thread of this monitor.
   *
   * @param failure told why it stopped listening
   */
  public static NextHopMonitor open(
      NetworkNamespace namespace, Listener listener, Consumer<String> failure) throws IOException {
    RouteNetlink netlink = RouteNetlink.open(namespace, RTMGRP_IPV4_ROUTE, RECEIVE_TIMEOUT_MS);
    try {
      netlink.receiveOnly(RouteSample.everywhere(STEP));
    } catch (IOException e) {
      netlink.close();
      throw e;
    }
    NextHopMonitor monitor = new NextHopMonitor(namespace.name(), netlink, listener, failure);
    monitor.thread.start();
    return monitor;
  }

  private void run() {
    try (netlink) {
      while (!closed) {
        ByteBuffer messages = netlink.receive();
        long nanos = System.nanoTime();
        while (messages.remaining() >= RouteNetlink.HEADER_BYTES + RTMSG_BYTES) {
          int start = messages.position();
          int length = messages.getInt(start);
          hear(messages, start, Math.min(messages.limit(), start + length), nanos);
          messages.position(Math.min(messages.limit(), start + RouteNetlink.align(length)));
        }
      }
    } catch (IOException e) {
      failure.accept("a kernel table is not watched any more: " + FileReason.why(e));
    }
  }

  private void hear(ByteBuffer messages, int start, int end, long nanos) {
    int route = start + RouteNetlink.HEADER_BYTES;
    if (messages.getShort(start + 4) != RTM_NEWROUTE || messages.get(route + 1) != HOST_BITS) {
      return;
    }
    int attributes = route + RTMSG_BYTES;
    ByteBuffer destination = RouteNetlink.attribute(messages, attributes, end, RTA_DST);
    ByteBuffer gateway = RouteNetlink.attribute(messages, attributes, end, RTA_GATEWAY);
    int nextHop = bits(gateway);
    int host = bits(destination);
    if (nextHop != 0 && host % STEP == 0) {
      listener.heard(host, nextHop, nanos);
    }
  }

  private static int bits(@Nullable ByteBuffer address) {
    return address == null ? 0 : address.order(ByteOrder.BIG_ENDIAN).getInt(0);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(10L * RECEIVE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
