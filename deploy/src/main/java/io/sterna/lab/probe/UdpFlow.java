package io.sterna.lab.probe;

import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** Single UDP probes from one namespace to an echo in the VM's, with a port of its own. */
final class UdpFlow implements ProbeFlow {
  private static final int PAYLOAD_BYTES = 32;
  private static final int BUFFER_BYTES = 1 << 20;

  private final FlowLog log;
  private final DatagramChannel client;
  private final InetSocketAddress target;
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(PAYLOAD_BYTES);

  private UdpFlow(FlowLog log, DatagramChannel client, InetSocketAddress target) {
    this.log = log;
    this.client = client;
    this.target = target;
  }

  /**
   * Opens the echo and the sender.
   *
   * @param port the echo's port: no other flow's
   */
  static UdpFlow open(
      String name,
      NetworkNamespace origin,
      NetworkNamespace vm,
      IpAddress address,
      int port,
      Reactor reactor)
      throws IOException {
    FlowLog log = new FlowLog(name);
    InetSocketAddress target = new InetSocketAddress(address.toInetAddress(), port);
    DatagramChannel echo = vm.call(() -> channel(address).bind(target));
    reactor.serve(echo, SelectionKey.OP_READ, new Echo(echo, log));
    DatagramChannel client = origin.call(() -> channel(address));
    reactor.serve(client, SelectionKey.OP_READ, new Answers(client, log));
    return new UdpFlow(log, client, target);
  }

  private static DatagramChannel channel(IpAddress address) throws IOException {
    ProtocolFamily family =
        address.isV4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    DatagramChannel channel = DatagramChannel.open(family);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
    channel.configureBlocking(false);
    return channel;
  }

  FlowLog log() {
    return log;
  }

  @Override
  public void send(long nanos) {
    outgoing.clear();
    outgoing.putLong(0, log.sending(nanos));
    try {
      client.send(outgoing, target);
    } catch (IOException e) {
      // No route or no room: this probe is lost, which its log shows.
    }
  }

  /** Runs at the VM: sends back what it gets. */
  private record Echo(DatagramChannel channel, FlowLog log, ByteBuffer buffer)
      implements Reactor.Handler {
    Echo(DatagramChannel channel, FlowLog log) {
      this(channel, log, ByteBuffer.allocateDirect(PAYLOAD_BYTES));
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
      @Nullable SocketAddress sender;
      while ((sender = channel.receive(buffer.clear())) != null) {
        buffer.flip();
        if (buffer.remaining() < Long.BYTES) {
          continue;
        }
        log.arrived(buffer.getLong(0), System.nanoTime());
        try {
          channel.send(buffer, sender);
        } catch (IOException e) {
          // The VM has no link just now: the answer is lost.
        }
      }
    }

    @Override
    public void failed(IOException reason) {}
  }

  /** Runs at the sender: notes what came back. */
  private record Answers(DatagramChannel channel, FlowLog log, ByteBuffer buffer)
      implements Reactor.Handler {
    Answers(DatagramChannel channel, FlowLog log) {
      this(channel, log, ByteBuffer.allocateDirect(PAYLOAD_BYTES));
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
      while (channel.receive(buffer.clear()) != null) {
        if (buffer.position() >= Long.BYTES) {
          log.answered(buffer.getLong(0), System.nanoTime());
        }
      }
    }

    @Override
    public void failed(IOException reason) {}
  }
}
