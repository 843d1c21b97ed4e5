package io.sterna.bench.peers.etcd;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A client's gRPC connection: HTTP/2 in clear text with prior knowledge (RFC 9113 section 3.3),
 * many calls at a time.
 *
 * <p>Header blocks of the server are not decoded: a call has succeeded if a message came before its
 * end, since a server that refuses sends no message (gRPC over HTTP2, 'Trailers-Only').
 *
 * <p>One thread calls, another one receives.
 */
final class GrpcConnection implements AutoCloseable {
  private static final int FRAME_HEADER_BYTES = 9;
  private static final int FRAME_BYTES_MAX = 16_384;
  private static final int GRPC_HEADER_BYTES = 5;
  private static final int BUFFER_BYTES = 1 << 18;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;

  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;

  private static final int SETTING_HEADER_TABLE_SIZE = 1;
  private static final int SETTING_INITIAL_WINDOW_SIZE = 4;

  /** What a connection may send before it hears otherwise (section 6.9.2). */
  private static final int WINDOW_BYTES = 65_535;

  /** What we let the server send before it hears from us. */
  private static final int OWN_WINDOW_BYTES = 1 << 28;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Hears the answers to one call. */
  interface Answers {
    /** One message; the buffer is valid until this returns. */
    void message(ByteBuffer message, long nanos) throws IOException;

    /** The last thing about this call. */
    void end(boolean succeeded);
  }

  private static final class Call {
    private final Answers answers;
    private boolean answered;
    private int received;
    private ByteBuffer partial = ByteBuffer.allocate(0);

    Call(Answers answers) {
      this.answers = answers;
    }

    /** Cuts messages out of what arrives; the rest waits for more. */
    void data(ByteBuffer data, long nanos) throws IOException {
      ByteBuffer all = data;
      if (partial.hasRemaining()) {
        all = ByteBuffer.allocate(partial.remaining() + data.remaining());
        all.put(partial).put(data).flip();
      }
      while (all.remaining() >= GRPC_HEADER_BYTES) {
        int length = all.getInt(all.position() + 1);
        if (all.remaining() < GRPC_HEADER_BYTES + length) {
          break;
        }
        answered = true;
        answers.message(all.slice(all.position() + GRPC_HEADER_BYTES, length), nanos);
        all.position(all.position() + GRPC_HEADER_BYTES + length);
      }
      partial = ByteBuffer.allocate(all.remaining()).put(all).flip();
    }
  }

  private final SocketChannel channel;
  private final byte[] authority;
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Map<Integer, Call> calls = new ConcurrentHashMap<>();
  private int nextStream = 1;
  private long sendWindow = WINDOW_BYTES;
  private int received;

  private GrpcConnection(SocketChannel channel, InetSocketAddress server) {
    this.channel = channel;
    this.authority =
        (server.getHostString() + ":" + server.getPort()).getBytes(StandardCharsets.US_ASCII);
  }

  /** Connects. */
  static GrpcConnection open(NetworkNamespace namespace, InetSocketAddress server)
      throws IOException {
    SocketChannel channel = namespace.call(SocketChannel::open);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(server);
      GrpcConnection connection = new GrpcConnection(channel, server);
      connection.greet();
      return connection;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private synchronized void greet() throws IOException {
    out.put(PREFACE);
    frame(12, SETTINGS, 0, 0);
    out.putShort((short) SETTING_HEADER_TABLE_SIZE).putInt(0);
    out.putShort((short) SETTING_INITIAL_WINDOW_SIZE).putInt(OWN_WINDOW_BYTES);
    windowUpdate(0, OWN_WINDOW_BYTES);
    flush();
  }

  /**
   * Calls a method with one message; it is on its way after {@link #flush}.
   *
   * @param last whether no more messages follow in this call
   */
  synchronized void call(String method, ByteBuffer message, boolean last, Answers answers)
      throws IOException {
    byte[] headers = headers(method);
    int length = GRPC_HEADER_BYTES + message.remaining();
    if (length > FRAME_BYTES_MAX) {
      throw new IOException("a message of " + message.remaining() + " bytes is more than a frame");
    }
    awaitWindow(length);
    if (out.remaining() < 2 * FRAME_HEADER_BYTES + headers.length + length) {
      flush();
    }
    int stream = nextStream;
    nextStream += 2;
    calls.put(stream, new Call(answers));
    frame(headers.length, HEADERS, END_HEADERS, stream);
    out.put(headers);
    frame(length, DATA, last ? END_STREAM : 0, stream);
    out.put((byte) 0).putInt(message.remaining()).put(message);
    sendWindow -= length;
  }

  private void awaitWindow(int bytes) throws IOException {
    while (sendWindow < bytes) {
      flush();
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while etcd took no more", e);
      }
    }
  }

  /** Sends what was written. */
  synchronized void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    out.clear();
  }

  /** A header block (RFC 7541) of literals that enter no table. */
  private byte[] headers(String method) {
    ByteBuffer block = ByteBuffer.allocate(256);
    block.put((byte) 0x83).put((byte) 0x86); // :method POST, :scheme http
    literal(block.put((byte) 0x04), method.getBytes(StandardCharsets.US_ASCII)); // :path
    literal(block.put((byte) 0x01), authority); // :authority
    block.put((byte) 0x0f).put((byte) 0x10); // content-type
    literal(block, "application/grpc".getBytes(StandardCharsets.US_ASCII));
    literal(block.put((byte) 0x00), "te".getBytes(StandardCharsets.US_ASCII));
    literal(block, "trailers".getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = new byte[block.position()];
    block.get(0, bytes);
    return bytes;
  }

  private static void literal(ByteBuffer block, byte[] text) {
    block.put((byte) text.length).put(text);
  }

  private void frame(int length, int type, int flags, int stream) {
    out.putInt(length << 8 | type).put((byte) flags).putInt(stream);
  }

  private void windowUpdate(int stream, int bytes) {
    frame(4, WINDOW_UPDATE, 0, stream);
    out.putInt(bytes);
  }

  /**
   * Receives until the connection ends.
   *
   * @throws IOException when it ends
   */
  void receive() throws IOException {
    while (channel.read(in) >= 0) {
      long nanos = System.nanoTime();
      in.flip();
      while (in.remaining() >= FRAME_HEADER_BYTES) {
        int length = in.getInt(in.position()) >>> 8;
        if (length > FRAME_BYTES_MAX) {
          throw new IOException("etcd sent a frame of " + length + " bytes");
        }
        if (in.remaining() < FRAME_HEADER_BYTES + length) {
          break;
        }
        int type = in.get(in.position() + 3);
        int flags = in.get(in.position() + 4);
        int stream = in.getInt(in.position() + 5);
        ByteBuffer body = in.slice(in.position() + FRAME_HEADER_BYTES, length);
        in.position(in.position() + FRAME_HEADER_BYTES + length);
        take(type, flags, stream, body, nanos);
      }
      in.compact();
    }
    throw new IOException("etcd closed the connection");
  }

  private void take(int type, int flags, int stream, ByteBuffer body, long nanos)
      throws IOException {
    Call call = calls.get(stream);
    switch (type) {
      case DATA -> data(flags, stream, call, body, nanos);
      case SETTINGS -> answer(flags, SETTINGS, ByteBuffer.allocate(0));
      case PING -> answer(flags, PING, body);
      case WINDOW_UPDATE -> widen(stream, body.getInt());
      case GOAWAY -> throw new IOException("etcd ends the connection: " + body.getInt(4));
      default -> {}
    }
    boolean ended = (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    if (call != null && (ended || type == RST_STREAM)) {
      calls.remove(stream);
      call.answers.end(ended && call.answered);
    }
  }

  private void data(int flags, int stream, @Nullable Call call, ByteBuffer body, long nanos)
      throws IOException {
    if ((flags & PADDED) != 0) {
      throw new IOException("etcd padded a frame");
    }
    received += body.remaining();
    if (received > OWN_WINDOW_BYTES / 2) {
      giveBack(0, received);
      received = 0;
    }
    if (call != null) {
      call.received += body.remaining();
      if (call.received > OWN_WINDOW_BYTES / 2) {
        giveBack(stream, call.received);
        call.received = 0;
      }
      call.data(body, nanos);
    }
  }

  /** Lets the server send as much again (section 6.9). */
  private synchronized void giveBack(int stream, int bytes) throws IOException {
    windowUpdate(stream, bytes);
    flush();
  }

  private synchronized void answer(int flags, int type, ByteBuffer body) throws IOException {
    if ((flags & ACK) == 0) {
      frame(body.remaining(), type, ACK, 0);
      out.put(body);
      flush();
    }
  }

  private synchronized void widen(int stream, int bytes) {
    if (stream == 0) {
      sendWindow += bytes;
      notifyAll();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
