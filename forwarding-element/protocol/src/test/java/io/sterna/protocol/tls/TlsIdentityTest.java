package io.sterna.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsIdentityTest {
  private static TestCertificates files;

  @BeforeAll
  static void makeCertificates(@TempDir Path folder) throws Exception {
    files = new TestCertificates(folder);
    files.authority("ca");
    files.authority("other");
    files.issue("c1", "ca", "EC", "-ext", "san=uri:urn:sterna:controller:c1,dns:localhost");
    files.issue("fe1", "ca", "EC", "-ext", "san=uri:urn:sterna:fe:fe1");
    files.issue("fe2", "ca", "RSA", "-ext", "san=uri:urn:sterna:fe:fe2");
    files.issue("stranger", "other", "EC", "-ext", "san=uri:urn:sterna:fe:fe1");
    files.issue("nameless", "ca", "EC", "-ext", "san=dns:localhost");
    files.issue(
        "both", "ca", "EC", "-ext", "san=uri:urn:sterna:fe:fe1,uri:urn:sterna:controller:c1");
    files.issue("robot", "ca", "EC", "-ext", "san=uri:urn:sterna:robot:r1");
    files.issue(
        "old",
        "ca",
        "EC",
        "-ext",
        "san=uri:urn:sterna:fe:fe1",
        "-startdate",
        "2020/01/01 00:00:00",
        "-validity",
        "1");
  }

  @Test
  void bothSidesLearnWhoTheOtherIs() throws Exception {
    TlsIdentity controller = load("c1", "ca");
    TlsIdentity fe = load("fe1", "ca");
    assertEquals(new PeerName.ForwardingElement(new FeId("fe1")), fe.name());
    // Twice: the second session may be a resumed one and must know its peer all the same.
    for (int i = 0; i < 2; i++) {
      SSLEngine server = server(controller);
      SSLEngine client = fe.clientEngine("127.0.0.1", 4780);
      Handshake.run(client, server);
      assertEquals("TLSv1.3", client.getSession().getProtocol());
      assertEquals("TLS_AES_128_GCM_SHA256", client.getEnabledCipherSuites()[0]);
      assertEquals(
          new PeerName.Controller(new ControllerId("c1")), PeerName.of(client.getSession()));
      assertEquals(
          new PeerName.ForwardingElement(new FeId("fe1")), PeerName.of(server.getSession()));
    }
  }

  @Test
  void rsaKeysWorkToo() throws Exception {
    SSLEngine server = server(load("c1", "ca"));
    Handshake.run(load("fe2", "ca").clientEngine("127.0.0.1", 4780), server);
    assertEquals(new PeerName.ForwardingElement(new FeId("fe2")), PeerName.of(server.getSession()));
  }

  @Test
  void aForwardingElementCannotPoseAsController() throws Exception {
    SSLEngine posing = server(load("fe2", "ca"));
    SSLEngine client = load("fe1", "ca").clientEngine("127.0.0.1", 4780);
    SSLException refused = assertThrows(SSLException.class, () -> Handshake.run(client, posing));
    assertTrue(String.valueOf(refused.getMessage()).contains("is not a controller"));
  }

  @Test
  void aControllerIsNoForwardingElement() throws Exception {
    SSLEngine server = server(load("c1", "ca"));
    SSLEngine client = load("c1", "ca").clientEngine("127.0.0.1", 4780);
    assertThrows(SSLException.class, () -> Handshake.run(client, server));
  }

  @Test
  void certificatesOfAnotherAuthorityAreRefused() throws Exception {
    SSLEngine server = server(load("c1", "ca"));
    SSLEngine client = load("stranger", "other").clientEngine("127.0.0.1", 4780);
    assertThrows(SSLException.class, () -> Handshake.run(client, server));
  }

  @Test
  void aClientWithoutTls13IsRefused() throws Exception {
    SSLEngine server = server(load("c1", "ca"));
    SSLEngine client = load("fe1", "ca").clientEngine("127.0.0.1", 4780);
    client.setEnabledProtocols(new String[] {"TLSv1.2"});
    assertThrows(SSLException.class, () -> Handshake.run(client, server));
  }

  @Test
  void badFilesAreNamedInOneLine() throws Exception {
    refused("stranger", "ca", "stranger.pem: is not a valid certificate of");
    refused("nameless", "ca", "nameless.pem: the certificate holds 0 names");
    refused("both", "ca", "both.pem: the certificate holds 2 names");
    refused("robot", "ca", "robot.pem: the certificate names the unknown role");
    refused("old", "ca", "old.pem: expired at 2020-01-02");
    refused("missing", "ca", "missing.pem: does not exist");
    refused("fe1", "missing", "missing.pem: does not exist");
    assertRefused(files.certificate("fe1"), files.key("missing"), "missing.key: does not exist");
    assertRefused(files.certificate("fe1"), files.key("c1"), "c1.key: does not belong to");
    assertRefused(files.certificate("fe1"), files.key("fe2"), "fe2.key: is not a private key");
    assertRefused(files.certificate("fe1"), files.folder(), "is a directory");
  }

  @Test
  void keysInOtherFormsAreExplained() throws Exception {
    assertRefused(files.certificate("fe1"), key("none", "hello"), "holds no PEM private key");
    assertRefused(
        files.certificate("fe1"),
        key("sec1", TestCertificates.pem("EC PRIVATE KEY", new byte[] {1, 2, 3})),
        "openssl pkcs8");
    assertRefused(
        files.certificate("fe1"),
        key("garbage", TestCertificates.pem("PRIVATE KEY", new byte[] {1, 2, 3})),
        "is not a private key");
    Path text = files.certificate("text");
    Files.writeString(text, "hello");
    assertRefused(text, files.key("fe1"), "text.pem: ");
  }

  @Test
  void aKeyEverybodyMayReadIsRefused() throws Exception {
    Path open = key("open", Files.readString(files.key("fe1")));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertRefused(files.certificate("fe1"), open, "everybody may read");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
    TlsIdentity.load(files.certificate("fe1"), open, files.certificate("ca"));
  }

  private static Path key(String name, String content) throws Exception {
    Path file = files.key(name);
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static TlsIdentity load(String name, String authority) throws TlsFileException {
    return TlsIdentity.load(files.certificate(name), files.key(name), files.certificate(authority));
  }

  private static void refused(String name, String authority, String reason) {
    assertReason(assertThrows(TlsFileException.class, () -> load(name, authority)), reason);
  }

  private static void assertRefused(Path certificate, Path key, String reason) {
    assertReason(
        assertThrows(
            TlsFileException.class,
            () -> TlsIdentity.load(certificate, key, files.certificate("ca"))),
        reason);
  }

  private static void assertReason(TlsFileException refused, String reason) {
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(reason), message);
    assertFalse(message.contains("\n"), message);
  }

  /** What a controller's port makes of its identity, by Java's TLS. */
  private static SSLEngine server(TlsIdentity identity) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {identity.keyManager()},
        new TrustManager[] {identity.trustManager()},
        null);
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(identity.protocols().toArray(String[]::new));
    engine.setNeedClientAuth(true);
    return engine;
  }
}
