package io.sterna.protocol.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys in PEM form (RFC 7468). */
final class PemFile {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private PemFile() {}

  /** All certificates of a file, at least one, in the order they stand there. */
  static List<X509Certificate> certificates(Path file) throws TlsFileException {
    byte[] bytes = read(file);
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Certificate each : factory.generateCertificates(new ByteArrayInputStream(bytes))) {
        certificates.add((X509Certificate) each);
      }
    } catch (CertificateException e) {
      throw new TlsFileException(file, "is not a PEM certificate", e);
    }
    if (certificates.isEmpty()) {
      throw new TlsFileException(file, "holds no certificate");
    }
    return List.copyOf(certificates);
  }

  /**
   * The one PKCS #8 private key of a file.
   *
   * @param algorithm of the public key it belongs to, for instance {@code EC} or {@code RSA}
   */
  static PrivateKey privateKey(Path file, String algorithm) throws TlsFileException {
    Matcher block = BLOCK.matcher(new String(read(file), StandardCharsets.US_ASCII));
    refuseIfOthersMayRead(file);
    if (!block.find()) {
      throw new TlsFileException(file, "holds no PEM private key");
    }
    if (!block.group(1).equals("PRIVATE KEY")) {
      throw new TlsFileException(
          file,
          "holds '"
              + block.group(1)
              + "', expected an unencrypted PKCS #8 'PRIVATE KEY'"
              + " (openssl pkcs8 -topk8 -nodes converts it)");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new TlsFileException(file, "is not a private key of type " + algorithm, e);
    }
  }

  private static byte[] read(Path file) throws TlsFileException {
    try {
      if (Files.isDirectory(file)) {
        throw new TlsFileException(file, "is a directory");
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new TlsFileException(file, "is larger than " + FILE_BYTES_MAX + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new TlsFileException(file, "does not exist", e);
    } catch (AccessDeniedException e) {
      throw new TlsFileException(file, "permission denied", e);
    } catch (IOException e) {
      throw new TlsFileException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * A key that every user of the machine can read proves nothing. A group may read it: services
   * often share a key that way. File systems without POSIX permissions are not checked.
   */
  private static void refuseIfOthersMayRead(Path file) throws TlsFileException {
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(file);
    } catch (UnsupportedOperationException e) {
      return;
    } catch (IOException e) {
      throw new TlsFileException(file, "cannot be read: " + e.getMessage(), e);
    }
    if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
      throw new TlsFileException(file, "is a private key that everybody may read (chmod o-rwx)");
    }
  }
}
