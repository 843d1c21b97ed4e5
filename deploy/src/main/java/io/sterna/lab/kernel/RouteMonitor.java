package io.sterna.lab.kernel;

import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Hears every host route that is added to or replaced in a namespace, whoever did it, with the time
 * at which it was heard. The kernel sends the notice after the route is in its table, so the time
 * is never too early.
 */
public final class RouteMonitor implements AutoCloseable {
  private static final int RTMGRP_IPV4_ROUTE = 0x40;
  private static final int RTMGRP_IPV6_ROUTE = 0x400;
  private static final int RTM_NEWROUTE = 24;
  private static final int RTMSG_BYTES = 12;
  private static final int RTA_DST = 1;
  private static final int RTN_UNICAST = 1;
  private static final int RT_TABLE_MAIN = 254;
  private static final int RECEIVE_TIMEOUT_MS = 100;

  /** Told of each route. */
  public interface Listener {
    /**
     * A host route stands.
     *
     * @param address its destination
     * @param nanos when it was heard, by {@link System#nanoTime()}
     */
    void installed(IpAddress address, long nanos);
  }

  private final RouteNetlink netlink;
  private final Listener listener;
  private final Thread thread;
  private volatile boolean closed;

  private RouteMonitor(String name, RouteNetlink netlink, Listener listener) {
    this.netlink = netlink;
    this.listener = listener;
    this.thread = new Thread(this::run, "routes-" + name);
    thread.setDaemon(true);
  }

  /** Starts to listen; the listener is called on a thread of this monitor. */
  public static RouteMonitor open(NetworkNamespace namespace, Listener listener)
      throws IOException {
    RouteNetlink netlink =
        RouteNetlink.open(namespace, RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE, RECEIVE_TIMEOUT_MS);
    RouteMonitor monitor = new RouteMonitor(namespace.name(), netlink, listener);
    monitor.thread.start();
    return monitor;
  }

  /** The same for a table that changes too fast to hear of every route: of a sample only. */
  public static RouteMonitor open(NetworkNamespace namespace, RouteSample sample, Listener listener)
      throws IOException {
    RouteNetlink netlink = RouteNetlink.open(namespace, RTMGRP_IPV4_ROUTE, RECEIVE_TIMEOUT_MS);
    try {
      netlink.receiveOnly(sample);
    } catch (IOException e) {
      netlink.close();
      throw e;
    }
    RouteMonitor monitor = new RouteMonitor(namespace.name(), netlink, listener);
    monitor.thread.start();
    return monitor;
  }

  /** Whether it still hears everything: false after it failed or was closed. */
  public boolean listening() {
    return thread.isAlive();
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
      throw new UncheckedIOException(e);
    }
  }

  private void hear(ByteBuffer messages, int start, int end, long nanos) {
    // rtmsg: family, destination length, source length, tos, table, protocol, scope, type, flags.
    int route = start + RouteNetlink.HEADER_BYTES;
    int prefixLength = messages.get(route + 1) & 0xff;
    boolean ours =
        messages.getShort(start + 4) == RTM_NEWROUTE
            && (messages.get(route + 4) & 0xff) == RT_TABLE_MAIN
            && messages.get(route + 7) == RTN_UNICAST;
    if (!ours) {
      return;
    }
    ByteBuffer destination = RouteNetlink.attribute(messages, route + RTMSG_BYTES, end, RTA_DST);
    if (destination == null || destination.remaining() * 8 != prefixLength) {
      return;
    }
    byte[] bytes = new byte[destination.remaining()];
    destination.get(bytes);
    if (bytes.length == 4 || bytes.length == 16) {
      listener.installed(IpAddress.ofBytes(bytes, 0, bytes.length), nanos);
    }
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
