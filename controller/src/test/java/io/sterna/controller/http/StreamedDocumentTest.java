package io.sterna.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.BrokenRecordException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class StreamedDocumentTest {
  private static final ActorSystem SYSTEM =
      ActorSystem.create(
          "streamed-document",
          ConfigFactory.parseString("akka.loglevel = OFF").withFallback(ConfigFactory.load()));

  private final Answers answers = new Answers();

  @AfterAll
  static void stop() throws ExecutionException, InterruptedException {
    SYSTEM.terminate();
    SYSTEM.getWhenTerminated().toCompletableFuture().get();
  }

  @Test
  void piecesMakeOneListInOneDocument() throws Exception {
    JsonNode document = read(Source.from(List.of(List.of(1, 2), List.of(), List.of(3))));
    assertEquals("[1,2,3]", document.path("rows").toString());
    assertEquals("now", document.path("at").asText());
    assertFalse(document.has("error"));
    assertEquals("[]", read(Source.empty()).path("rows").toString());
  }

  @Test
  void whatBreaksOnTheWayIsSaidBehindWhatWasThere() throws Exception {
    Source<List<?>, NotUsed> broken =
        Source.<List<?>>from(List.of(List.of(1), List.of(2)))
            .concat(
                Source.failed(
                    new CompletionException(
                        new BrokenRecordException(
                            RangeId.parse("10.10.0.0/20"), 7, "it is gone"))));
    JsonNode error = read(broken).path("error");
    assertEquals("broken_record", error.path("code").asText());
    String message = error.path("message").asText();
    assertTrue(message.contains("10.10.0.0/20") && message.contains("row 7"), message);
    JsonNode atOnce = read(Source.failed(new IllegalStateException("a defect")));
    assertEquals("internal", atOnce.path("error").path("code").asText());
    assertTrue(atOnce.path("rows").isEmpty());
  }

  @Test
  void soManyReadAndNoMoreAndRoomComesBack() throws Exception {
    RecordReads reads = new RecordReads(2);
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletableFuture<String> found = reads.during(() -> first).toCompletableFuture();
    CompletableFuture<String> failed = reads.during(() -> second).toCompletableFuture();
    JsonNode refused = read(reads.during(Source.<List<?>>single(List.of(1))));
    assertEquals("too_many_reads", refused.path("error").path("code").asText());
    RecordFailure refusal =
        RecordFailure.of(
                reads
                    .during(() -> first)
                    .handle((answer, failure) -> failure)
                    .toCompletableFuture()
                    .get())
            .orElseThrow();
    assertEquals(429, refusal.status().intValue());
    first.complete("a");
    second.completeExceptionally(new IllegalStateException("b"));
    assertEquals("a", found.get());
    assertTrue(failed.isCompletedExceptionally());
    for (int i = 0; i < 5; i++) {
      reads.check();
      assertEquals(
          "[1]", read(reads.during(Source.<List<?>>single(List.of(1)))).path("rows").toString());
      assertTrue(
          read(reads.during(Source.<List<?>>failed(new IllegalStateException("c")))).has("error"));
    }
  }

  private JsonNode read(Source<List<?>, NotUsed> rows)
      throws ExecutionException, InterruptedException, IOException {
    ByteString all =
        StreamedDocument.of("{\"at\":\"now\",\"rows\":[", rows, answers)
            .runFold(ByteString.emptyByteString(), ByteString::concat, SYSTEM)
            .toCompletableFuture()
            .get();
    return new ObjectMapper().readTree(all.utf8String());
  }
}
