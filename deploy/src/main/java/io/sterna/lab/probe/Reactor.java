package io.sterna.lab.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One thread that serves every socket of the probes, whatever namespace it was opened in. */
final class Reactor implements AutoCloseable {
  /** Called when its channel is ready. */
  interface Handler {
    /** Serves the channel without waiting. */
    void ready(SelectionKey key) throws IOException;

    /** The channel failed and is closed now. */
    void failed(IOException reason);
  }

  private static final long STOP_TIMEOUT_MS = 1_000;

  private final Selector selector;
  private final Queue<SelectableChannel> served = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  private Reactor(Selector selector) {
    this.selector = selector;
    this.thread = new Thread(this::run, "probe-reactor");
    thread.setDaemon(true);
  }

  static Reactor start() throws IOException {
    Reactor reactor = new Reactor(Selector.open());
    reactor.thread.start();
    return reactor;
  }

  /** Serves a channel, which must be non-blocking. It is closed with this reactor. */
  void serve(SelectableChannel channel, int operations, Handler handler) throws IOException {
    served.add(channel);
    channel.register(selector, operations, handler);
    selector.wakeup();
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(Reactor::dispatch);
      }
    } catch (ClosedSelectorException e) {
      // Closed while waiting: the end.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void dispatch(SelectionKey key) {
    Handler handler = (Handler) key.attachment();
    try {
      if (key.isValid()) {
        handler.ready(key);
      }
    } catch (IOException e) {
      closeQuietly(key.channel());
      handler.failed(e);
    }
  }

  private static void closeQuietly(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is being given up anyway.
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
      thread.join(STOP_TIMEOUT_MS);
      served.forEach(Reactor::closeQuietly);
    } catch (IOException e) {
      // Nothing waits on it any more.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
