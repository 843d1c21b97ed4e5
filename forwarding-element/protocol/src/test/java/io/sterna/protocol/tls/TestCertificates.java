package io.sterna.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Certificates as PEM files, made by the JDK's own keytool. */
final class TestCertificates {
  private static final String PASSWORD = "test-only";
  private final Path folder;
  private final Path keyStore;

  TestCertificates(Path folder) {
    this.folder = folder;
    this.keyStore = folder.resolve("all.p12");
  }

  /** Writes {@code NAME.pem} and {@code NAME.key}. */
  void authority(String name) throws Exception {
    keytool("-alias", name, "-dname", "CN=" + name, "-ext", "bc:c", "-keyalg", "EC");
    export(name);
  }

  /** Writes {@code NAME.pem} and {@code NAME.key}, signed by the authority. */
  void issue(String name, String authority, String keyAlgorithm, String... extra) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("-alias", name, "-dname", "CN=" + name, "-signer", authority, "-keyalg"));
    arguments.add(keyAlgorithm);
    arguments.addAll(Arrays.asList(extra));
    keytool(arguments.toArray(String[]::new));
    export(name);
  }

  Path certificate(String name) {
    return folder.resolve(name + ".pem");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  Path folder() {
    return folder;
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keystore", keyStore.toString()));
    command.addAll(List.of("-storepass", PASSWORD, "-J-XX:TieredStopAtLevel=1"));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  private void export(String name) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
    Certificate certificate = store.getCertificate(name);
    Files.writeString(certificate(name), pem("CERTIFICATE", certificate.getEncoded()));
    byte[] key = store.getKey(name, PASSWORD.toCharArray()).getEncoded();
    Files.writeString(key(name), pem("PRIVATE KEY", key));
    Files.setPosixFilePermissions(key(name), PosixFilePermissions.fromString("rw-------"));
  }

  static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
