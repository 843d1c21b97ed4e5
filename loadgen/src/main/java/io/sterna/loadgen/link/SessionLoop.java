package io.sterna.loadgen.link;

import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Many sessions on one thread, the one that calls. A second thread does nothing but wake it at a
 * moment that a selector, which counts in milliseconds, cannot name.
 */
public final class SessionLoop implements AutoCloseable {
  private static final long LISTENED_MAX_NANOS = 50_000_000;

  private final Selector selector;
  private final LongSupplier nanoTime;
  private final Alarm alarm;
  private final ClientTls tls = new ClientTls();
  private final Scratch scratch = new Scratch();
  private final DecodedFrames decoded = new DecodedFrames();
  private final Set<Session> sessions = new LinkedHashSet<>();
  private final List<SelectionKey> ready = new ArrayList<>();
  private final Deque<Session> unflushed = new ArrayDeque<>();
  private long endedBytesIn;
  private long endedBytesOut;
  private long turnedNanos;
  private long listenedNanos;
  private int lastNumber;
  private int opening;

  /** A loop without sessions. */
  public SessionLoop(LongSupplier nanoTime) throws IOException {
    this.selector = Selector.open();
    this.nanoTime = nanoTime;
    this.turnedNanos = nanoTime.getAsLong();
    this.alarm = new Alarm(selector::wakeup, nanoTime);
  }

  /** Begins to connect; the listener is told how it goes, never before this returns. */
  public Session connect(String host, int port, TlsIdentity identity, Session.Listener listener)
      throws IOException {
    SocketChannel socket = SocketChannel.open();
    try {
      socket.configureBlocking(false);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException(host + ": no such host");
      }
      TlsChannel channel = new TlsChannel(socket, tls.engine(identity, host, port), scratch);
      FrameCutter frames = new FrameCutter(decoded);
      Session session = new Session(++lastNumber, this, socket, channel, frames, listener);
      SelectionKey key = socket.register(selector, SelectionKey.OP_CONNECT, session);
      session.registered(key);
      connect(socket, address, channel);
      sessions.add(session);
      opening++;
      return session;
    } catch (IOException e) {
      socket.close();
      throw new IOException(Failure.reason(e), e);
    }
  }

  private static void connect(SocketChannel socket, InetSocketAddress to, TlsChannel channel)
      throws IOException {
    try {
      // On loopback this may connect at once; finishConnect, asked for again, then says so.
      socket.connect(to);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Sends what was collected and handles what sockets have, once.
   *
   * @param untilNanos waits until then at most if they have nothing; a past moment = does not wait
   * @param between called after each socket: what must not wait until a thousand have been served
   */
  public void turn(long untilNanos, Runnable between) throws IOException {
    flush();
    long waitNanos = untilNanos - nanoTime.getAsLong();
    if (waitNanos <= 0) {
      selector.selectNow(ready::add);
    } else {
      alarm.set(untilNanos);
      selector.select(ready::add, TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1);
    }
    for (SelectionKey key : ready) {
      serve(key);
      between.run();
      flush();
    }
    ready.clear();
    long now = nanoTime.getAsLong();
    listenedNanos += Math.min(now - turnedNanos, LISTENED_MAX_NANOS);
    turnedNanos = now;
  }

  /**
   * A clock for silence. It goes on only when a turn is over, which has read from every socket that
   * had something, and a long turn counts little: while this thread is busy, what controllers said
   * waits unread, and none of them is silent.
   */
  public long listenedNanos() {
    return listenedNanos;
  }

  /** Sessions that connect or agree on TLS just now. */
  public int opening() {
    return opening;
  }

  /** Bytes that came, of all sessions that ever were, as they were on the wire. */
  public long bytesIn() {
    return endedBytesIn + sessions.stream().mapToLong(Session::bytesIn).sum();
  }

  /** Bytes that went, of all sessions that ever were, as they were on the wire. */
  public long bytesOut() {
    return endedBytesOut + sessions.stream().mapToLong(Session::bytesOut).sum();
  }

  /** Ends all sessions; their listeners are not told. */
  @Override
  public void close() throws IOException {
    sessions.forEach(Session::close);
    alarm.close();
    selector.close();
  }

  /** A session is open, or ended before it was. */
  void settled() {
    opening--;
  }

  void flushLater(Session session) {
    unflushed.add(session);
  }

  void ended(Session session, long bytesIn, long bytesOut) {
    if (sessions.remove(session)) {
      endedBytesIn += bytesIn;
      endedBytesOut += bytesOut;
    }
  }

  private static void serve(SelectionKey key) {
    if (key.isValid() && key.attachment() instanceof Session session) {
      session.ready(key.readyOps());
    }
  }

  private void flush() {
    Session next = unflushed.poll();
    while (next != null) {
      next.flushNow();
      next = unflushed.poll();
    }
  }
}
