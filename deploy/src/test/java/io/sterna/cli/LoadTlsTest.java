package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.ca.CertificateAuthority;
import io.sterna.ca.CertificateAuthority.IssuedFiles;
import io.sterna.ca.CertificateAuthority.Terms;
import io.sterna.loadgen.link.FrameFeed;
import io.sterna.loadgen.link.Session;
import io.sterna.loadgen.link.SessionLoop;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.tls.TlsIdentity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How sessions of the load generator end: real sockets and certificates. */
class LoadTlsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int HEARTBEATS = 3;

  private final ExecutorService controller = Executors.newSingleThreadExecutor();
  private final List<FromController> heard = new ArrayList<>();
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private TlsIdentity element;
  private SSLContext tls;
  private ServerSocket server;
  private boolean opened;

  @BeforeEach
  void listen(@TempDir Path folder) throws Exception {
    Terms terms = new Terms(InstantSource.system().instant(), Duration.ofDays(1), false);
    CertificateAuthority authority = CertificateAuthority.create(folder, "ours", terms);
    element = load(authority.issue(new FeId("fe1"), folder, terms));
    TlsIdentity ours =
        load(authority.issue(new ControllerId("c1"), List.of(), List.of(), folder, terms));
    tls = SSLContext.getInstance("TLSv1.3");
    tls.init(new KeyManager[] {ours.keyManager()}, new TrustManager[] {ours.trustManager()}, null);
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    for (Socket socket : accepted) {
      socket.close();
    }
    controller.shutdownNow();
  }

  @Test
  void oneThatAnswersAControllerThatHasLeftEnds() throws Exception {
    ends(
        (raw, socket) -> {
          byte[] frame = FrameFeed.encode(List.of(new Heartbeat(1)));
          for (int i = 0; i < HEARTBEATS; i++) {
            socket.getOutputStream().write(frame);
          }
          socket.close();
        });
    assertEquals(HEARTBEATS, heard.size());
    assertEquals(List.of("closed by the controller"), ends);
  }

  @Test
  void oneThatIsSentWhatNobodyEncryptedEndsWithAReason() throws Exception {
    ends(
        (raw, socket) -> {
          byte[] record = new byte[5 + 64];
          record[0] = 0x17;
          record[1] = 3;
          record[2] = 3;
          record[4] = 64;
          raw.getOutputStream().write(record);
        });
    assertEquals(List.of(), heard);
    assertEquals(1, ends.size());
    assertTrue(ends.get(0).startsWith("TLS: "), ends.get(0));
  }

  private interface Said {
    void by(Socket raw, SSLSocket socket) throws Exception;
  }

  /** The element reads nothing until the controller has said all of it. */
  private void ends(Said said) throws Exception {
    Future<Void> all = controller.submit(saying(said));
    try (SessionLoop loop = new SessionLoop(System::nanoTime)) {
      Session session = loop.connect("127.0.0.1", server.getLocalPort(), element, new Answering());
      assertTimeoutPreemptively(
          SOON,
          () -> {
            while (!opened) {
              turn(loop);
            }
            session.send(new Heartbeat(0));
            loop.turn(Long.MIN_VALUE / 2, () -> {});
            all.get();
            while (ends.isEmpty()) {
              turn(loop);
            }
          });
    }
  }

  private Callable<Void> saying(Said said) {
    return () -> {
      Socket raw = server.accept();
      accepted.add(raw);
      SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(raw, "element", raw.getPort(), false);
      socket.setUseClientMode(false);
      socket.setNeedClientAuth(true);
      socket.startHandshake();
      // What it says first is taken: nothing is lost with the connection.
      assertTrue(socket.getInputStream().read(new byte[1 << 10]) > 0);
      said.by(raw, socket);
      return null;
    };
  }

  private static void turn(SessionLoop loop) throws Exception {
    loop.turn(System.nanoTime() + Duration.ofMillis(10).toNanos(), () -> {});
  }

  private static TlsIdentity load(IssuedFiles files) throws Exception {
    return TlsIdentity.load(files.certificate(), files.key(), files.authority());
  }

  /** Answers whatever is said. */
  private final class Answering implements Session.Listener {
    @Override
    public void opened(Session session) {
      opened = true;
    }

    @Override
    public void said(Session session, FromController message) {
      heard.add(message);
      session.send(new Heartbeat(heard.size()));
    }

    @Override
    public void ended(Session session, String reason) {
      ends.add(reason);
    }
  }
}
