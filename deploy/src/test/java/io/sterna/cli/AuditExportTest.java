package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit export} and {@code audit history} against a real HTTP server. */
final class AuditExportTest {
  private static final String RECORD = "{\"row\":1}\n{\"row\":2}\n";
  private static final String PAGE =
      "{\"entries\":[{\"id\":\"10.10.0.0/20:7.0\"}],\"next\":\"C2\"}";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  private final List<String> asked = new ArrayList<>();
  @RegisterExtension final AnsweringServer server;
  private int lacking;

  AuditExportTest() throws Exception {
    server = new AnsweringServer(this::answer);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    String answer = exchange.getRequestURI().getPath().endsWith("export") ? RECORD : PAGE;
    byte[] body = answer.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length + lacking);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void whatBrokeOffLeavesNothingBehind() throws Exception {
    Path out = folder.resolve("record.jsonl");
    lacking = 100;
    Ran broken = server.sterna("audit", "export", "--out", out.toString());
    assertEquals(1, broken.status());
    assertTrue(broken.err().contains("the export broke off"), broken.err());
    assertEquals(List.of(), files());
    lacking = 0;
    Ran whole = server.sterna("audit", "export", "--out", out.toString());
    assertEquals(0, whole.status(), whole.err());
    assertEquals(List.of(out), files());
    assertEquals(RECORD, Files.readString(out));
    assertEquals(
        1, server.sterna("audit", "export", "--out", out.toString()).status(), "it exists");
  }

  @Test
  void aHistoryGoesOnAtTheCursorThatItSuggests() {
    Ran ran = server.sterna("audit", "history", "10.10.1.11", "--limit", "1");
    assertTrue(ran.err().contains("--cursor C2"), ran.err());
    Ran next = server.sterna("audit", "history", "10.10.1.11", "--limit", "1", "--cursor", "C2");
    assertEquals(0, next.status(), next.err());
    assertEquals(
        List.of(
            "/api/v1/audit/history/10.10.1.11?limit=1",
            "/api/v1/audit/history/10.10.1.11?cursor=C2&limit=1"),
        asked);
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
