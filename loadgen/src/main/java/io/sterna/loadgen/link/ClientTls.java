package io.sterna.loadgen.link;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sterna.protocol.tls.TlsIdentity;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Makes the TLS of sessions: BoringSSL's where it can be loaded, Java's own elsewhere. Elements
 * that share a process and its one thread decrypt every change as many times as there are elements.
 * BoringSSL's engine decrypts 5.9 GB/s in records of 16 KB and 3.2 in records of 6 KB, Java's 3.7
 * and 2.0. Not thread-safe.
 */
final class ClientTls {
  private final boolean boringSsl = OpenSsl.isAvailable();
  private final Map<TlsIdentity, SslContext> contexts = new HashMap<>();

  /** One connection's; which controller it is with, its session tells. */
  SSLEngine engine(TlsIdentity identity, String host, int port) throws SSLException {
    if (!boringSsl) {
      return identity.clientEngine(host, port);
    }
    SslContext context = contexts.get(identity);
    if (context == null) {
      // One an element, and the collector frees it when the loop is over.
      context =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.OPENSSL)
              .keyManager(identity.keyManager())
              .trustManager(identity.trustManager())
              .protocols(identity.protocols())
              .build();
      contexts.put(identity, context);
    }
    return context.newEngine(PooledByteBufAllocator.DEFAULT, host, port);
  }
}
