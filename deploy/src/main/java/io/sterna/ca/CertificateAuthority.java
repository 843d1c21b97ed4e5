package io.sterna.ca;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.PeerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority that lives in a folder: {@code ca.pem} and {@code ca.key} (ECDSA on P-256). Issues
 * certificates for forwarding elements and controllers (RFC 5280), each with its role and id in a
 * subject alternative name of type URI.
 *
 * <p>Keys are written with mode 0600. No file is overwritten unless asked to, and none is ever left
 * half written.
 */
public final class CertificateAuthority {
  /** The authority's certificate within its folder, and beside every certificate it issued. */
  public static final String CERTIFICATE_FILE = "ca.pem";

  /** The authority's private key within its folder. */
  public static final String KEY_FILE = "ca.key";

  /** How far a new certificate reaches back, for peers whose clock is behind. */
  private static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(5);

  private static final String SIGNATURE = "SHA256withECDSA";

  private final X509Certificate certificate;
  private final PrivateKey key;

  private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * How a certificate is to be made.
   *
   * @param now the moment it starts to be valid
   * @param validity how long it stays valid
   * @param force whether existing files may be overwritten
   */
  public record Terms(Instant now, Duration validity, boolean force) {
    public Terms {
      if (validity.isNegative() || validity.isZero()) {
        throw new IllegalArgumentException("a certificate must be valid for some time");
      }
    }
  }

  /**
   * The files of one part.
   *
   * @param certificate its certificate
   * @param key its private key
   * @param authority the authority's certificate, beside it
   */
  public record IssuedFiles(Path certificate, Path key, Path authority) {}

  /**
   * Makes a new authority.
   *
   * @param folder created if it is missing
   * @param name the common name in its certificate
   * @throws AuthorityException if the folder holds one already or cannot be written
   */
  public static CertificateAuthority create(Path folder, String name, Terms terms)
      throws AuthorityException {
    Path certificateFile = folder.resolve(CERTIFICATE_FILE);
    Path keyFile = folder.resolve(KEY_FILE);
    makeFolder(folder);
    NewFile.refuseExisting(terms.force(), certificateFile, keyFile);
    X500Name subject = Pem.subject(name);
    try {
      KeyPair pair = Pem.newKeyPair();
      X509v3CertificateBuilder builder =
          builder(subject, subject, pair, terms)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      X509Certificate certificate = sign(builder, pair.getPrivate());
      NewFile.writeAll(
          List.of(
              NewFile.secret(keyFile, Pem.of(pair.getPrivate())),
              NewFile.open(certificateFile, Pem.of(certificate))),
          terms.force());
      return new CertificateAuthority(certificate, pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new AuthorityException(certificateFile + ": cannot be made: " + e.getMessage(), e);
    }
  }

  /**
   * Opens an authority that {@link #create} made.
   *
   * @throws AuthorityException if a file is missing, unreadable or not an authority's
   */
  public static CertificateAuthority open(Path folder) throws AuthorityException {
    Path certificateFile = folder.resolve(CERTIFICATE_FILE);
    X509Certificate certificate = Pem.readCertificate(certificateFile);
    if (certificate.getBasicConstraints() < 0) {
      throw new AuthorityException(certificateFile + ": is not the certificate of an authority");
    }
    return new CertificateAuthority(certificate, Pem.readKey(folder.resolve(KEY_FILE)));
  }

  /**
   * Issues {@code ID.pem} and {@code ID.key} for a forwarding element, with {@code ca.pem} beside.
   *
   * @param folder created if it is missing
   * @throws AuthorityException if a file exists already or cannot be written
   */
  public IssuedFiles issue(FeId id, Path folder, Terms terms) throws AuthorityException {
    return issue(
        id.value(),
        List.of(uri(new PeerName.ForwardingElement(id))),
        KeyPurposeId.id_kp_clientAuth,
        folder,
        terms);
  }

  /**
   * Issues {@code ID.pem} and {@code ID.key} for a controller, with {@code ca.pem} beside.
   *
   * @param dnsNames host names it also answers to, for clients that check them
   * @param ipAddresses textual addresses it also answers to
   * @param folder created if it is missing
   * @throws AuthorityException if a name is malformed, a file exists already or cannot be written
   */
  public IssuedFiles issue(
      ControllerId id, List<String> dnsNames, List<String> ipAddresses, Path folder, Terms terms)
      throws AuthorityException {
    List<GeneralName> names = new ArrayList<>();
    names.add(uri(new PeerName.Controller(id)));
    try {
      dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
      ipAddresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
    } catch (IllegalArgumentException e) {
      throw new AuthorityException(id + ": a name cannot be certified: " + e.getMessage(), e);
    }
    return issue(id.value(), names, KeyPurposeId.id_kp_serverAuth, folder, terms);
  }

  /** The authority's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  private IssuedFiles issue(
      String id, List<GeneralName> names, KeyPurposeId purpose, Path folder, Terms terms)
      throws AuthorityException {
    IssuedFiles files =
        new IssuedFiles(
            folder.resolve(id + ".pem"),
            folder.resolve(id + ".key"),
            folder.resolve(CERTIFICATE_FILE));
    refuseToOutliveAuthority(files.certificate(), terms);
    makeFolder(folder);
    NewFile.refuseExisting(terms.force(), files.certificate(), files.key());
    try {
      KeyPair pair = Pem.newKeyPair();
      X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      X509v3CertificateBuilder builder =
          builder(issuer, Pem.subject(id), pair, terms)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate))
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(names.toArray(GeneralName[]::new)));
      X509Certificate issued = sign(builder, key);
      // Finds an authority's key that is not the one of its certificate.
      issued.verify(certificate.getPublicKey());
      List<NewFile> all = new ArrayList<>();
      if (!isAuthority(files.authority())) {
        all.add(NewFile.open(files.authority(), Pem.of(certificate)));
      }
      all.add(NewFile.secret(files.key(), Pem.of(pair.getPrivate())));
      all.add(NewFile.open(files.certificate(), Pem.of(issued)));
      NewFile.writeAll(all, terms.force());
      return files;
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new AuthorityException(files.certificate() + ": cannot be made: " + e.getMessage(), e);
    }
  }

  private void refuseToOutliveAuthority(Path file, Terms terms) throws AuthorityException {
    Instant end = certificate.getNotAfter().toInstant();
    // Of one moment and one validity, both end in the same second.
    Instant wanted = terms.now().truncatedTo(ChronoUnit.SECONDS).plus(terms.validity());
    if (wanted.isAfter(end)) {
      throw new AuthorityException(
          file + ": would outlive its authority, which ends at " + end + "; --days: fewer");
    }
  }

  /** Whether the authority's own certificate stands there already. */
  private boolean isAuthority(Path file) throws AuthorityException {
    return Files.exists(file) && Pem.readCertificate(file).equals(certificate);
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair pair, Terms terms)
      throws GeneralSecurityException, CertIOException {
    // X.509 times have seconds; whole seconds keep what is shown equal to what is signed.
    Instant now = terms.now().truncatedTo(ChronoUnit.SECONDS);
    return new JcaX509v3CertificateBuilder(
            issuer,
            Pem.newSerialNumber(),
            Date.from(now.minus(CLOCK_SKEW_MAX)),
            Date.from(now.plus(terms.validity())),
            subject,
            pair.getPublic())
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
  }

  private static GeneralName uri(PeerName name) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, name.uri());
  }

  private static void makeFolder(Path folder) throws AuthorityException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AuthorityException(folder + ": cannot be made: " + NewFile.reason(e), e);
    }
  }
}
