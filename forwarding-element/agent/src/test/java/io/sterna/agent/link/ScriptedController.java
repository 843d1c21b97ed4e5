package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A controller whose every word the test decides; it answers heartbeats unless it is silent. */
final class ScriptedController implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final SSLServerSocket server;
  private final BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
  private final List<Peer> peers = new CopyOnWriteArrayList<>();

  ScriptedController(SSLContext context) throws IOException {
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    thread("accept", this::acceptAll);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The next connection. */
  Peer accept() throws InterruptedException {
    Peer peer = accepted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(peer, "no connection");
    return peer;
  }

  /** The next connection, or null if there is none for a while. */
  @Nullable Peer acceptWithin(long millis) throws InterruptedException {
    return accepted.poll(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Peer peer : peers) {
      peer.close();
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        SSLSocket socket = (SSLSocket) server.accept();
        thread("peer", () -> new Peer(socket).run());
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, "scripted-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** One connection. */
  final class Peer {
    private final SSLSocket socket;
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private volatile boolean silent;

    private Peer(SSLSocket socket) {
      this.socket = socket;
    }

    /** The next message of this type that is not a heartbeat. */
    <T extends SouthboundMessage> T expect(Class<T> type) throws InterruptedException {
      Object next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertNotNull(next, "nothing came, expected " + type.getSimpleName());
      return assertInstanceOf(type, next);
    }

    /** The next message, or null if there is none for a while. */
    @Nullable Object pollWithin(long millis) throws InterruptedException {
      return received.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits until the element closed the connection. */
    void expectEnd() throws InterruptedException {
      Object next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      while (next instanceof SouthboundMessage) {
        next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      assertInstanceOf(IOException.class, next);
    }

    void send(SouthboundMessage message) throws IOException {
      sendBytes(WireCodec.encodeFrame(message));
    }

    synchronized void sendBytes(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Answers no heartbeat any more. */
    void fallSilent() {
      silent = true;
    }

    void close() throws IOException {
      socket.close();
    }

    private void run() {
      try {
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        peers.add(this);
        accepted.add(this);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
          byte[] body = new byte[in.readInt()];
          in.readFully(body);
          SouthboundMessage message = WireCodec.decodeBody(body);
          if (!(message instanceof Heartbeat)) {
            received.add(message);
          } else if (!silent) {
            send(message);
          }
        }
      } catch (EOFException e) {
        received.add(e);
      } catch (IOException | MalformedFrameException e) {
        received.add(e instanceof IOException ? e : new IOException(e));
      }
    }
  }
}
