package io.sterna.protocol.tls;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import java.security.cert.CertificateException;

/** The text form of a {@link PeerName} inside a certificate. */
final class SubjectName {
  /** GeneralName choice uniformResourceIdentifier, RFC 5280 section 4.2.1.6. */
  static final Integer TYPE_URI = 6;

  static final String URI_PREFIX = "urn:sterna:";

  private SubjectName() {}

  static PeerName parse(String uri) throws CertificateException {
    try {
      if (uri.startsWith(PeerName.FORWARDING_ELEMENT_URI)) {
        return new PeerName.ForwardingElement(
            new FeId(uri.substring(PeerName.FORWARDING_ELEMENT_URI.length())));
      }
      if (uri.startsWith(PeerName.CONTROLLER_URI)) {
        return new PeerName.Controller(
            new ControllerId(uri.substring(PeerName.CONTROLLER_URI.length())));
      }
    } catch (IllegalArgumentException e) {
      throw new CertificateException("the certificate's name is malformed: " + e.getMessage(), e);
    }
    throw new CertificateException("the certificate names the unknown role '" + uri + "'");
  }
}
