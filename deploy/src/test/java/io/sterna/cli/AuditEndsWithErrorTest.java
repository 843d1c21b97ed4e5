package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** Answers that began well, and say at their end that the record is broken. */
final class AuditEndsWithErrorTest {
  private static final String ERROR =
      "\"error\":{\"code\":\"broken_record\",\"message\":\"broken at row 7\"}}";
  private static final String EXPORT = "{\"checkpoint\":\"c\"}\n {" + ERROR + "\n";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @RegisterExtension final AnsweringServer server;

  AuditEndsWithErrorTest() throws Exception {
    server = new AnsweringServer(this::answer);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body =
        path.endsWith("export") ? EXPORT : "{\"bindings\":[{\"address\":\"10.10.1.11\"}]," + ERROR;
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
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
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
    Files.writeString(file, EXPORT);
    Ran checked = run("verify", "--file", file.toString());
    assertEquals(1, checked.status(), checked.err());
    assertTrue(checked.err().contains("broken at row 7"), checked.err());
  }

  private Ran run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    if (!all.contains("--file")) {
      all.add("--api=" + server.url());
    }
    return Ran.sterna(all.toArray(String[]::new));
  }
}
