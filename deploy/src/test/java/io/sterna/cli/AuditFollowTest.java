package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code audit log --follow} against a real HTTP server whose connections end. */
final class AuditFollowTest {
  private static final String BROKEN =
      """
      {"cut":true,"reason":"broken","message":"the record is broken at row 7","cursor":"C3"}
      """;

  private final Queue<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  @RegisterExtension final AnsweringServer server;

  AuditFollowTest() throws Exception {
    server = new AnsweringServer(this::answer);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().getQuery());
    String answer = answers.remove();
    exchange.sendResponseHeaders(answer.startsWith("{\"error\"") ? 429 : 200, 0);
    exchange.getResponseBody().write(answer.getBytes(UTF_8));
    exchange.close();
  }

  private static String entry(int row) {
    return """
        {"id":"10.10.0.0/20:%d.0","at":"2026-11-28T14:00:00Z","what":"moved","cause":"announcement",\
        "who":"fe1","address":"10.10.1.11","fe":"fe1","version":%d}
        """
        .formatted(row, row);
  }

  private static String cursor(String cursor) {
    return "{\"cursor\":\"" + cursor + "\",\"at\":\"2026-11-28T14:00:00Z\"}\n";
  }

  /** The connection ends behind entries whose cursor has not come: they come again. */
  private void connectionsThatEnd() {
    answers.add(cursor("C0") + entry(1) + entry(2) + cursor("C1") + entry(3));
    answers.add(cursor("C1") + entry(3) + entry(4) + cursor("C2"));
    answers.add(cursor("C2") + entry(5) + cursor("C3") + BROKEN);
  }

  @Test
  void everyEntryIsShownOnceWhereverTheConnectionEnds() {
    connectionsThatEnd();
    Ran ran = follow("--what", "moved");
    assertEquals(
        """
        TIME                      WHAT       ADDRESS          FE      FE BEFORE  WHO     FROM  CAUSE         REASON          WHY  VERSION  ID
        2026-11-28T14:00:00Z      moved      10.10.1.11       fe1     -          fe1     -     announcement  -               -    1        10.10.0.0/20:1.0
        2026-11-28T14:00:00Z      moved      10.10.1.11       fe1     -          fe1     -     announcement  -               -    2        10.10.0.0/20:2.0
        2026-11-28T14:00:00Z      moved      10.10.1.11       fe1     -          fe1     -     announcement  -               -    3        10.10.0.0/20:3.0
        2026-11-28T14:00:00Z      moved      10.10.1.11       fe1     -          fe1     -     announcement  -               -    4        10.10.0.0/20:4.0
        2026-11-28T14:00:00Z      moved      10.10.1.11       fe1     -          fe1     -     announcement  -               -    5        10.10.0.0/20:5.0
        """,
        ran.out());
    assertEquals(1, ran.status());
    assertTrue(ran.err().contains("it goes on where it was"), ran.err());
    assertTrue(ran.err().contains("sterna: the record is broken at row 7"), ran.err());
    assertEquals(
        List.of(
            "follow=true&what=moved",
            "cursor=C1&follow=true&what=moved",
            "cursor=C2&follow=true&what=moved"),
        asked);
  }

  /** A time that counts from now is another one after each connection. */
  @Test
  void whereItBeginsIsAskedOnce() {
    connectionsThatEnd();
    follow("--from", "10m");
    assertEquals(
        List.of("follow=true&from=10m", "cursor=C1&follow=true", "cursor=C2&follow=true"), asked);
  }

  @Test
  void programsGetLinesWithCursors() {
    answers.add(cursor("C0") + entry(1) + cursor("C1") + BROKEN);
    Ran ran = follow("--cursor", "B9", "--output", "json");
    assertEquals(
        List.of("C0", "10.10.0.0/20:1.0", "C1"),
        ran.out().lines().map(AuditFollowTest::named).toList());
    assertEquals(List.of("cursor=B9&follow=true"), asked);
  }

  @Test
  void csvHasItsHeaderOnce() {
    connectionsThatEnd();
    List<String> lines = follow("--output", "csv").out().lines().toList();
    assertEquals(
        "TIME,WHAT,ADDRESS,FE,FE BEFORE,WHO,FROM,CAUSE,REASON,WHY,VERSION,ID", lines.get(0));
    assertEquals(6, lines.size());
  }

  @Test
  void whoCannotBeginSaysWhy() {
    answers.add("{\"error\":{\"code\":\"too_many_followers\",\"message\":\"8 already\"}}");
    Ran ran = follow();
    assertEquals(1, ran.status());
    assertTrue(ran.err().contains("8 already"), ran.err());
    Ran limited = follow("--limit", "3");
    assertTrue(limited.err().contains("--limit does not go with --follow"), limited.err());
  }

  private static String named(String line) {
    try {
      var parsed = Json.parse(line.getBytes(UTF_8));
      return parsed.path("id").asText(parsed.path("cursor").asText());
    } catch (java.io.IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private Ran follow(String... more) {
    List<String> words = new ArrayList<>(List.of("audit", "log", "--follow", "--api"));
    words.add(server.url());
    words.addAll(List.of(more));
    return Ran.sterna(words.toArray(new String[0]));
  }
}
