package io.sterna.protocol.tls;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The role and id a certificate gives its holder. */
public sealed interface PeerName {
  /** What {@link #uri} puts before the id of a forwarding element. */
  String FORWARDING_ELEMENT_URI = "urn:sterna:fe:";

  /** What {@link #uri} puts before the id of a controller. */
  String CONTROLLER_URI = "urn:sterna:controller:";

  /** A forwarding element: may claim addresses and hear feeds. */
  record ForwardingElement(FeId id) implements PeerName {
    @Override
    public String uri() {
      return FORWARDING_ELEMENT_URI + id;
    }
  }

  /** A controller node: may feed forwarding elements. */
  record Controller(ControllerId id) implements PeerName {
    @Override
    public String uri() {
      return CONTROLLER_URI + id;
    }
  }

  /** The name as it stands in the certificate's subject alternative name of type URI. */
  String uri();

  /**
   * Who is at the other end of a session whose handshake is complete.
   *
   * @throws SSLPeerUnverifiedException if the peer showed no certificate, or one without such a
   *     name
   */
  static PeerName of(SSLSession session) throws SSLPeerUnverifiedException {
    Certificate[] chain = session.getPeerCertificates();
    if (chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
      throw new SSLPeerUnverifiedException("the peer showed no X.509 certificate");
    }
    try {
      return of(certificate);
    } catch (CertificateException e) {
      SSLPeerUnverifiedException unverified = new SSLPeerUnverifiedException(e.getMessage());
      unverified.initCause(e);
      throw unverified;
    }
  }

  /**
   * The name in a certificate.
   *
   * @throws CertificateException if it holds none, several or a malformed one; one line
   */
  static PeerName of(X509Certificate certificate) throws CertificateException {
    List<String> uris = new ArrayList<>();
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (name.get(0).equals(SubjectName.TYPE_URI)
            && name.get(1) instanceof String uri
            && uri.startsWith(SubjectName.URI_PREFIX)) {
          uris.add(uri);
        }
      }
    }
    if (uris.size() != 1) {
      // Two names would let one key act as two parties, whichever the reader happens to pick.
      throw new CertificateException(
          "the certificate holds "
              + uris.size()
              + " names that start with "
              + SubjectName.URI_PREFIX
              + ", expected exactly one");
    }
    return SubjectName.parse(uris.get(0));
  }
}
