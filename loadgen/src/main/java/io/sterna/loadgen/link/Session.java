package io.sterna.loadgen.link;

import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.FromFe;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.wire.WireCodec;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One element's session with one controller. Belongs to the thread of its loop.
 *
 * <p>States: connecting -> handshake -> open -> ended.
 */
public final class Session {
  private static final int BACKLOG_MAX_BYTES = 64 << 20;

  private final int number;
  private final SessionLoop loop;
  private final SocketChannel socket;
  private final TlsChannel tls;
  private final FrameCutter frames;
  private final Listener listener;
  private @Nullable SelectionKey key;
  private boolean open;
  private boolean ended;
  private boolean heard;
  private boolean refused;
  private boolean unflushed;
  private boolean reading = true;

  /** Hears what happens to a session, on the thread of the loop. */
  public interface Listener {
    /** The handshake is over: messages can be sent. */
    void opened(Session session);

    /** The controller said something. */
    void said(Session session, FromController message);

    /** It is over; nothing more is heard of it. */
    void ended(Session session, String reason);
  }

  Session(
      int number,
      SessionLoop loop,
      SocketChannel socket,
      TlsChannel tls,
      FrameCutter frames,
      Listener listener) {
    this.frames = frames;
    this.number = number;
    this.loop = loop;
    this.socket = socket;
    this.tls = tls;
    this.listener = listener;
  }

  /** Tells sessions of one loop apart. */
  public int number() {
    return number;
  }

  /**
   * Whether it ended because nobody listens there, or because one of the two does not accept the
   * other's certificate. What else may go wrong before a controller has said something may pass.
   */
  public boolean wasRefused() {
    return refused;
  }

  /** Whether messages can be sent. */
  public boolean isOpen() {
    return open && !ended;
  }

  /** Collects a message; it goes out when the loop turns to the sockets again. */
  public void send(FromFe message) {
    if (ended) {
      return;
    }
    tls.send(WireCodec.encodeFrame(message));
    if (!unflushed) {
      unflushed = true;
      loop.flushLater(this);
    }
    if (tls.backlogBytes() > BACKLOG_MAX_BYTES) {
      end("the controller reads too slowly");
    }
  }

  /** Whether it takes what the controller says from the socket. Once it is open. */
  public void read(boolean wanted) {
    reading = wanted;
    flushNow();
  }

  /** Ends the session; the listener is told. */
  public void end(String reason) {
    if (!ended) {
      ended = true;
      if (!open) {
        loop.settled();
      }
      tls.close();
      loop.ended(this, tls.bytesIn(), tls.bytesOut());
      listener.ended(this, reason);
    }
  }

  /** Ends the session; nobody is told. */
  void close() {
    ended = true;
    tls.close();
  }

  /** Bytes that came, as they were on the wire. */
  long bytesIn() {
    return tls.bytesIn();
  }

  /** Bytes that went, as they were on the wire. */
  long bytesOut() {
    return tls.bytesOut();
  }

  void registered(SelectionKey selectionKey) {
    key = selectionKey;
  }

  void ready(int operations) {
    try {
      if ((operations & SelectionKey.OP_CONNECT) != 0 && socket.finishConnect()) {
        interest(SelectionKey.OP_READ);
        tls.begin();
      }
      if ((operations & SelectionKey.OP_READ) != 0 && !tls.read(this::take)) {
        end(open ? "closed by the controller" : "closed during the TLS handshake");
        return;
      }
      if (!ended) {
        openIfEstablished();
        flush();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  void flushNow() {
    unflushed = false;
    if (ended) {
      return;
    }
    try {
      flush();
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException e) {
    // In TLS 1.3 the element is through before the controller has seen its certificate.
    refused = !heard && Failure.isRefusal(e);
    end(Failure.reason(e));
  }

  private void flush() throws IOException {
    if (!ended) {
      boolean done = tls.flush();
      interest((reading ? SelectionKey.OP_READ : 0) | (done ? 0 : SelectionKey.OP_WRITE));
    }
  }

  private void take(byte[] bytes, int offset, int length) throws IOException {
    // What a controller says before this side has seen the end of the handshake comes after it.
    openIfEstablished();
    frames.take(
        bytes,
        offset,
        length,
        message -> {
          heard = true;
          if (!ended) {
            listener.said(this, message);
          }
        });
  }

  private void openIfEstablished() throws IOException {
    if (open || !tls.isEstablished()) {
      return;
    }
    if (!(PeerName.of(tls.session()) instanceof PeerName.Controller)) {
      throw new IOException("the other side is no controller");
    }
    open = true;
    loop.settled();
    listener.opened(this);
  }

  private void interest(int operations) {
    SelectionKey registered = key;
    if (registered != null && registered.isValid() && registered.interestOps() != operations) {
      registered.interestOps(operations);
    }
  }
}
