package io.sterna.monitoring.kernel;

import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetworkNamespace;
import io.sterna.linux.Rtnetlink;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when something changes at the links of a namespace, on a thread of its own: a VM that comes
 * is counted as soon as its port is there. A change may be said several times, and that of a burst
 * which the kernel could not deliver not at all: who listens also looks from time to time.
 */
public final class PortWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PortWatch.class);
  private static final int POLL_MS = 200;
  private static final int RETRY_MS = 1_000;

  private final NetlinkSocket events;
  private final Runnable changed;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private PortWatch(NetlinkSocket events, String name, Runnable changed) {
    this.events = events;
    this.changed = changed;
    this.thread = new Thread(this::run, "ports-" + name);
    this.thread.setDaemon(true);
  }

  /**
   * Begins to watch.
   *
   * @param changed called on the watch's thread: must return at once
   */
  public static PortWatch start(NetworkNamespace namespace, Runnable changed) throws IOException {
    NetlinkSocket events = NetlinkSocket.open(namespace, POLL_MS, Rtnetlink.RTNLGRP_LINK);
    PortWatch watch = new PortWatch(events, namespace.name(), changed);
    watch.thread.start();
    return watch;
  }

  private void run() {
    long pauseMs = 0;
    try {
      while (!closing.await(pauseMs, TimeUnit.MILLISECONDS)) {
        pauseMs = watchOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long to wait before the next attempt. */
  private long watchOnce() {
    boolean[] heard = new boolean[1];
    try {
      events.receive(message -> heard[0] = true);
    } catch (IOException e) {
      LOG.warn("changes of links are not heard: {}", e.getMessage());
      return RETRY_MS;
    }
    if (heard[0]) {
      changed.run();
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    events.close();
  }
}
