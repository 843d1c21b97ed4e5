package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.netty.handler.ssl.OpenSsl;
import io.sterna.ca.CertificateAuthority;
import io.sterna.ca.CertificateAuthority.IssuedFiles;
import io.sterna.ca.CertificateAuthority.Terms;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.southbound.Sessions;
import io.sterna.controller.southbound.SouthboundServer;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the controller's port lets in: real sockets, and clients with Java's TLS. */
class SouthboundTlsTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration QUIET = Duration.ofMillis(300);

  private static Path folder;
  private static Terms terms;
  private static ActorTestKit kit;
  private static TestProbe<Sessions.Command> registry;
  private static CertificateAuthority ours;
  private static TlsIdentity controller;
  private static int port;

  @BeforeAll
  static void listen(@TempDir Path given) throws Exception {
    folder = given;
    terms = new Terms(InstantSource.system().instant(), Duration.ofDays(1), false);
    ours = CertificateAuthority.create(folder.resolve("ours"), "ours", terms);
    controller =
        identity(
            ours.issue(new ControllerId("c1"), List.of(), List.of(), folder.resolve("c1"), terms));
    kit = ActorTestKit.create();
    registry = kit.createTestProbe(Sessions.Command.class);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ControllerSettings.Southbound settings =
        new ControllerSettings.Southbound(
            new ControllerSettings.Endpoint("127.0.0.1", port), "", SOON, 1 << 20, 1000);
    SouthboundServer.listen(kit.system(), settings, controller, registry.getRef())
        .toCompletableFuture()
        .get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aForwardingElementIsLetInByTheFasterTls() throws Exception {
    assertTrue(OpenSsl.isAvailable(), "BoringSSL cannot be loaded here");
    TlsIdentity element = element(ours, "fe1");
    // Twice: the second session may be a resumed one and must know its peer all the same.
    for (int i = 0; i < 2; i++) {
      try (SSLSocket socket = connect(List.of(element.keyManager()), "TLSv1.3")) {
        socket.startHandshake();
        registry.receiveMessage(SOON);
        assertEquals("TLSv1.3", socket.getSession().getProtocol());
        assertEquals(
            new PeerName.Controller(new ControllerId("c1")), PeerName.of(socket.getSession()));
      }
    }
  }

  @Test
  void nobodyElseIs() throws Exception {
    CertificateAuthority other =
        CertificateAuthority.create(folder.resolve("other"), "other", terms);
    assertRefused(List.of(controller.keyManager()), "TLSv1.3");
    assertRefused(List.of(element(other, "fe3").keyManager()), "TLSv1.3");
    assertRefused(List.of(), "TLSv1.3");
    assertRefused(List.of(element(ours, "fe2").keyManager()), "TLSv1.2");
  }

  private static void assertRefused(List<KeyManager> keys, String protocol) throws Exception {
    try (SSLSocket socket = connect(keys, protocol)) {
      // A client of TLS 1.3 may believe that it is through; then it reads the alert.
      assertThrows(
          IOException.class,
          () -> {
            socket.startHandshake();
            if (socket.getInputStream().read() < 0) {
              throw new IOException("closed");
            }
          });
    }
    registry.expectNoMessage(QUIET);
  }

  private static SSLSocket connect(List<KeyManager> keys, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys.toArray(KeyManager[]::new), new TrustManager[] {controller.trustManager()}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setSoTimeout((int) SOON.toMillis());
    return socket;
  }

  private static TlsIdentity element(CertificateAuthority authority, String id) throws Exception {
    return identity(authority.issue(new FeId(id), folder.resolve(id), terms));
  }

  private static TlsIdentity identity(IssuedFiles files) throws Exception {
    return TlsIdentity.load(files.certificate(), files.key(), files.authority());
  }
}
