package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.ca.CertificateAuthority;
import io.sterna.ca.CertificateAuthority.IssuedFiles;
import io.sterna.ca.CertificateAuthority.Terms;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load run says when no controller lets it in: real sockets and certificates. */
class LoadReachTest {
  /** Far less than the minute for which elements that are let in may take to be in sync. */
  private static final Duration AT_ONCE = Duration.ofSeconds(40);

  private Path folder;
  private Terms terms;
  private CertificateAuthority ours;
  private CertificateAuthority other;

  @BeforeEach
  void issue(@TempDir Path given) throws Exception {
    folder = given;
    terms = new Terms(InstantSource.system().instant(), Duration.ofDays(1), false);
    ours = CertificateAuthority.create(folder.resolve("ours"), "ours", terms);
    other = CertificateAuthority.create(folder.resolve("other"), "other", terms);
    ours.issue(new FeId("fe1"), folder.resolve("fes"), terms);
    ours.issue(new FeId("fe2"), folder.resolve("fes"), terms);
  }

  @Test
  void nobodyListens() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertFails("127.0.0.1:" + port + ": connection refused", "run", port);
    assertFails("127.0.0.1:" + port + ": connection refused", "sync", port);
  }

  @Test
  void nobodyKnowsTheHost() throws Exception {
    assertFailsAt("nowhere.invalid:9", "nowhere.invalid:9: nowhere.invalid: no such host", "run");
  }

  @Test
  void theControllerIsOfAnotherAuthority() throws Exception {
    TlsIdentity stranger = controller(other);
    try (SSLServerSocket server = listen(stranger, stranger)) {
      int port = server.getLocalPort();
      assertFails(
          "127.0.0.1:"
              + port
              + ": TLS: its certificate is not of the authority that is trusted here",
          "run",
          port);
    }
  }

  @Test
  void theElementsAreOfAnotherAuthority() throws Exception {
    try (SSLServerSocket server = listen(controller(ours), controller(other))) {
      int port = server.getLocalPort();
      assertFails(
          "127.0.0.1:" + port + ": TLS: it refuses the element's certificate or this TLS: ",
          "run",
          port);
    }
  }

  private void assertFails(String reason, String command, int port) throws IOException {
    assertFailsAt("127.0.0.1:" + port, reason, command);
  }

  private void assertFailsAt(String controller, String reason, String command) throws IOException {
    Path scenario = folder.resolve("load.yaml");
    Files.writeString(
        scenario,
        """
        controllers: ["%s"]
        tls: { authority: ours/ca.pem, certificate-folder: fes }
        fes: 2
        vms: 10
        prefix: 10.16.0.0/24
        arrival-rate-per-second: 1
        mobility: uniform
        duration: 1s
        seed: 1
        """
            .formatted(controller));
    Ran ran =
        assertTimeoutPreemptively(AT_ONCE, () -> Ran.sterna("load", command, scenario.toString()));
    assertEquals(1, ran.status(), ran.err());
    assertEquals("", ran.out());
    String last = ran.err().lines().reduce("", (before, line) -> line);
    assertTrue(last.startsWith("sterna: " + reason), ran.err());
  }

  private TlsIdentity controller(CertificateAuthority authority) throws Exception {
    ControllerId id = new ControllerId("c1");
    Path into = Files.createTempDirectory(folder, "c1-");
    IssuedFiles files = authority.issue(id, List.of(), List.of(), into, terms);
    return TlsIdentity.load(files.certificate(), files.key(), files.authority());
  }

  /** Accepts whoever {@code trusting} would; ends when it is closed. */
  private static SSLServerSocket listen(TlsIdentity identity, TlsIdentity trusting)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {identity.keyManager()},
        new TrustManager[] {trusting.trustManager()},
        null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    Thread accepting = new Thread(() -> acceptAll(server), "accept");
    accepting.setDaemon(true);
    accepting.start();
    return server;
  }

  private static void acceptAll(SSLServerSocket server) {
    while (!server.isClosed()) {
      try (SSLSocket socket = (SSLSocket) server.accept()) {
        socket.startHandshake();
      } catch (IOException e) {
        // That it is refused is what the test is about.
      }
    }
  }
}
