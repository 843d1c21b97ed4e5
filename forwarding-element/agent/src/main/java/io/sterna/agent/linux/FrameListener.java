package io.sterna.agent.linux;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that receives the frames of one interface and hands them over. It outlives the
 * interface: if that goes down or away it says so once, waits, and goes on when it is back.
 */
final class FrameListener implements AutoCloseable {
  /** What is done with a frame, on the listener's thread. */
  interface Handler {
    /**
     * @param frame a buffer that is used again for the next frame
     * @param length how many of its bytes are the frame
     */
    void onFrame(byte[] frame, int length);
  }

  private static final Logger LOG = LoggerFactory.getLogger(FrameListener.class);

  /** How often an idle thread looks whether it is to end and whether its interface still exists. */
  private static final int TICK_MS = 100;

  private static final int LONGEST_PAUSE_MS = 1000;

  private final NetworkNamespace namespace;
  private final String interfaceName;
  private final SocketFilter filter;
  private final Handler handler;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final byte[] buffer = new byte[PacketSocket.MAX_FRAME_BYTES];
  private @Nullable PacketSocket socket;
  private int pauseMs;

  private FrameListener(
      NetworkNamespace namespace,
      String interfaceName,
      SocketFilter filter,
      Handler handler,
      PacketSocket socket) {
    this.namespace = namespace;
    this.interfaceName = interfaceName;
    this.filter = filter;
    this.handler = handler;
    this.socket = socket;
    this.thread = namespace.newThread("listen-" + interfaceName, this::run);
  }

  /**
   * Opens the socket and starts the thread; frames that arrive after the return are handed over.
   *
   * @throws IOException if the interface cannot be listened to now
   */
  static FrameListener start(
      NetworkNamespace namespace, String interfaceName, SocketFilter filter, Handler handler)
      throws IOException {
    PacketSocket socket = PacketSocket.listen(namespace, interfaceName, filter, TICK_MS);
    FrameListener listener = new FrameListener(namespace, interfaceName, filter, handler, socket);
    listener.thread.start();
    return listener;
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        try {
          receiveOne();
        } catch (IOException e) {
          onOutage(e);
        }
      }
    } finally {
      closeSocket();
    }
  }

  private void receiveOne() throws IOException {
    PacketSocket open = socket;
    if (open == null) {
      open = PacketSocket.listen(namespace, interfaceName, filter, TICK_MS);
      socket = open;
      onRecovery();
    }
    int length = open.receive(buffer);
    if (length == PacketSocket.NOTHING) {
      if (!isCurrent(open)) {
        throw new IOException("interface " + interfaceName + " is gone");
      }
    } else {
      onRecovery();
      if (length <= buffer.length) {
        handOver(length);
      }
    }
  }

  private void handOver(int length) {
    try {
      handler.onFrame(buffer, length);
    } catch (RuntimeException e) {
      LOG.error("{}: a frame of {} bytes was not handled", interfaceName, length, e);
    }
  }

  /**
   * A socket stays good when its interface goes down and comes back; when the interface is deleted
   * and made anew under the same name, it needs a new socket.
   */
  private void onOutage(IOException cause) {
    if (pauseMs == 0) {
      LOG.warn("{}: no announcements are heard: {}", interfaceName, cause.getMessage());
    }
    PacketSocket open = socket;
    if (open != null && !isCurrent(open)) {
      closeSocket();
    }
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(10, 2 * pauseMs));
    pause();
  }

  private void onRecovery() {
    if (pauseMs > 0) {
      pauseMs = 0;
      LOG.info("{}: announcements are heard again", interfaceName);
    }
  }

  private void pause() {
    try {
      stop.await(pauseMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.countDown();
    }
  }

  private boolean isCurrent(PacketSocket open) {
    return PacketSocket.indexOf(interfaceName) == open.interfaceIndex();
  }

  private void closeSocket() {
    PacketSocket open = socket;
    if (open != null) {
      open.close();
      socket = null;
    }
  }

  /** Ends the thread and waits for it; not to be called by the handler. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
