package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that began well, and say at their end that the record is broken. */
final class AuditEndsWithErrorTest {
  private static final String ERROR =
      "\"error\":{\"code\":\"broken_record\",\"message\":\"broken at row 7\"}}";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  private final HttpServer server;

  AuditEndsWithErrorTest() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/api/v1/audit",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          String body =
              path.endsWith("export")
                  ? "{\"checkpoint\":\"c\"}\n {" + ERROR + "\n"
                  : "{\"bindings\":[{\"address\":\"10.10.1.11\"}]," + ERROR;
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(body.getBytes(UTF_8));
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void whatIsBrokenIsSaidAndNothingIsShown() {
    for (String[] each : new String[][] {{"at", "10m"}, {"diff", "1h", "now"}, {"verify"}}) {
      Ran ran = run(each);
      assertEquals(1, ran.status(), ran.err());
      assertTrue(ran.err().contains("broken at row 7"), ran.err());
      assertFalse(ran.out().contains("10.10.1.11"), ran.out());
    }
  }

  @Test
  void anExportThatIsNotWholeSaysSoNowAndLater() throws Exception {
    Path file = folder.resolve("record.jsonl");
    Ran ran = run("export", "--out", file.toString());
    assertEquals(1, ran.status(), ran.err());
    assertTrue(ran.err().contains("broken at row 7"), ran.err());
    assertEquals(2, Files.readAllLines(file).size());
    Ran checked = run("verify", "--file", file.toString());
    assertEquals(1, checked.status(), checked.err());
    assertTrue(checked.err().contains("broken at row 7"), checked.err());
  }

  private Ran run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    if (!all.contains("--file")) {
      all.add("--api=http://127.0.0.1:" + server.getAddress().getPort());
    }
    return Ran.sterna(all.toArray(String[]::new));
  }
}
