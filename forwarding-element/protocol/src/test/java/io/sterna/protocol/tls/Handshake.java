package io.sterna.protocol.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Carries bytes between two engines in memory until both have finished or one has failed. */
final class Handshake {
  private static final int STEPS_MAX = 200;

  private Handshake() {}

  static void run(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    client.beginHandshake();
    server.beginHandshake();
    for (int step = 0; step < STEPS_MAX; step++) {
      boolean clientMoved = advance(client, toClient, toServer);
      boolean serverMoved = advance(server, toServer, toClient);
      if (!clientMoved && !serverMoved) {
        return;
      }
    }
    throw new AssertionError("the handshake does not end");
  }

  private static boolean advance(SSLEngine engine, ByteBuffer in, ByteBuffer out)
      throws SSLException {
    boolean moved = false;
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      moved = true;
      task = engine.getDelegatedTask();
    }
    ByteBuffer empty = ByteBuffer.allocate(0);
    ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    int before = out.position();
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      engine.wrap(empty, out);
    }
    in.flip();
    int received = in.remaining();
    if (received > 0) {
      engine.unwrap(in, plain);
    }
    moved |= out.position() != before || in.remaining() != received;
    in.compact();
    return moved;
  }
}
