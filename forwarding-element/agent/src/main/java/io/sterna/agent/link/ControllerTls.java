package io.sterna.agent.link;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sterna.protocol.tls.TlsIdentity;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of an element's sessions: BoringSSL's where its library can be loaded. Java's own is fast
 * only where the optimizing compiler is at work, which an element does without. Thread-safe.
 */
final class ControllerTls {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerTls.class);

  private final SslContext context;

  /**
   * TLS that shows this identity, and lets only controllers of its authority be at the other end.
   */
  ControllerTls(TlsIdentity identity) {
    boolean boringSsl = OpenSsl.isAvailable();
    LOG.info("TLS of {}", boringSsl ? OpenSsl.versionString() : "Java");
    try {
      context =
          SslContextBuilder.forClient()
              .keyManager(identity.keyManager())
              .trustManager(identity.trustManager())
              .sslProvider(boringSsl ? SslProvider.OPENSSL : SslProvider.JDK)
              .protocols(identity.protocols())
              .build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /** An engine for one connection; the garbage collector frees what it holds. */
  SSLEngine engine(ControllerAddress address) {
    return context.newEngine(PooledByteBufAllocator.DEFAULT, address.host(), address.port());
  }
}
