package io.sterna.protocol.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A part's own certificate and key, and the authority whose certificates it accepts. Makes the TLS
 * engines of southbound sessions: TLS 1.3 only, both sides show a certificate. Thread-safe.
 */
public final class TlsIdentity {
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /**
   * What clients ask for first, and every TLS 1.3 has (RFC 8446, 9.1). Java's own first choice has
   * keys of 256 bits, and takes some 7 % longer for every byte of every feed.
   */
  private static final String FIRST_CIPHER_SUITE = "TLS_AES_128_GCM_SHA256";

  private final PeerName name;
  private final KeyManager keys;
  private final RoleTrustManager trust;
  private final SSLContext context;

  private TlsIdentity(PeerName name, KeyManager keys, RoleTrustManager trust)
      throws GeneralSecurityException {
    this.name = name;
    this.keys = keys;
    this.trust = trust;
    this.context = SSLContext.getInstance("TLSv1.3");
    context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
  }

  /**
   * Reads and checks an identity: the key belongs to the certificate, the authority signed it, it
   * is valid now and it names a forwarding element or a controller.
   *
   * @param certificatePem the certificate, followed by intermediate ones if there are any
   * @param keyPem its private key, PKCS #8 without a password, not readable by everybody
   * @param authorityPem one or more authority certificates
   * @throws TlsFileException with the file and the reason, in one line
   */
  public static TlsIdentity load(Path certificatePem, Path keyPem, Path authorityPem)
      throws TlsFileException {
    List<X509Certificate> chain = PemFile.certificates(certificatePem);
    List<X509Certificate> authorities = PemFile.certificates(authorityPem);
    X509Certificate own = chain.get(0);
    PrivateKey key = PemFile.privateKey(keyPem, own.getPublicKey().getAlgorithm());
    checkKeyPair(keyPem, key, certificatePem, own);
    checkValidity(certificatePem, own);
    checkChain(certificatePem, chain, authorityPem, authorities);
    try {
      return new TlsIdentity(PeerName.of(own), keys(chain, key), trust(authorities));
    } catch (CertificateException e) {
      throw new TlsFileException(certificatePem, String.valueOf(e.getMessage()), e);
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsFileException(certificatePem, "cannot be used for TLS: " + e.getMessage(), e);
    }
  }

  /** Who this identity is to its peers. */
  public PeerName name() {
    return name;
  }

  /**
   * The versions of TLS that are spoken, for engines that are not made here.
   *
   * @return names as Java has them
   */
  public List<String> protocols() {
    return List.of(PROTOCOLS);
  }

  /** Shows this identity's certificate, for engines that are not made here. */
  public KeyManager keyManager() {
    return keys;
  }

  /**
   * Accepts a peer of the authority with the role that belongs at that end: clients are forwarding
   * elements, servers controllers. For engines that are not made here, which must ask for a
   * certificate.
   */
  public TrustManager trustManager() {
    return trust;
  }

  /**
   * An engine for a connection to a controller. Its handshake succeeds with controllers only; which
   * one it is, {@link PeerName#of(javax.net.ssl.SSLSession)} tells.
   *
   * @param host where the connection goes to; not checked against the certificate (see the package)
   * @param port the TCP port
   */
  public SSLEngine clientEngine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(firstOf(parameters.getCipherSuites()));
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** In the same order, but for the one that is to be first, if it is there at all. */
  private static String[] firstOf(String[] suites) {
    return Stream.of(suites)
        .sorted(Comparator.comparing(suite -> !suite.equals(FIRST_CIPHER_SUITE)))
        .toArray(String[]::new);
  }

  private static KeyManager keys(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    char[] noPassword = {};
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, noPassword);
    own.setKeyEntry("own", key, noPassword, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, noPassword);
    return keys.getKeyManagers()[0];
  }

  private static RoleTrustManager trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, new char[0]);
    for (int i = 0; i < authorities.size(); i++) {
      trusted.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    for (TrustManager each : trust.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager chain) {
        return new RoleTrustManager(chain);
      }
    }
    throw new GeneralSecurityException("this JDK has no X.509 trust manager");
  }

  private static void checkKeyPair(
      Path keyFile, PrivateKey key, Path certificateFile, X509Certificate certificate)
      throws TlsFileException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default ->
              throw new TlsFileException(
                  keyFile, "is a key of type " + key.getAlgorithm() + ", expected EC or RSA");
        };
    byte[] probe = {1, 2, 3, 4};
    boolean matches;
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(probe);
      byte[] signed = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(probe);
      matches = verifier.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new TlsFileException(keyFile, "cannot sign: " + e.getMessage(), e);
    }
    if (!matches) {
      throw new TlsFileException(keyFile, "does not belong to " + certificateFile);
    }
  }

  private static void checkValidity(Path file, X509Certificate certificate)
      throws TlsFileException {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new TlsFileException(file, "expired at " + certificate.getNotAfter().toInstant(), e);
    } catch (CertificateNotYetValidException e) {
      throw new TlsFileException(
          file, "is not valid before " + certificate.getNotBefore().toInstant(), e);
    }
  }

  private static void checkChain(
      Path file, List<X509Certificate> chain, Path authorityFile, List<X509Certificate> authorities)
      throws TlsFileException {
    try {
      Set<TrustAnchor> anchors = new LinkedHashSet<>();
      for (X509Certificate authority : authorities) {
        anchors.add(new TrustAnchor(authority, null));
      }
      PKIXParameters parameters = new PKIXParameters(anchors);
      // The authority publishes no revocation lists.
      parameters.setRevocationEnabled(false);
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (CertPathValidatorException e) {
      throw new TlsFileException(
          file, "is not a valid certificate of " + authorityFile + " (" + e.getMessage() + ")", e);
    } catch (GeneralSecurityException e) {
      throw new TlsFileException(file, "cannot be checked: " + e.getMessage(), e);
    }
  }
}
