package io.sterna.loadgen.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** TLS over a socket that never blocks. Not thread-safe. */
final class TlsChannel {
  private static final byte[] NOTHING = {};
  private static final int PLAIN_KEPT_BYTES = 64 << 10;

  private final SocketChannel socket;
  private final SSLEngine engine;
  private final Scratch scratch;
  private byte[] unread = NOTHING;
  private byte[] plainOut = NOTHING;
  private int plainOutBytes;
  private @Nullable ByteBuffer unwritten;
  private boolean established;
  private long bytesIn;
  private long bytesOut;

  /** Takes decrypted bytes. */
  interface PlainSink {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  TlsChannel(SocketChannel socket, SSLEngine engine, Scratch scratch) {
    this.socket = socket;
    this.engine = engine;
    this.scratch = scratch;
  }

  /** Begins the handshake on a connected socket. */
  void begin() throws IOException {
    engine.beginHandshake();
    handshake();
  }

  /** Whether the handshake is over. */
  boolean isEstablished() {
    return established;
  }

  SSLSession session() {
    return engine.getSession();
  }

  long bytesIn() {
    return bytesIn;
  }

  long bytesOut() {
    return bytesOut;
  }

  /** Bytes that were sent and that the socket has not taken yet. */
  int backlogBytes() {
    ByteBuffer waiting = unwritten;
    return plainOutBytes + (waiting == null ? 0 : waiting.remaining());
  }

  /** Collects plain bytes until the next flush. */
  void send(byte[] bytes) {
    if (plainOutBytes + bytes.length > plainOut.length) {
      plainOut =
          Arrays.copyOf(plainOut, Math.max(2 * plainOut.length, plainOutBytes + bytes.length));
    }
    System.arraycopy(bytes, 0, plainOut, plainOutBytes, bytes.length);
    plainOutBytes += bytes.length;
  }

  /**
   * Reads some of what is there, so that others get their turn; false if the other side has closed.
   */
  boolean read(PlainSink sink) throws IOException {
    ByteBuffer in = scratch.cipherIn;
    in.clear();
    in.put(unread);
    unread = NOTHING;
    int count = socket.read(in);
    bytesIn += Math.max(0, count);
    in.flip();
    boolean open = unwrapAll(in, sink);
    if (in.hasRemaining()) {
      unread = new byte[in.remaining()];
      in.get(unread);
    }
    return count >= 0 && open;
  }

  private boolean unwrapAll(ByteBuffer in, PlainSink sink) throws IOException {
    ByteBuffer plain = ByteBuffer.wrap(scratch.plainIn);
    while (true) {
      plain.clear();
      SSLEngineResult result = engine.unwrap(in, plain);
      if (plain.position() > 0) {
        sink.take(scratch.plainIn, 0, plain.position());
      }
      if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
        return false;
      }
      HandshakeStatus status = result.getHandshakeStatus();
      if (established && status == HandshakeStatus.NOT_HANDSHAKING) {
        // The usual case, once a record: the engine need not be asked what it wants.
        if (!in.hasRemaining()) {
          return true;
        }
      } else {
        if (status == HandshakeStatus.NEED_WRAP) {
          wrapNothing();
          if (established) {
            // Where BoringSSL cannot go on it sends what is wrong at first, and then throws it.
            wrapNothing();
          }
        }
        handshake();
      }
      boolean still = result.bytesConsumed() == 0 && result.bytesProduced() == 0;
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW
          || (still && !in.hasRemaining())
          || (still && status == HandshakeStatus.NOT_HANDSHAKING)) {
        return true;
      }
    }
  }

  private void handshake() throws IOException {
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
          task.run();
          task = engine.getDelegatedTask();
        }
      } else if (status == HandshakeStatus.NEED_WRAP) {
        SSLEngineResult result = wrapNothing();
        established |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
          return;
        }
      } else {
        established |= status == HandshakeStatus.NOT_HANDSHAKING;
        return;
      }
    }
  }

  private SSLEngineResult wrapNothing() throws IOException {
    ByteBuffer out = scratch.cipherOut;
    out.clear();
    SSLEngineResult result = engine.wrap(ByteBuffer.wrap(NOTHING), out);
    write(out);
    return result;
  }

  /** Encrypts and writes as much as the socket takes; whether nothing is left. */
  boolean flush() throws IOException {
    ByteBuffer waiting = unwritten;
    if (waiting != null) {
      bytesOut += socket.write(waiting);
      if (waiting.hasRemaining()) {
        return false;
      }
      unwritten = null;
    }
    if (!established || plainOutBytes == 0) {
      return true;
    }
    ByteBuffer plain = ByteBuffer.wrap(plainOut, 0, plainOutBytes);
    int record = engine.getSession().getPacketBufferSize();
    while (plain.hasRemaining() && unwritten == null) {
      ByteBuffer out = scratch.cipherOut;
      out.clear();
      while (plain.hasRemaining() && out.remaining() >= record) {
        if (engine.wrap(plain, out).getStatus() == SSLEngineResult.Status.CLOSED) {
          // The other side has ended TLS, and so has BoringSSL in both directions: nobody reads it.
          plain.position(plain.limit());
        }
      }
      write(out);
    }
    plainOutBytes = plain.remaining();
    System.arraycopy(plainOut, plain.position(), plainOut, 0, plainOutBytes);
    if (plainOutBytes == 0 && plainOut.length > PLAIN_KEPT_BYTES) {
      plainOut = NOTHING;
    }
    return unwritten == null;
  }

  /** Ends TLS and the connection, as far as that can be done at once. */
  void close() {
    try {
      // Before the handshake is over an alert would go out in the clear, and be misunderstood.
      if (established) {
        flush();
        engine.closeOutbound();
        wrapNothing();
      }
    } catch (IOException e) {
      // It is over either way.
    }
    free();
    try {
      socket.close();
    } catch (IOException e) {
      // It is over either way.
    }
  }

  /** Gives back what BoringSSL holds for it, outside the heap: no collector sees how much. */
  private void free() {
    try {
      engine.closeOutbound();
      // As long as something waits to be sent, nothing is given back.
      scratch.cipherOut.clear();
      engine.wrap(ByteBuffer.wrap(NOTHING), scratch.cipherOut);
    } catch (IOException e) {
      // Nobody would have heard it.
    }
    try {
      engine.closeInbound();
    } catch (IOException e) {
      // The other side has not ended TLS, which ends nothing that was not over.
    }
  }

  /** Writes a buffer that was filled, after what waits; keeps what the socket does not take. */
  private void write(ByteBuffer out) throws IOException {
    out.flip();
    ByteBuffer waiting = unwritten;
    if (waiting == null) {
      bytesOut += socket.write(out);
    }
    if (!out.hasRemaining()) {
      return;
    }
    int before = waiting == null ? 0 : waiting.remaining();
    ByteBuffer joined = ByteBuffer.allocate(before + out.remaining());
    if (waiting != null) {
      joined.put(waiting);
    }
    joined.put(out).flip();
    unwritten = joined;
  }
}
