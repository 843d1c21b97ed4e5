package io.sterna.ca;

import io.sterna.protocol.tls.PeerName;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a certificate says, for people.
 *
 * @param name its URI, for instance {@code urn:sterna:fe:fe1}; empty if it names no part
 * @param subject distinguished name (RFC 2253)
 * @param issuer distinguished name of who signed it
 * @param authority whether it may sign others
 * @param validFrom the first moment
 * @param validUntil the last moment
 * @param sha256 fingerprint of its DER bytes, hexadecimal with colons
 */
public record CertificateSummary(
    String name,
    String subject,
    String issuer,
    boolean authority,
    Instant validFrom,
    Instant validUntil,
    String sha256) {

  /**
   * Reads the first certificate of a PEM file.
   *
   * @throws AuthorityException if there is none
   */
  public static CertificateSummary read(Path file) throws AuthorityException {
    X509Certificate certificate = Pem.readCertificate(file);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return new CertificateSummary(
          nameOf(certificate),
          certificate.getSubjectX500Principal().getName(),
          certificate.getIssuerX500Principal().getName(),
          certificate.getBasicConstraints() >= 0,
          certificate.getNotBefore().toInstant(),
          certificate.getNotAfter().toInstant(),
          HexFormat.ofDelimiter(":").formatHex(digest));
    } catch (GeneralSecurityException e) {
      throw new AuthorityException(file + ": cannot be shown: " + e.getMessage(), e);
    }
  }

  private static String nameOf(X509Certificate certificate) {
    try {
      return PeerName.of(certificate).uri();
    } catch (CertificateException e) {
      return "";
    }
  }
}
