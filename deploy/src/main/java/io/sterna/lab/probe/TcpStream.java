package io.sterna.lab.probe;

import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/** A real TCP connection to an echo in the VM's namespace that carries numbers in order. */
final class TcpStream implements ProbeStream, Reactor.Handler {
  private static final int CONNECT_TIMEOUT_MS = 10_000;
  private static final int BUFFER_BYTES = 64 << 10;

  private final String name;
  private final SocketChannel channel;
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(Long.BYTES).limit(0);
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private volatile String brokenBecause = "";

  private TcpStream(String name, SocketChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /**
   * Opens the echo and connects to it.
   *
   * @param port the echo's port: no other stream's
   * @throws IOException if the VM cannot be reached within ten seconds
   */
  static TcpStream connect(
      String name,
      NetworkNamespace origin,
      NetworkNamespace vm,
      IpAddress address,
      int port,
      Reactor reactor)
      throws IOException {
    InetSocketAddress target = new InetSocketAddress(address.toInetAddress(), port);
    ServerSocketChannel listener = vm.call(() -> ServerSocketChannel.open().bind(target));
    listener.configureBlocking(false);
    reactor.serve(listener, SelectionKey.OP_ACCEPT, new Acceptor(listener, reactor));
    SocketChannel channel = origin.call(() -> open(target));
    channel.configureBlocking(false);
    TcpStream stream = new TcpStream(name, channel);
    reactor.serve(channel, SelectionKey.OP_READ, stream);
    return stream;
  }

  private static SocketChannel open(InetSocketAddress target) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    try {
      channel.socket().connect(target, CONNECT_TIMEOUT_MS);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException("no TCP connection to " + target + ": " + FileReason.why(e), e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long sentCount() {
    return sent.get();
  }

  @Override
  public long answeredCount() {
    return answered.get();
  }

  @Override
  public String brokenBecause() {
    return brokenBecause;
  }

  /** Writes the next number, unless the connection has no room: then the time slot is skipped. */
  @Override
  public void send(long nanos) {
    if (!intact()) {
      return;
    }
    try {
      if (!outgoing.hasRemaining()) {
        outgoing.clear().putLong(sent.getAndIncrement()).flip();
      }
      channel.write(outgoing);
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (channel.read(incoming) < 0) {
      throw new IOException("closed by the VM");
    }
    incoming.flip();
    while (incoming.remaining() >= Long.BYTES) {
      long number = incoming.getLong();
      long expected = answered.get();
      if (number != expected) {
        throw new IOException("got number " + number + " in place of " + expected);
      }
      answered.set(expected + 1);
    }
    incoming.compact();
  }

  @Override
  public void failed(IOException reason) {
    String text = reason.getMessage();
    brokenBecause = text == null ? reason.toString() : text;
  }

  /** Accepts at the VM. */
  private record Acceptor(ServerSocketChannel listener, Reactor reactor)
      implements Reactor.Handler {
    @Override
    public void ready(SelectionKey key) throws IOException {
      SocketChannel accepted = listener.accept();
      if (accepted != null) {
        accepted.configureBlocking(false);
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        reactor.serve(accepted, SelectionKey.OP_READ, new Echo(accepted, buffer));
      }
    }

    @Override
    public void failed(IOException reason) {}
  }

  /** Runs at the VM: writes back what it reads, and stops reading while it cannot write. */
  private record Echo(SocketChannel channel, ByteBuffer buffer) implements Reactor.Handler {
    @Override
    public void ready(SelectionKey key) throws IOException {
      if (buffer.hasRemaining() && channel.read(buffer) < 0) {
        channel.close();
        return;
      }
      buffer.flip();
      channel.write(buffer);
      buffer.compact();
      boolean pending = buffer.position() > 0;
      key.interestOps(pending ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    @Override
    public void failed(IOException reason) {}
  }
}
