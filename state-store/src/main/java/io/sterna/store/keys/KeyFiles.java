package io.sterna.store.keys;

import io.sterna.store.audit.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;

/**
 * Ed25519 keys in PEM files, as {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey
 * -pubout} write them.
 */
public final class KeyFiles {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private KeyFiles() {}

  /**
   * The key that signs.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static PrivateKey privateKey(Path file) throws IOException {
    byte[] bytes = pem(file, PRIVATE);
    try {
      return KeyFactory.getInstance(Checkpoint.ALGORITHM)
          .generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no Ed25519 private key", e);
    }
  }

  /**
   * A key that checks.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static PublicKey publicKey(Path file) throws IOException {
    byte[] bytes = pem(file, PUBLIC);
    try {
      return KeyFactory.getInstance(Checkpoint.ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(bytes));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no Ed25519 public key", e);
    }
  }

  /**
   * Makes a pair of keys in two new files; only the owner may read the private one.
   *
   * @throws IOException if a file is there already, or cannot be written
   */
  public static void generate(Path privateFile, Path publicFile) throws IOException {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(Checkpoint.ALGORITHM).generateKeyPair();
      Files.createFile(
          privateFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      write(privateFile, PRIVATE, pair.getPrivate().getEncoded(), Set.of(StandardOpenOption.WRITE));
      write(
          publicFile,
          PUBLIC,
          pair.getPublic().getEncoded(),
          Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no Ed25519", e);
    }
  }

  private static void write(Path file, String what, byte[] bytes, Set<StandardOpenOption> options)
      throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(what, LINES.encodeToString(bytes), what);
    Files.writeString(file, text, options.toArray(new StandardOpenOption[0]));
  }

  private static byte[] pem(Path file, String what) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    String begin = "-----BEGIN " + what + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + what + "-----");
    if (from < 0 || to < from) {
      throw new IOException(file + " has no " + what);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is damaged", e);
    }
  }
}
