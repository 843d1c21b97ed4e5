package io.sterna.ca;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Keys and certificates, in memory and as PEM text (RFC 7468). */
final class Pem {
  /** 20 octets at most and positive (RFC 5280 section 4.1.2.2); random, so no counter is kept. */
  private static final int SERIAL_NUMBER_BITS = 159;

  private Pem() {}

  static KeyPair newKeyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static BigInteger newSerialNumber() {
    return new BigInteger(SERIAL_NUMBER_BITS, new SecureRandom()).setBit(0);
  }

  static X500Name subject(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "Sterna")
        .addRDN(BCStyle.CN, commonName)
        .build();
  }

  static String of(X509Certificate certificate) throws AuthorityException {
    try {
      return text("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AuthorityException("a certificate cannot be encoded: " + e.getMessage(), e);
    }
  }

  /** PKCS #8, without a password. */
  static String of(PrivateKey key) {
    return text("PRIVATE KEY", key.getEncoded());
  }

  static X509Certificate readCertificate(Path file) throws AuthorityException {
    if (read(file) instanceof X509CertificateHolder holder) {
      try {
        return new JcaX509CertificateConverter().getCertificate(holder);
      } catch (GeneralSecurityException e) {
        throw new AuthorityException(file + ": is not a PEM certificate", e);
      }
    }
    throw new AuthorityException(file + ": holds no PEM certificate");
  }

  static PrivateKey readKey(Path file) throws AuthorityException {
    if (read(file) instanceof PrivateKeyInfo info) {
      try {
        return new JcaPEMKeyConverter().getPrivateKey(info);
      } catch (IOException e) {
        throw new AuthorityException(file + ": is not a PEM private key", e);
      }
    }
    throw new AuthorityException(file + ": holds no unencrypted PKCS #8 private key");
  }

  private static Object read(Path file) throws AuthorityException {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII);
        PEMParser parser = new PEMParser(reader)) {
      Object first = parser.readObject();
      if (first == null) {
        throw new AuthorityException(file + ": is not a PEM file");
      }
      return first;
    } catch (NoSuchFileException e) {
      throw new AuthorityException(file + ": does not exist", e);
    } catch (IOException e) {
      throw new AuthorityException(file + ": cannot be read: " + NewFile.reason(e), e);
    }
  }

  private static String text(String type, byte[] der) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
