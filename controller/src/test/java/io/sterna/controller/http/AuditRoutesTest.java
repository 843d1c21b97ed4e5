package io.sterna.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be asked is refused before anything is read: here there is nothing to read. */
class AuditRoutesTest {
  private static final ActorTestKit KIT = ActorTestKit.create(config());
  private static ServerBinding server = bound();

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterAll
  static void end() throws Exception {
    server.unbind().toCompletableFuture().get(10, TimeUnit.SECONDS);
    KIT.shutdownTestKit();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          log?cursor=abc              | 'abc' is no cursor of this log
          log?cursor=%00              | is no cursor of this log
          history/10.10.1.70?cursor=g | 'g' is no cursor of this log
          log?limt=1                  | there is no parameter 'limt' here, only: address, prefix
          verify?key=x                | there is no parameter 'key' here, only: prefix
          log?what=bogus              | what 'bogus' is none of bound, moved, released, refused
          log?reason=bogus            | reason 'bogus' is none of stale, not-mobile
          log?cause=bogus             | cause 'bogus' is none of announcement, probe
          log?from=1h&to=2h           | is after
          log?prefix=9.9.0.0/16       | no range of this cluster has addresses of 9.9.0.0/16
          log?address=9.9.0.1         | no range of this cluster has addresses of 9.9.0.1/32
          verify?prefix=9.9.0.0/16    | no range of this cluster has addresses of 9.9.0.0/16
          export?prefix=9.9.0.0/16    | no range of this cluster has addresses of 9.9.0.0/16
          at?time=1h&prefix=9.9.0.0/16| no range of this cluster has addresses of 9.9.0.0/16
          """)
  void whatCannotBeAskedIsABadRequest(String question, String message) throws Exception {
    HttpResponse<String> answer = ask(question);
    assertEquals(400, answer.statusCode(), answer.body());
    JsonNode error = new ObjectMapper().readTree(answer.body()).path("error");
    assertEquals("bad_request", error.path("code").asText());
    assertTrue(error.path("message").asText().contains(message), answer.body());
  }

  @Test
  void whatIsToBeArchivedIsNotOfTheFuture() {
    Instant now = Instant.parse("2026-11-28T14:00:00Z");
    assertEquals(now, ArchiveRoutes.past("0s", now));
    assertThrows(IllegalArgumentException.class, () -> ArchiveRoutes.past("2030-01-01", now));
  }

  @Test
  void whatIsAskedWellGoesOnToTheRecord() throws Exception {
    String well = "log?what=MOVED&reason=stale&cause=probe&from=2h&to=1h&prefix=10.10.0.0/24";
    // Without ApiRoutes nobody makes an answer of a failure.
    assertEquals(500, ask(well).statusCode());
  }

  private HttpResponse<String> ask(String question) throws Exception {
    URI uri =
        URI.create("http://127.0.0.1:" + server.localAddress().getPort() + "/audit/" + question);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static ServerBinding bound() {
    AuditView view =
        new AuditView(
            KIT.system(),
            ApiOfTests.settings(),
            () -> {
              throw new RecordReads.FullException(0);
            },
            () -> {
              throw new RecordReads.FullException(0);
            },
            Optional.empty());
    AuditRoutes routes = new AuditRoutes(view, new Answers(), InstantSource.system());
    try {
      return Http.get(KIT.system())
          .newServerAt("127.0.0.1", 0)
          .bind(routes.routes())
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Config config() {
    return ConfigFactory.parseString("akka.actor.provider = local")
        .withFallback(ConfigFactory.parseResources("controller-akka.conf"))
        .withFallback(ConfigFactory.load());
  }
}
