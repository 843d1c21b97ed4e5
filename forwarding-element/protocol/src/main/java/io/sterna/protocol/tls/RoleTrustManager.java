package io.sterna.protocol.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Accepts a peer whose chain the authority signed and whose certificate names the role that belongs
 * at that end: clients are forwarding elements, servers are controllers.
 *
 * <p>The role is checked inside the handshake, not left to the caller, so that a stolen forwarding
 * element's key cannot pose as a controller.
 */
final class RoleTrustManager extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager chain;

  RoleTrustManager(X509ExtendedTrustManager chain) {
    this.chain = chain;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String authType)
      throws CertificateException {
    chain.checkClientTrusted(certificates, authType);
    requireForwardingElement(certificates);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String authType, Socket socket)
      throws CertificateException {
    chain.checkClientTrusted(certificates, authType, socket);
    requireForwardingElement(certificates);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String authType, SSLEngine engine)
      throws CertificateException {
    chain.checkClientTrusted(certificates, authType, engine);
    requireForwardingElement(certificates);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String authType)
      throws CertificateException {
    chain.checkServerTrusted(certificates, authType);
    requireController(certificates);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String authType, Socket socket)
      throws CertificateException {
    chain.checkServerTrusted(certificates, authType, socket);
    requireController(certificates);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String authType, SSLEngine engine)
      throws CertificateException {
    chain.checkServerTrusted(certificates, authType, engine);
    requireController(certificates);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chain.getAcceptedIssuers();
  }

  private static void requireForwardingElement(X509Certificate[] certificates)
      throws CertificateException {
    PeerName name = PeerName.of(certificates[0]);
    if (!(name instanceof PeerName.ForwardingElement)) {
      throw new CertificateException(name.uri() + " is not a forwarding element");
    }
  }

  private static void requireController(X509Certificate[] certificates)
      throws CertificateException {
    PeerName name = PeerName.of(certificates[0]);
    if (!(name instanceof PeerName.Controller)) {
      throw new CertificateException(name.uri() + " is not a controller");
    }
  }
}
