package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority and what it signed, made by the JDK's own keytool. */
final class TestCertificates {
  private static final String PASSWORD = "test-only";

  private final Path folder;

  TestCertificates(Path folder) throws Exception {
    this.folder = folder;
    keytool("-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c", "-keyalg", "EC");
    KeyStore store = store();
    pem("ca.pem", "CERTIFICATE", store.getCertificate("ca").getEncoded());
  }

  /** Writes {@code NAME.pem} and {@code NAME.key}. */
  void issue(String name, String uri) throws Exception {
    keytool(
        "-alias",
        name,
        "-dname",
        "CN=" + name,
        "-signer",
        "ca",
        "-keyalg",
        "EC",
        "-ext",
        "san=uri:" + uri);
    KeyStore store = store();
    pem(name + ".pem", "CERTIFICATE", store.getCertificate(name).getEncoded());
    pem(name + ".key", "PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  /** What a server uses that is of this name and trusts the authority. */
  SSLContext context(String name) throws Exception {
    KeyStore all = store();
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    char[] password = PASSWORD.toCharArray();
    own.setKeyEntry(name, all.getKey(name, password), password, all.getCertificateChain(name));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", all.getCertificate("ca"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private KeyStore store() throws Exception {
    return KeyStore.getInstance(folder.resolve("all.p12").toFile(), PASSWORD.toCharArray());
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keystore", folder.resolve("all.p12").toString()));
    command.addAll(List.of("-storepass", PASSWORD, "-J-XX:TieredStopAtLevel=1"));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  private void pem(String file, String type, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Path path = folder.resolve(file);
    Files.writeString(
        path, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
  }
}
