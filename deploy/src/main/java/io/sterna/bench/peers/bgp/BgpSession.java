package io.sterna.bench.peers.bgp;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * An established session of one AS, opened by us. Keeps no timers: the hold time that it offers is
 * longer than any measurement.
 *
 * <p>One thread sends, another receives.
 */
public final class BgpSession implements AutoCloseable {
  /** The longest there is, 18 hours (RFC 4271 section 4.2). */
  public static final int HOLD_SECONDS = 65_535;

  private static final int PORT = 179;
  private static final int RECEIVE_BYTES = 1 << 18;

  private final SocketChannel channel;
  private final BgpParser parser = new BgpParser();
  private final ByteBuffer received = ByteBuffer.allocateDirect(RECEIVE_BYTES);

  private BgpSession(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Who speaks to whom.
   *
   * @param namespace in which we speak
   * @param local our address, which is our identifier as well
   * @param peer the other side's address
   * @param as the AS of both
   */
  public record Ends(NetworkNamespace namespace, InetAddress local, InetAddress peer, int as) {}

  /**
   * Opens a session. Routes that the other side has already go unheard.
   *
   * @throws IOException if the other side does not want it
   */
  public static BgpSession open(Ends ends) throws IOException {
    SocketChannel channel = ends.namespace().call(SocketChannel::open);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.bind(new InetSocketAddress(ends.local(), 0));
      channel.connect(new InetSocketAddress(ends.peer(), PORT));
      BgpSession session = new BgpSession(channel);
      session.establish(ends);
      return session;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void establish(Ends ends) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(BgpMessages.MESSAGE_BYTES_MAX);
    int routerId = ByteBuffer.wrap(ends.local().getAddress()).getInt();
    BgpMessages.open(out, ends.as(), HOLD_SECONDS, routerId);
    send(out.flip());
    while (!parser.opened()) {
      receiveSome((host, nextHop, nanos) -> {});
    }
    BgpMessages.keepalive(out.clear());
    send(out.flip());
    while (!parser.established()) {
      receiveSome((host, nextHop, nanos) -> {});
    }
  }

  /** Sends everything in the buffer; waits while the other side does not read. */
  public void send(ByteBuffer messages) throws IOException {
    while (messages.hasRemaining()) {
      channel.write(messages);
    }
  }

  /**
   * Receives until the session ends.
   *
   * @throws IOException when it ends
   */
  public void receive(HostRoutes routes) throws IOException {
    while (true) {
      receiveSome(routes);
    }
  }

  private void receiveSome(HostRoutes routes) throws IOException {
    if (channel.read(received) < 0) {
      throw new BgpException("the other side closed the connection");
    }
    received.flip();
    parser.read(received, routes, System.nanoTime());
    received.compact();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
